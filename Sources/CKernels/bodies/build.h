/* Included once by each build (VARIANT, VECTOR_BYTES and the tile sizes are set): makes the tables of both
   element types. */
#include <math.h>
#include <string.h>
#include <stdlib.h>

#define JOIN3_(a, b, c) a##_##b##_##c
#define JOIN3(a, b, c) JOIN3_(a, b, c)
#define JOIN2_(a, b) a##_##b
#define JOIN2(a, b) JOIN2_(a, b)
/* Loops over functions of the C library (pow, sin, double exp) stay scalar, and that is known. */
#pragma clang diagnostic ignored "-Wpass-failed"

/* The arrays of a loop do not overlap: it may become vector code without a check. */
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define INLINE static inline __attribute__((always_inline))

#define T float
#define I int32_t
#define U uint32_t
#define S f32
#define SINGLE 1
#include "all.h"
#undef T
#undef I
#undef U
#undef S
#undef SINGLE

#define T double
#define I int64_t
#define U uint64_t
#define S f64
#define SINGLE 0
#include "all.h"
