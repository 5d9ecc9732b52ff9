/* Pooling and bilinear reading, a vector of channels at a time. */
#define FOR_EACH_TAP(BODY) \
    for (long ky = 0; ky < g->kernel_height; ky++) { \
        long iy = oy * g->stride_y + ky * g->dilation_y - g->pad_top; \
        if (iy < 0 || iy >= g->height) continue; \
        for (long kx = 0; kx < g->kernel_width; kx++) { \
            long ix = ox * g->stride_x + kx * g->dilation_x - g->pad_left; \
            if (ix < 0 || ix >= g->width) continue; \
            BODY \
        } \
    }

static void K(max_pool)(const struct lathe_convolution *g, lathe_in xv, lathe_out yv, int32_t *chosen) {
    const T *x = xv; T *y = yv;
    const long c = g->channels;
    for (long oy = 0; oy < g->out_height; oy++)
        for (long ox = 0; ox < g->out_width; ox++, y += c, chosen += c) {
            for (long k = 0; k < c; k++) { y[k] = -(T)__builtin_inf(); chosen[k] = -1; }
            FOR_EACH_TAP({
                int32_t place = (int32_t)(iy * g->width + ix);
                const T *from = x + (iy * g->width + ix) * c;
                for (long k = 0; k < c; k++) {
                    int better = from[k] > y[k] || from[k] != from[k] || chosen[k] < 0;
                    y[k] = better ? from[k] : y[k];
                    chosen[k] = better ? place : chosen[k];
                }
            })
        }
}

static void K(max_pool_backward)(const struct lathe_convolution *g, lathe_in dyv, const int32_t *chosen, lathe_out dxv) {
    const T *dy = dyv; T *dx = dxv;
    const long c = g->channels, n = g->out_height * g->out_width;
    for (long i = 0; i < n; i++, dy += c, chosen += c)
        for (long k = 0; k < c; k++) if (chosen[k] >= 0) dx[chosen[k] * c + k] += dy[k];
}

static void K(average_pool)(const struct lathe_convolution *g, int counts_padding, lathe_in xv, lathe_out yv) {
    const T *x = xv; T *y = yv;
    const long c = g->channels;
    for (long oy = 0; oy < g->out_height; oy++)
        for (long ox = 0; ox < g->out_width; ox++, y += c) {
            long count = 0;
            for (long k = 0; k < c; k++) y[k] = 0;
            FOR_EACH_TAP({
                const T *from = x + (iy * g->width + ix) * c;
                for (long k = 0; k < c; k++) y[k] += from[k];
                count++;
            })
            if (counts_padding) count = g->kernel_height * g->kernel_width;
            T scale = count ? 1 / (T)count : 0;
            for (long k = 0; k < c; k++) y[k] *= scale;
        }
}

static void K(average_pool_backward)(const struct lathe_convolution *g, int counts_padding, lathe_in dyv, lathe_out dxv) {
    const T *dy = dyv; T *dx = dxv;
    const long c = g->channels;
    for (long oy = 0; oy < g->out_height; oy++)
        for (long ox = 0; ox < g->out_width; ox++, dy += c) {
            long count = 0;
            FOR_EACH_TAP({ count++; })
            if (counts_padding) count = g->kernel_height * g->kernel_width;
            T scale = count ? 1 / (T)count : 0;
            FOR_EACH_TAP({
                T *to = dx + (iy * g->width + ix) * c;
                for (long k = 0; k < c; k++) to[k] += scale * dy[k];
            })
        }
}
#undef FOR_EACH_TAP

/* The four pixels around a point and their weights; a pixel outside has place -1 unless the edge is repeated. */
INLINE void K(corners)(long height, long width, int clamp, T px, T py, long *places, T *fx, T *fy) {
    /* Points far outside, and NaN, are moved to just outside first, so that the conversion is defined. */
    px = px > -2 ? px : -2; px = px < (T)width + 1 ? px : (T)width + 1;
    py = py > -2 ? py : -2; py = py < (T)height + 1 ? py : (T)height + 1;
    T left = (T)floor((double)px), top = (T)floor((double)py);
    *fx = px - left;
    *fy = py - top;
    for (int corner = 0; corner < 4; corner++) {
        long ix = (long)left + (corner & 1), iy = (long)top + (corner >> 1);
        if (clamp) {
            ix = ix < 0 ? 0 : (ix >= width ? width - 1 : ix);
            iy = iy < 0 ? 0 : (iy >= height ? height - 1 : iy);
        }
        places[corner] = ix < 0 || ix >= width || iy < 0 || iy >= height ? -1 : iy * width + ix;
    }
}

static void K(sample)(long height, long width, long channels, long count, int clamp, lathe_in imagev, lathe_in pointsv, lathe_out yv) {
    const T *image = imagev, *points = pointsv; T *y = yv;
    for (long i = 0; i < count; i++, y += channels) {
        long places[4];
        T fx, fy;
        K(corners)(height, width, clamp, points[2 * i], points[2 * i + 1], places, &fx, &fy);
        const T weights[4] = { (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy };
        for (long k = 0; k < channels; k++) y[k] = 0;
        for (int corner = 0; corner < 4; corner++) {
            if (places[corner] < 0) continue;
            const T *from = image + places[corner] * channels;
            T weight = weights[corner];
            for (long k = 0; k < channels; k++) y[k] += weight * from[k];
        }
    }
}

static void K(sample_backward)(long height, long width, long channels, long count, int clamp, lathe_in imagev, lathe_in pointsv,
                               lathe_in gv, lathe_out dimagev, lathe_out dpointsv) {
    const T *image = imagev, *points = pointsv, *g = gv; T *dimage = dimagev, *dpoints = dpointsv;
    for (long i = 0; i < count; i++, g += channels) {
        long places[4];
        T fx, fy;
        K(corners)(height, width, clamp, points[2 * i], points[2 * i + 1], places, &fx, &fy);
        const T weights[4] = { (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy };
        T dots[4] = { 0, 0, 0, 0 };
        for (int corner = 0; corner < 4; corner++) {
            if (places[corner] < 0) continue;
            const T *from = image + places[corner] * channels;
            if (dpoints) dots[corner] = K(row_dot)(channels, from, g);
            if (dimage) {
                T *to = dimage + places[corner] * channels;
                for (long k = 0; k < channels; k++) to[k] += weights[corner] * g[k];
            }
        }
        if (dpoints) {
            dpoints[2 * i] += (1 - fy) * (dots[1] - dots[0]) + fy * (dots[3] - dots[2]);
            dpoints[2 * i + 1] += (1 - fx) * (dots[2] - dots[0]) + fx * (dots[3] - dots[1]);
        }
    }
}

static void K(mix_rows)(long count, long taps, long width, const int32_t *index, lathe_in weightsv, lathe_in rowsv, lathe_out outv) {
    const T *weights = weightsv, *rows = rowsv; T *out = outv;
    for (long i = 0; i < count; i++, out += width)
        for (long t = 0; t < taps; t++) {
            const T *from = rows + (long)index[i * taps + t] * width;
            T weight = weights[i * taps + t];
            if (t == 0) for (long k = 0; k < width; k++) out[k] = weight * from[k];
            else for (long k = 0; k < width; k++) out[k] += weight * from[k];
        }
}

static void K(mix_rows_backward)(long count, long taps, long width, const int32_t *index, lathe_in weightsv, lathe_in gv, lathe_out drowsv) {
    const T *weights = weightsv, *g = gv; T *drows = drowsv;
    for (long i = 0; i < count; i++, g += width)
        for (long t = 0; t < taps; t++) {
            T *to = drows + (long)index[i * taps + t] * width;
            T weight = weights[i * taps + t];
            for (long k = 0; k < width; k++) to[k] += weight * g[k];
        }
}
