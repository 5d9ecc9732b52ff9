/* Shared by the builds of the kernels: a table of functions for each element type. */
#ifndef LATHE_VARIANTS_H
#define LATHE_VARIANTS_H
#include "CKernels.h"
#define LATHE_MEMBER(name, parameters, arguments) void (*name) parameters;
struct lathe_table { LATHE_KERNELS(LATHE_MEMBER) };
#undef LATHE_MEMBER
#endif
