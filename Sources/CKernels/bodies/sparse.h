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
