#ifndef LATHE_CKERNELS_H
#define LATHE_CKERNELS_H
#include <stddef.h>
#include <stdint.h>

/* Inner loops of the tensors. Every kernel exists for Float32 and Float64 (`type` 0 and 1) and in several
   builds of one source (baseline, AVX2, AVX-512), of which one is chosen when the process starts.
   All counts and strides are in elements; no kernel allocates, starts threads or checks sizes: the Swift
   side has done so. `accumulate` = 1 adds to the result instead of writing it. */

/// CRC-32C of bytes, of which there may be none. `plainly` = 1 leaves the processor's instruction for it aside (tests compare the two).
uint32_t lathe_crc32c(const uint8_t *bytes, size_t count, int plainly);

/// True when the running processor has the 512-bit vector extensions that the fast kernels use.
int lathe_has_avx512(void);

/// How many builds of the kernels this binary holds and this processor can run: 1 ... 3.
int lathe_variant_count(void);
/// The name of build `index`: "baseline", "avx2", "avx512" or "neon".
const char *lathe_variant_name(int index);
/// The build in use; the last (fastest) one unless `lathe_variant_select` chose another.
int lathe_variant_current(void);
/// Chooses a build for the whole process (tests compare them); 0 on success.
int lathe_variant_select(int index);

/// Work space of the calling thread, 64-byte aligned, kept until the thread ends; `slot` 0 ... 3.
/// Never null: where there is no memory it is a stand-in, and the shortage is noted.
void *lathe_scratch(size_t bytes, int slot);

/* Shortage of memory. Whoever cannot get memory notes it and goes on with a stand-in, so that nothing below has to handle it; whoever
   can report it asks at its next beginning. */
/// The lock of the pool of memory: one that the thread sanitizer knows.
void lathe_memory_lock(void);
void lathe_memory_unlock(void);
/// Notes that memory was refused to this thread, or to the one that it works for.
void lathe_memory_note(void);
/// Whether memory was refused to this thread, or to those that worked for it, since it last asked. A load and a comparison.
int lathe_memory_is_short(void);
/// Whom this thread works for, and the setting of it: threads that share in an operation note for the one that began it. What is given
/// must stay until it is set back.
void *lathe_memory_owner(void);
void lathe_memory_work_for(void *owner);
/// Where the address space of the process is limited (ulimit -v), keeps a third of the limit for stand-ins; once, by itself before
/// the program begins.
void lathe_memory_keep(void);
/// The bytes that are kept; 0 where there is no limit.
size_t lathe_memory_kept(void);
/// Address space of `bytes` that may be read and written and is backed by the same small piece of memory again and again. Never null
/// for up to `lathe_memory_kept()` bytes where there is a limit; where there is none, the process ends when the system refuses all the same.
void *lathe_memory_stand_in(size_t bytes);
void lathe_memory_free_stand_in(void *memory, size_t bytes);

/* Element functions: `op` of `unary`. */
enum {
    LATHE_RELU, LATHE_RELU6, LATHE_LEAKY_RELU, LATHE_GELU, LATHE_TANH, LATHE_SIGMOID, LATHE_SOFTPLUS, LATHE_SILU,
    LATHE_EXP, LATHE_LOG, LATHE_SQRT, LATHE_SQUARE, LATHE_RECIPROCAL, LATHE_ABS, LATHE_AFFINE, LATHE_POW,
    LATHE_SIN, LATHE_COS, LATHE_CLAMP, LATHE_IDENTITY, LATHE_HUBER, LATHE_ELU
};
/* Functions of two elements: `op` of `binary`. Comparisons give 0 or 1. */
enum {
    LATHE_ADD, LATHE_SUBTRACT, LATHE_MULTIPLY, LATHE_DIVIDE, LATHE_MAXIMUM, LATHE_MINIMUM, LATHE_GREATER,
    LATHE_GREATER_EQUAL, LATHE_EQUAL
};

typedef void *lathe_out;
typedef const void *lathe_in;

/* X(name, parameters after the type, their names) */
#define LATHE_KERNELS(X) \
    /* y = f(x); p, q are the parameters of f (slope, scale and offset, bounds) */ \
    X(unary, (int op, long n, double p, double q, lathe_in x, lathe_out y), (op, n, p, q, x, y)) \
    /* dx (+)= g f'(x); x or y is read as the function needs */ \
    X(unary_backward, (int op, long n, double p, double q, lathe_in x, lathe_in y, lathe_in g, lathe_out dx, int accumulate), \
      (op, n, p, q, x, y, g, dx, accumulate)) \
    /* y = f(a, b); a step of 0 repeats one element */ \
    X(binary, (int op, long n, lathe_in a, long sa, lathe_in b, long sb, lathe_out y), (op, n, a, sa, b, sb, y)) \
    /* y = alpha x + beta y; beta 0 does not read y */ \
    X(axpby, (long n, double alpha, lathe_in x, double beta, lathe_out y), (n, alpha, x, beta, y)) \
    /* y += a * b element by element, times alpha */ \
    X(multiply_add, (long n, double alpha, lathe_in a, long sa, lathe_in b, long sb, lathe_out y), (n, alpha, a, sa, b, sb, y)) \
    X(fill, (long n, double value, lathe_out y), (n, value, y)) \
    /* y[i] = condition[i] != 0 ? a[i] : b[i], null a or b means 0 */ \
    X(select_where, (long n, lathe_in condition, lathe_in a, lathe_in b, lathe_out y), (n, condition, a, b, y)) \
    /* y = x read through strides, `rank` <= 8 sizes; inner stride may be anything */ \
    X(copy_strided, (int rank, const long *sizes, const long *strides, lathe_in x, lathe_out y), (rank, sizes, strides, x, y)) \
    /* result[0] = sum of x; result[1] = sum of squares; in double */ \
    X(sums, (long n, lathe_in x, double *result), (n, x, result)) \
    X(dot, (long n, lathe_in a, lathe_in b, double *result), (n, a, b, result)) \
    /* out[j] (+)= alpha sum_i x[i * ld + j] */ \
    X(column_sums, (long rows, long columns, long ld, double alpha, lathe_in x, lathe_out out, int accumulate), \
      (rows, columns, ld, alpha, x, out, accumulate)) \
    /* over the middle axis of outer x middle x inner: op 0 sum, 1 maximum, 2 minimum, times alpha */ \
    X(reduce, (int op, long outer, long middle, long inner, double alpha, lathe_in x, lathe_out y), \
      (op, outer, middle, inner, alpha, x, y)) \
    /* y = activation(x + bias), bias per column or null; x may be y */ \
    X(bias_activation, (int op, double p, long rows, long columns, lathe_in x, lathe_in bias, lathe_out y), \
      (op, p, rows, columns, x, bias, y)) \
    /* row-wise; mask (0 = absent) may be null and has `mask_rows` rows, used in turn; absent elements become 0 */ \
    X(softmax, (int logarithm, long rows, long columns, lathe_in x, lathe_in mask, long mask_rows, long first_row, lathe_out y), \
      (logarithm, rows, columns, x, mask, mask_rows, first_row, y)) \
    X(softmax_backward, (int logarithm, long rows, long columns, lathe_in y, lathe_in g, lathe_out dx, int accumulate), \
      (logarithm, rows, columns, y, g, dx, accumulate)) \
    /* loss[i] of softmax + cross-entropy with class targets (a target < 0 gives loss 0), p = softmax(x) */ \
    X(cross_entropy, (long rows, long columns, double smoothing, lathe_in x, const int32_t *targets, lathe_out p, lathe_out loss), \
      (rows, columns, smoothing, x, targets, p, loss)) \
    /* dx (+)= weight[i] (p - smoothed target) */ \
    X(cross_entropy_backward, (long rows, long columns, double smoothing, lathe_in p, const int32_t *targets, lathe_in weight, \
      lathe_out dx, int accumulate), (rows, columns, smoothing, p, targets, weight, dx, accumulate)) \
    /* one-pass optimisers over flat buffers */ \
    X(sgd, (long n, double rate, double momentum, double decay, int nesterov, double scale, lathe_out w, lathe_in g, lathe_out v), \
      (n, rate, momentum, decay, nesterov, scale, w, g, v)) \
    X(adam, (long n, double rate, double beta1, double beta2, double epsilon, double correction1, double correction2, \
      double decay, double l2, double scale, lathe_out w, lathe_in g, lathe_out m, lathe_out v), \
      (n, rate, beta1, beta2, epsilon, correction1, correction2, decay, l2, scale, w, g, m, v)) \
    X(adagrad, (long n, double rate, double epsilon, double decay, double scale, lathe_out w, lathe_in g, lathe_out s), \
      (n, rate, epsilon, decay, scale, w, g, s)) \
    X(rmsprop, (long n, double rate, double memory, double epsilon, double decay, double scale, lathe_out w, lathe_in g, lathe_out s), \
      (n, rate, memory, epsilon, decay, scale, w, g, s)) \
    /* y (+)= keep(seed, first + i) ? x * scale : 0, keep with probability 1 - threshold / 2^32; the same call is its own \
       backward pass */ \
    X(dropout, (long n, uint64_t seed, long first, uint32_t threshold, double scale, lathe_in x, lathe_out y, int accumulate), \
      (n, seed, first, threshold, scale, x, y, accumulate)) \
    /* C (m x n, row stride ldc) = or += alpha A B + bias, then activation; entry (i, k) of A at i * ra + k * ca, \
       (k, j) of B at k * rb + j * cb */ \
    X(gemm, (long m, long n, long k, double alpha, lathe_in a, long ra, long ca, lathe_in b, long rb, long cb, lathe_out c, \
      long ldc, int accumulate, lathe_in bias, int op, double p), (m, n, k, alpha, a, ra, ca, b, rb, cb, c, ldc, accumulate, bias, op, p)) \
    LATHE_LAYER_KERNELS(X) \
    LATHE_CONVOLUTION_KERNELS(X)

#include "LayerKernels.h"
#include "ConvolutionKernels.h"

#define LATHE_DECLARE(name, parameters, arguments) void lathe_##name LATHE_WITH_TYPE parameters;
#define LATHE_WITH_TYPE(...) (int type, __VA_ARGS__)
LATHE_KERNELS(LATHE_DECLARE)
#undef LATHE_DECLARE
#endif
