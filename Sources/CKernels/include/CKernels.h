#ifndef LATHE_CKERNELS_H
#define LATHE_CKERNELS_H
/// True when the running processor has the 512-bit vector extensions that the fast kernels use.
int lathe_has_avx512(void);
#endif
