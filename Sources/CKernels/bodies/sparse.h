/* Products of a sparse matrix (compressed rows) with a dense one. */
static void K(sparse_product)(long first, long last, const int32_t *starts, const int32_t *indices, lathe_in valuesv, long width,
                              lathe_in xv, lathe_out yv, int accumulate) {
    const T *values = valuesv, *x = xv; T *y = yv;
    enum { W = 64 };
    for (long i = first; i < last; i++)
        for (long j0 = 0; j0 < width; j0 += W) {
            long w = width - j0 < W ? width - j0 : W;
            T sum[W] = {0};
            if (w == W) for (long e = starts[i]; e < starts[i + 1]; e++) {
                const T *from = x + (long)indices[e] * width + j0; T v = values[e];
                for (int j = 0; j < W; j++) sum[j] += v * from[j];
            }
            else for (long e = starts[i]; e < starts[i + 1]; e++) {
                const T *from = x + (long)indices[e] * width + j0; T v = values[e];
                for (long j = 0; j < w; j++) sum[j] += v * from[j];
            }
            T *to = y + i * width + j0;
            if (accumulate) for (long j = 0; j < w; j++) to[j] += sum[j];
            else for (long j = 0; j < w; j++) to[j] = sum[j];
        }
}

static void K(pair_dots)(long first, long last, const int32_t *ia, const int32_t *ib, long width, lathe_in av, lathe_in bv, lathe_out yv) {
    T *y = yv;
    for (long p = first; p < last; p++) {
        const T *a = (const T *)av + (long)ia[p] * width, *b = (const T *)bv + (long)ib[p] * width;
        T s[32] = {0};
        long j = 0;
        for (; j + 32 <= width; j += 32) for (int i = 0; i < 32; i++) s[i] += a[j + i] * b[j + i];
        for (; j < width; j++) s[0] += a[j] * b[j];
        for (int half = 16; half; half /= 2) for (int i = 0; i < half; i++) s[i] += s[i + half];
        y[p] = s[0];
    }
}

static void K(pair_scatter)(long count, long start, long end, long width, const int32_t *to, const int32_t *from, lathe_in fv,
                            lathe_in xv, lathe_out ov) {
    const T *factors = fv;
    for (long p = 0; p < count; p++) {
        const T *x = (const T *)xv + (long)from[p] * width; T *out = (T *)ov + (long)to[p] * width;
        T f = factors[p];
        INDEPENDENT for (long j = start; j < end; j++) out[j] += f * x[j];
    }
}
