#ifndef LATHE_CZLIB_SHIM_H
#define LATHE_CZLIB_SHIM_H
#include <zlib.h>
#endif
