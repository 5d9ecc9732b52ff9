/* The build that every processor of the architecture can run. */
#include "variants.h"
#define VARIANT baseline
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define TILE_ROWS 8
#else
#define TILE_ROWS 4
#endif
#include "bodies/build.h"
