/* Exponential, logarithm, hyperbolic tangent and error function without branches, so that loops over them
   become vector code. Single precision: polynomials fitted for this file (Lawson iteration on Chebyshev
   nodes), relative error about 1e-7. Double precision: the C library. */
#if SINGLE
INLINE float K(from_bits)(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }
INLINE uint32_t K(to_bits)(float x) { uint32_t bits; memcpy(&bits, &x, 4); return bits; }

/* exp(c) = 2^n exp(r), |r| <= ln 2 / 2, for -87.3 <= c <= 88.3. */
INLINE float K(bounded_exponential)(float c) {
    float n = c * 1.44269504f + 12582912.0f;   /* adding 1.5 * 2^23 rounds to a whole number */
    uint32_t bits = K(to_bits)(n);
    n -= 12582912.0f;
    float r = c - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.3836737967e-03f;
    p = p * r + 8.3748983406e-03f;
    p = p * r + 4.1668231874e-02f;
    p = p * r + 1.6666419191e-01f;
    p = p * r + 4.9999992032e-01f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return p * K(from_bits)((bits + 127u) << 23);
}

/* exp(x); 0 below -87.3, infinite above 88.7. */
INLINE float K(exponential)(float x) {
    float c = x > 88.3f ? 88.3f : x;
    c = c < -87.3f ? -87.3f : c;
    float y = K(bounded_exponential)(c);
    y = x < -87.3f ? 0.0f : y;
    y = x > 88.7f ? __builtin_inff() : y;
    return x != x ? x : y;
}

/* log(x) for normal positive x; -inf at 0, NaN below. Subnormal numbers are scaled first. */
INLINE float K(natural_log)(float x) {
    float small = x < 1.17549435e-38f ? 8388608.0f : 1.0f;
    uint32_t bits = K(to_bits)(x * small) - 0x3f3504f3u;   /* mantissa from sqrt(1/2) to sqrt(2) */
    float e = (float)((int32_t)bits >> 23) - (small == 1.0f ? 0.0f : 23.0f);
    float f = K(from_bits)((bits & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    float p = -7.6210186463e-02f;
    p = p * f + 1.2904608160e-01f;
    p = p * f - 1.3243476227e-01f;
    p = p * f + 1.4181844735e-01f;
    p = p * f - 1.6609012136e-01f;
    p = p * f + 2.0001967939e-01f;
    p = p * f - 2.5001586564e-01f;
    p = p * f + 3.3333326004e-01f;
    p = p * f - 4.9999988290e-01f;
    float y = f + f * f * p;
    y = y + e * -2.12194440e-4f;
    y = y + e * 0.693359375f;
    y = x == 0.0f ? -__builtin_inff() : y;
    y = x == __builtin_inff() ? x : y;
    return x >= 0.0f ? y : __builtin_nanf("");
}

/* log(1 + e) for 0 <= e <= 1. */
INLINE float K(log_one_plus)(float e) {
    float p = 2.0302138758e-03f;
    p = p * e - 1.3407392857e-02f;
    p = p * e + 4.1477935974e-02f;
    p = p * e - 8.2441410595e-02f;
    p = p * e + 1.2418411812e-01f;
    p = p * e - 1.6105680868e-01f;
    p = p * e + 1.9890744867e-01f;
    p = p * e - 2.4987270427e-01f;
    p = p * e + 3.3332559590e-01f;
    p = p * e - 4.9999981433e-01f;
    p = p * e + 1.0f;
    return p * e;
}

INLINE float K(hyperbolic_tangent)(float x) {
    float z = x * x;
    float p = -5.6724216727e-03f;
    p = p * z + 2.0603147082e-02f;
    p = p * z - 5.3725231590e-02f;
    p = p * z + 1.3331185768e-01f;
    p = p * z - 3.3333263380e-01f;
    float inner = x + x * z * p;
    float a = x < 0 ? -x : x;
    a = a > 10.0f ? 10.0f : a;
    float outer = 1.0f - 2.0f / (K(exponential)(2.0f * a) + 1.0f);
    outer = x < 0 ? -outer : outer;
    float y = z < 0.390625f ? inner : outer;
    return x != x ? x : y;
}

/* erf(x) = 1 - exp(-q(|x|)), absolute error below 1e-7. */
INLINE float K(error_function)(float x) {
    float a = x < 0 ? -x : x;
    a = a > 4.0f ? 4.0f : a;
    float p = 1.3234360969e-06f;
    p = p * a - 2.2693077745e-05f;
    p = p * a + 1.7311335444e-04f;
    p = p * a - 7.5324340965e-04f;
    p = p * a + 1.8154019478e-03f;
    p = p * a - 2.6492759302e-04f;
    p = p * a - 1.9112834176e-02f;
    p = p * a + 1.0277029873e-01f;
    p = p * a + 6.3661990420e-01f;
    p = p * a + 1.1283791670e+00f;
    float y = 1.0f - K(bounded_exponential)(-p * a);
    y = x < 0 ? -y : y;
    return x != x ? x : y;
}
INLINE float K(square_root)(float x) { return __builtin_sqrtf(x); }
#else
INLINE double K(exponential)(double x) { return exp(x); }
INLINE double K(natural_log)(double x) { return log(x); }
INLINE double K(log_one_plus)(double e) { return log1p(e); }
INLINE double K(hyperbolic_tangent)(double x) { return tanh(x); }
INLINE double K(error_function)(double x) { return erf(x); }
INLINE double K(square_root)(double x) { return __builtin_sqrt(x); }
#endif

INLINE T K(logistic)(T x) {
    T e = K(exponential)(x < 0 ? x : -x);   /* never overflows */
    T r = 1 / (1 + e);
    return x < 0 ? e * r : r;
}
INLINE T K(soft_plus)(T x) { return (x > 0 ? x : 0 * x) + K(log_one_plus)(K(exponential)(x > 0 ? -x : x)); }

/* The activation `op` with parameter p, for constant op after inlining. */
INLINE T K(activate)(int op, T p, T q, T x) {
    switch (op) {
    case LATHE_RELU: return x > 0 ? x : (x != x ? x : 0);
    case LATHE_RELU6: { T y = x > 0 ? x : (x != x ? x : 0); return y > 6 ? 6 : y; }
    case LATHE_LEAKY_RELU: return x > 0 ? x : p * x;
    case LATHE_GELU: return (T)0.5 * x * (1 + K(error_function)(x * (T)0.70710678118654752440));
    case LATHE_TANH: return K(hyperbolic_tangent)(x);
    case LATHE_SIGMOID: return K(logistic)(x);
    case LATHE_SOFTPLUS: return K(soft_plus)(x);
    case LATHE_SILU: return x * K(logistic)(x);
    case LATHE_EXP: return K(exponential)(x);
    case LATHE_LOG: return K(natural_log)(x);
    case LATHE_SQRT: return K(square_root)(x);
    case LATHE_SQUARE: return x * x;
    case LATHE_RECIPROCAL: return 1 / x;
    case LATHE_ABS: return x < 0 ? -x : x;
    case LATHE_AFFINE: return p * x + q;
    case LATHE_POW: return (T)pow((double)x, (double)p);
    case LATHE_SIN: return (T)sin((double)x);
    case LATHE_COS: return (T)cos((double)x);
    case LATHE_CLAMP: { T y = x < p ? p : x; return y > q ? q : y; }
    case LATHE_HUBER: { T a = x < 0 ? -x : x; return a <= p ? (T)0.5 * x * x : p * (a - (T)0.5 * p); }
    case LATHE_ELU: return x > 0 ? x : p * (K(exponential)(x) - 1);
    default: return x;
    }
}

/* The derivative of `activate` at x, where its value is y. */
INLINE T K(slope)(int op, T p, T q, T x, T y) {
    switch (op) {
    case LATHE_RELU: return y > 0 ? 1 : 0;
    case LATHE_RELU6: return y > 0 && y < 6 ? 1 : 0;
    case LATHE_LEAKY_RELU: return x > 0 ? 1 : p;
    case LATHE_GELU:
        return (T)0.5 * (1 + K(error_function)(x * (T)0.70710678118654752440))
            + x * (T)0.39894228040143267794 * K(exponential)(-(T)0.5 * x * x);
    case LATHE_TANH: return 1 - y * y;
    case LATHE_SIGMOID: return y * (1 - y);
    case LATHE_SOFTPLUS: return K(logistic)(x);
    case LATHE_SILU: { T s = K(logistic)(x); return s + x * s * (1 - s); }
    case LATHE_EXP: return y;
    case LATHE_LOG: return 1 / x;
    case LATHE_SQRT: return (T)0.5 / y;
    case LATHE_SQUARE: return 2 * x;
    case LATHE_RECIPROCAL: return -y * y;
    case LATHE_ABS: return x > 0 ? 1 : (x < 0 ? -1 : 0);
    case LATHE_AFFINE: return p;
    case LATHE_POW: return p == 0 ? 0 : p * (T)pow((double)x, (double)p - 1);
    case LATHE_SIN: return (T)cos((double)x);
    case LATHE_COS: return -(T)sin((double)x);
    case LATHE_CLAMP: return x > p && x < q ? 1 : 0;
    case LATHE_HUBER: return x > p ? p : (x < -p ? -p : x);
    case LATHE_ELU: return x > 0 ? 1 : y + p;
    default: return 1;
    }
}

#define FOR_EACH_FUNCTION(CASE) \
    CASE(LATHE_RELU) CASE(LATHE_RELU6) CASE(LATHE_LEAKY_RELU) CASE(LATHE_GELU) CASE(LATHE_TANH) CASE(LATHE_SIGMOID) \
    CASE(LATHE_SOFTPLUS) CASE(LATHE_SILU) CASE(LATHE_EXP) CASE(LATHE_LOG) CASE(LATHE_SQRT) CASE(LATHE_SQUARE) \
    CASE(LATHE_RECIPROCAL) CASE(LATHE_ABS) CASE(LATHE_AFFINE) CASE(LATHE_POW) CASE(LATHE_SIN) CASE(LATHE_COS) \
    CASE(LATHE_CLAMP) CASE(LATHE_IDENTITY) CASE(LATHE_HUBER) CASE(LATHE_ELU)
#define FOR_EACH_ACTIVATION(CASE) \
    CASE(LATHE_IDENTITY) CASE(LATHE_RELU) CASE(LATHE_RELU6) CASE(LATHE_LEAKY_RELU) CASE(LATHE_GELU) CASE(LATHE_TANH) \
    CASE(LATHE_SIGMOID) CASE(LATHE_SOFTPLUS) CASE(LATHE_SILU) CASE(LATHE_ELU)
