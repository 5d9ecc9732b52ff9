/* Softmax, its logarithm, and cross-entropy on top of it, a row at a time. */
#define LANES (64 / (long)sizeof(T))
INLINE T K(row_maximum)(long n, const T *x) {
    T m[LANES];
    for (int j = 0; j < LANES; j++) m[j] = -(T)__builtin_inf();
    long i = 0;
    for (; i + LANES <= n; i += LANES) for (int j = 0; j < LANES; j++) m[j] = x[i + j] > m[j] ? x[i + j] : m[j];
    for (; i < n; i++) m[0] = x[i] > m[0] ? x[i] : m[0];
    T r = m[0];
    for (int j = 1; j < LANES; j++) r = m[j] > r ? m[j] : r;
    return r;
}

INLINE T K(row_sum)(long n, const T *x) {
    T s[LANES] = {0};
    long i = 0;
    for (; i + LANES <= n; i += LANES) for (int j = 0; j < LANES; j++) s[j] += x[i + j];
    for (; i < n; i++) s[0] += x[i];
    T r = 0;
    for (int j = 0; j < LANES; j++) r += s[j];
    return r;
}

INLINE T K(row_dot)(long n, const T *a, const T *b) {
    T s[LANES] = {0};
    long i = 0;
    for (; i + LANES <= n; i += LANES) for (int j = 0; j < LANES; j++) s[j] += a[i + j] * b[i + j];
    for (; i < n; i++) s[0] += a[i] * b[i];
    T r = 0;
    for (int j = 0; j < LANES; j++) r += s[j];
    return r;
}

/* y = exp(x - max); returns the sum, *top is the maximum. */
INLINE T K(shifted_exponentials)(long n, const T *x, T *y, T *top) {
    T m = K(row_maximum)(n, x);
    if (m == -(T)__builtin_inf()) m = 0;
    INDEPENDENT for (long i = 0; i < n; i++) y[i] = K(exponential)(x[i] - m);
    *top = m;
    return K(row_sum)(n, y);
}

static void K(softmax)(int logarithm, long rows, long columns, lathe_in xv, lathe_in mv, long mask_rows, long first, lathe_out yv) {
    const T *x = xv, *mask = mv; T *y = yv;
    for (long i = 0; i < rows; i++, x += columns, y += columns) {
        const T *row = x;
        const T *keep = mask ? mask + ((first + i) % mask_rows) * columns : 0;
        if (keep) {
            for (long j = 0; j < columns; j++) y[j] = keep[j] != 0 ? x[j] : -(T)__builtin_inf();
            row = y;
        }
        T top;
        if (logarithm) {
            T m = K(row_maximum)(columns, row);
            if (m == -(T)__builtin_inf()) m = 0;
            T lanes[LANES] = {0};
            long j = 0;
            for (; j + LANES <= columns; j += LANES) for (int l = 0; l < LANES; l++) lanes[l] += K(exponential)(row[j + l] - m);
            for (; j < columns; j++) lanes[0] += K(exponential)(row[j] - m);
            T total = 0;
            for (int l = 0; l < LANES; l++) total += lanes[l];
            T shift = m + K(natural_log)(total);
            for (j = 0; j < columns; j++) y[j] = keep && keep[j] == 0 ? 0 : row[j] - shift;
        } else {
            T total = K(shifted_exponentials)(columns, row, y, &top);
            T scale = total > 0 ? 1 / total : (total == 0 ? 0 : total);
            INDEPENDENT for (long j = 0; j < columns; j++) y[j] *= scale;
        }
    }
}

static void K(softmax_backward)(int logarithm, long rows, long columns, lathe_in yv, lathe_in gv, lathe_out dv, int accumulate) {
    const T *y = yv, *g = gv; T *d = dv;
    for (long i = 0; i < rows; i++, y += columns, g += columns, d += columns) {
        if (logarithm) {
            T total = K(row_sum)(columns, g);
            if (accumulate) INDEPENDENT for (long j = 0; j < columns; j++) d[j] += g[j] - K(exponential)(y[j]) * total;
            else INDEPENDENT for (long j = 0; j < columns; j++) d[j] = g[j] - K(exponential)(y[j]) * total;
        } else {
            T total = K(row_dot)(columns, y, g);
            if (accumulate) INDEPENDENT for (long j = 0; j < columns; j++) d[j] += y[j] * (g[j] - total);
            else INDEPENDENT for (long j = 0; j < columns; j++) d[j] = y[j] * (g[j] - total);
        }
    }
}

static void K(cross_entropy)(long rows, long columns, double smoothing, lathe_in xv, const int32_t *targets, lathe_out pv,
                             lathe_out lv) {
    const T *x = xv; T *p = pv, *loss = lv;
    for (long i = 0; i < rows; i++, x += columns, p += columns) {
        T top;
        T total = K(shifted_exponentials)(columns, x, p, &top);
        T scale = 1 / total;
        INDEPENDENT for (long j = 0; j < columns; j++) p[j] *= scale;
        T shift = top + K(natural_log)(total);
        int32_t target = targets[i];
        if (target < 0) { loss[i] = 0; continue; }
        T value = shift - x[target];
        if (smoothing > 0)
            value = (T)(1 - smoothing) * value + (T)smoothing * (shift - K(row_sum)(columns, x) / (T)columns);
        loss[i] = value;
    }
}

static void K(cross_entropy_backward)(long rows, long columns, double smoothing, lathe_in pv, const int32_t *targets,
                                      lathe_in wv, lathe_out dv, int accumulate) {
    const T *p = pv, *weight = wv; T *d = dv;
    for (long i = 0; i < rows; i++, p += columns, d += columns) {
        T w = targets[i] < 0 ? 0 : weight[i];
        T base = w * (T)(smoothing / (double)columns);
        if (accumulate) INDEPENDENT for (long j = 0; j < columns; j++) d[j] += w * p[j] - base;
        else INDEPENDENT for (long j = 0; j < columns; j++) d[j] = w * p[j] - base;
        if (targets[i] >= 0) d[targets[i]] -= w * (T)(1 - smoothing);
    }
}
