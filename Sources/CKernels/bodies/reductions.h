/* Sums and extrema. Sums run over several partial sums in a fixed order, whatever the number of threads. */
static void K(sums)(long n, lathe_in xv, double *result) {
    const T *x = xv;
    double total = 0, squares = 0;
    for (long start = 0; start < n; start += 4096) {
        long end = start + 4096 < n ? start + 4096 : n;
        T s[16] = {0}, r[16] = {0};
        long i = start;
        for (; i + 16 <= end; i += 16)
            for (int j = 0; j < 16; j++) { s[j] += x[i + j]; r[j] += x[i + j] * x[i + j]; }
        for (; i < end; i++) { s[0] += x[i]; r[0] += x[i] * x[i]; }
        for (int j = 0; j < 16; j++) { total += s[j]; squares += r[j]; }
    }
    result[0] = total;
    result[1] = squares;
}

static void K(dot)(long n, lathe_in av, lathe_in bv, double *result) {
    const T *a = av, *b = bv;
    double total = 0;
    for (long start = 0; start < n; start += 4096) {
        long end = start + 4096 < n ? start + 4096 : n;
        T s[32] = {0};
        long i = start;
        for (; i + 32 <= end; i += 32) for (int j = 0; j < 32; j++) s[j] += a[i + j] * b[i + j];
        for (; i < end; i++) s[0] += a[i] * b[i];
        for (int j = 0; j < 32; j++) total += s[j];
    }
    result[0] = total;
}

static void K(column_sums)(long rows, long columns, long ld, double alpha_, lathe_in xv, lathe_out ov, int accumulate) {
    const T *x = xv; T *out = ov; T alpha = (T)alpha_;
    enum { W = 64 };
    for (long j0 = 0; j0 < columns; j0 += W) {
        long w = columns - j0 < W ? columns - j0 : W;
        T s[W] = {0};
        if (w == W) for (long i = 0; i < rows; i++) for (int j = 0; j < W; j++) s[j] += x[i * ld + j0 + j];
        else for (long i = 0; i < rows; i++) for (long j = 0; j < w; j++) s[j] += x[i * ld + j0 + j];
        for (long j = 0; j < w; j++) out[j0 + j] = (accumulate ? out[j0 + j] : 0) + alpha * s[j];
    }
}

static void K(reduce)(int op, long outer, long middle, long inner, double alpha_, lathe_in xv, lathe_out yv) {
    const T *x = xv; T *y = yv; T alpha = (T)alpha_;
    for (long o = 0; o < outer; o++, x += middle * inner, y += inner) {
        if (op == 0 && inner == 1) {
            double r[2];
            K(sums)(middle, x, r);
            y[0] = alpha * (T)r[0];
        } else if (op == 0) {
            K(column_sums)(middle, inner, inner, alpha, x, y, 0);
        } else {
            for (long j = 0; j < inner; j++) y[j] = middle ? x[j] : 0;
            if (op == 1) for (long i = 1; i < middle; i++) for (long j = 0; j < inner; j++) {
                T v = x[i * inner + j]; y[j] = (v > y[j] || v != v) ? v : y[j];
            }
            else for (long i = 1; i < middle; i++) for (long j = 0; j < inner; j++) {
                T v = x[i * inner + j]; y[j] = (v < y[j] || v != v) ? v : y[j];
            }
            if (alpha != 1) for (long j = 0; j < inner; j++) y[j] *= alpha;
        }
    }
}

static void K(bias_activation)(int op, double p_, long rows, long columns, lathe_in xv, lathe_in bv, lathe_out yv) {
    const T *x = xv, *b = bv; T *y = yv; T p = (T)p_;
#define CASE(OP) case OP: \
    for (long i = 0; i < rows; i++) { \
        if (b) for (long j = 0; j < columns; j++) y[i * columns + j] = K(activate)(OP, p, 0, x[i * columns + j] + b[j]); \
        else for (long j = 0; j < columns; j++) y[i * columns + j] = K(activate)(OP, p, 0, x[i * columns + j]); \
    } \
    break;
    switch (op) { FOR_EACH_ACTIVATION(CASE) }
#undef CASE
}
