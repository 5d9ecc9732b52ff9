/* Kernels of normalisation, recurrence, attention and sparse products; see CKernels.h for the conventions. */
#ifndef LATHE_LAYER_KERNELS_H
#define LATHE_LAYER_KERNELS_H
#define LATHE_LAYER_KERNELS(X)
#endif
