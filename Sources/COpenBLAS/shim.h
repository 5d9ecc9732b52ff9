#ifndef LATHE_COPENBLAS_SHIM_H
#define LATHE_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
