/* All kernels for element type T (suffix S). */
#define K(name) JOIN2(name, S)
#include "mathematics.h"
#include "elementwise.h"
#include "reductions.h"
#include "softmax.h"
#include "optimisers.h"
#include "dropout.h"
#include "products.h"
#include "layers.h"
#include "convolution.h"
#define LATHE_ENTRY(name, parameters, arguments) .name = K(name),
const struct lathe_table JOIN3(lathe_table, VARIANT, S) = { LATHE_KERNELS(LATHE_ENTRY) };
#undef LATHE_ENTRY
#undef K
