/* The build for processors with 512-bit vectors (F, BW, DQ, VL). */
#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#include <stdlib.h>
#include "variants.h"
#define VARIANT avx512
#define VECTOR_BYTES 64
#define TILE_ROWS 12
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx,avx2,fma,bmi,bmi2,lzcnt,f16c,popcnt,sse4.2"))), apply_to = function)
#include "bodies/build.h"
#pragma clang attribute pop
#endif
