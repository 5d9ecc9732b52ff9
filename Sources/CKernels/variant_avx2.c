/* The build for processors with AVX2 and FMA. */
#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#include <stdlib.h>
#include "variants.h"
#define VARIANT avx2
#define VECTOR_BYTES 32
#define TILE_ROWS 6
#pragma clang attribute push(__attribute__((target("avx,avx2,fma,bmi,bmi2,lzcnt,f16c,popcnt,sse4.2"))), apply_to = function)
#include "bodies/build.h"
#pragma clang attribute pop
#endif
