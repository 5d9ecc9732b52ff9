/* Batch normalisation by columns, layer normalisation by rows. */
static void K(column_moments)(long rows, long columns, lathe_in xv, lathe_out sumv, lathe_out squaresv) {
    const T *x = xv; T *sum = sumv, *squares = squaresv;
    enum { W = 64 };
    for (long j0 = 0; j0 < columns; j0 += W) {
        long w = columns - j0 < W ? columns - j0 : W;
        T s[W] = {0}, r[W] = {0}, mean[W];
        if (w == W) for (long i = 0; i < rows; i++) for (int j = 0; j < W; j++) s[j] += x[i * columns + j0 + j];
        else for (long i = 0; i < rows; i++) for (long j = 0; j < w; j++) s[j] += x[i * columns + j0 + j];
        for (int j = 0; j < W; j++) mean[j] = s[j] / (T)rows;
        if (w == W) for (long i = 0; i < rows; i++) for (int j = 0; j < W; j++) {
            T d = x[i * columns + j0 + j] - mean[j];
            r[j] += d * d;
        }
        else for (long i = 0; i < rows; i++) for (long j = 0; j < w; j++) {
            T d = x[i * columns + j0 + j] - mean[j];
            r[j] += d * d;
        }
        for (long j = 0; j < w; j++) { sum[j0 + j] = s[j]; squares[j0 + j] = r[j]; }
    }
}

static void K(scale_shift)(int op, double p_, long rows, long columns, lathe_in xv, lathe_in sv, lathe_in tv, lathe_out yv) {
    const T *x = xv, *s = sv, *t = tv; T *y = yv; T p = (T)p_;
#define CASE(OP) case OP: \
    for (long i = 0; i < rows; i++) INDEPENDENT for (long j = 0; j < columns; j++) \
        y[i * columns + j] = K(activate)(OP, p, 0, x[i * columns + j] * s[j] + t[j]); \
    break;
    switch (op) { FOR_EACH_ACTIVATION(CASE) }
#undef CASE
}

/* The activations whose slope follows from the argument alone; others are separate operations. */
#define FOR_EACH_FUSED(CASE) CASE(LATHE_IDENTITY) CASE(LATHE_RELU) CASE(LATHE_RELU6) CASE(LATHE_LEAKY_RELU)

static void K(normalise_backward_sums)(int op, double p_, long rows, long columns, lathe_in xv, lathe_in gv, lathe_in sv, lathe_in tv,
                                       lathe_in mv, lathe_out agv, lathe_out agxv) {
    const T *x = xv, *g = gv, *scale = sv, *shift = tv, *mean = mv; T *sum_g = agv, *sum_gx = agxv; T p = (T)p_;
    enum { W = 32 };
    for (long j0 = 0; j0 < columns; j0 += W) {
        long w = columns - j0 < W ? columns - j0 : W;
        T a[W] = {0}, b[W] = {0};
#define BODY(OP) { T v = x[i * columns + j0 + j], z = v * scale[j0 + j] + shift[j0 + j]; \
                   T d = g[i * columns + j0 + j] * K(slope)(OP, p, 0, z, K(activate)(OP, p, 0, z)); \
                   a[j] += d; b[j] += d * (v - mean[j0 + j]); }
#define CASE(OP) case OP: \
        if (w == W) for (long i = 0; i < rows; i++) for (int j = 0; j < W; j++) BODY(OP) \
        else for (long i = 0; i < rows; i++) for (long j = 0; j < w; j++) BODY(OP) \
        break;
        switch (op) { FOR_EACH_FUSED(CASE) }
#undef CASE
#undef BODY
        for (long j = 0; j < w; j++) { sum_g[j0 + j] = a[j]; sum_gx[j0 + j] = b[j]; }
    }
}

static void K(normalise_backward)(int op, double p_, long rows, long columns, lathe_in xv, lathe_in gv, lathe_in sv, lathe_in tv,
                                  lathe_in av, lathe_in bv, lathe_in cv, lathe_out dv, int accumulate) {
    const T *x = xv, *g = gv, *scale = sv, *shift = tv, *a = av, *b = bv, *c = cv; T *d = dv; T p = (T)p_;
#define CASE(OP) case OP: \
    for (long i = 0; i < rows; i++) { \
        const T *xi = x + i * columns, *gi = g + i * columns; T *di = d + i * columns; \
        if (accumulate) INDEPENDENT for (long j = 0; j < columns; j++) { \
            T z = xi[j] * scale[j] + shift[j]; \
            di[j] += a[j] * gi[j] * K(slope)(OP, p, 0, z, K(activate)(OP, p, 0, z)) + (b[j] * xi[j] + c[j]); \
        } else INDEPENDENT for (long j = 0; j < columns; j++) { \
            T z = xi[j] * scale[j] + shift[j]; \
            di[j] = a[j] * gi[j] * K(slope)(OP, p, 0, z, K(activate)(OP, p, 0, z)) + (b[j] * xi[j] + c[j]); \
        } \
    } \
    break;
    switch (op) { FOR_EACH_FUSED(CASE) }
#undef CASE
}

static void K(layer_norm)(long rows, long columns, double epsilon, lathe_in xv, lathe_in branchv, uint64_t seed, long first,
                          uint32_t threshold, double keep_scale, lathe_in gammav, lathe_in betav, lathe_out xhatv, lathe_out rstdv,
                          lathe_out yv) {
    const T *x = xv, *branch = branchv, *gamma = gammav, *beta = betav; T *xhat = xhatv, *rstd = rstdv, *y = yv;
    for (long i = 0; i < rows; i++, x += columns, xhat += columns, y += columns) {
        const T *s = x;
        if (branch) {
            const T *from = branch + i * columns;
            if (threshold) {
                K(dropout)(columns, seed, first + i * columns, threshold, keep_scale, from, xhat, 0);
                for (long j = 0; j < columns; j++) xhat[j] += x[j];
            } else for (long j = 0; j < columns; j++) xhat[j] = x[j] + from[j];
            s = xhat;
        }
        T mean = K(row_sum)(columns, s) / (T)columns;
        T lanes[LANES] = {0};
        long j = 0;
        for (; j + LANES <= columns; j += LANES) for (int l = 0; l < LANES; l++) { T d = s[j + l] - mean; lanes[l] += d * d; }
        for (; j < columns; j++) { T d = s[j] - mean; lanes[0] += d * d; }
        T total = 0;
        for (int l = 0; l < LANES; l++) total += lanes[l];
        T r = 1 / K(square_root)(total / (T)columns + (T)epsilon);
        rstd[i] = r;
        for (j = 0; j < columns; j++) xhat[j] = (s[j] - mean) * r;
        if (gamma && beta) for (j = 0; j < columns; j++) y[j] = gamma[j] * xhat[j] + beta[j];
        else if (gamma) for (j = 0; j < columns; j++) y[j] = gamma[j] * xhat[j];
        else if (y != xhat) for (j = 0; j < columns; j++) y[j] = xhat[j];
    }
}

static void K(layer_norm_backward)(long rows, long columns, lathe_in gv, lathe_in xhatv, lathe_in rstdv, lathe_in gammav, lathe_out dsv,
                                   int accumulate, lathe_out dgammav, lathe_out dbetav) {
    const T *g = gv, *xhat = xhatv, *rstd = rstdv, *gamma = gammav; T *ds = dsv, *dgamma = dgammav, *dbeta = dbetav;
    for (long i = 0; i < rows; i++, g += columns, xhat += columns) {
        if (dgamma) for (long j = 0; j < columns; j++) dgamma[j] += g[j] * xhat[j];
        if (dbeta) for (long j = 0; j < columns; j++) dbeta[j] += g[j];
        if (!ds) continue;
        T a[LANES] = {0}, b[LANES] = {0};
        long j = 0;
        if (gamma) for (; j + LANES <= columns; j += LANES) for (int l = 0; l < LANES; l++) {
            T d = g[j + l] * gamma[j + l];
            a[l] += d;
            b[l] += d * xhat[j + l];
        }
        else for (; j + LANES <= columns; j += LANES) for (int l = 0; l < LANES; l++) { a[l] += g[j + l]; b[l] += g[j + l] * xhat[j + l]; }
        for (; j < columns; j++) { T d = gamma ? g[j] * gamma[j] : g[j]; a[0] += d; b[0] += d * xhat[j]; }
        T sum = 0, dot = 0;
        for (int l = 0; l < LANES; l++) { sum += a[l]; dot += b[l]; }
        T r = rstd[i];
        sum /= (T)columns;
        dot /= (T)columns;
        if (gamma) {
            if (accumulate) for (j = 0; j < columns; j++) ds[j] += r * (g[j] * gamma[j] - sum - xhat[j] * dot);
            else for (j = 0; j < columns; j++) ds[j] = r * (g[j] * gamma[j] - sum - xhat[j] * dot);
        } else {
            if (accumulate) for (j = 0; j < columns; j++) ds[j] += r * (g[j] - sum - xhat[j] * dot);
            else for (j = 0; j < columns; j++) ds[j] = r * (g[j] - sum - xhat[j] * dot);
        }
        ds += columns;
    }
}
