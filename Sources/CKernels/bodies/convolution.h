/* Convolution of one image in NHWC order by the register tiles of products.h. The image is copied with its border
   of zeros, so that the inner loops have no cases. With a horizontal dilation of 1 and one group, the elements
   under one row of the kernel are contiguous, so the sum runs over kernel rows ("segments") of kw * channels
   elements; otherwise over single taps. */

static void K(tile_sizes)(long *result) { result[0] = NR; result[1] = TILE_ROWS; result[2] = VL; }

struct K(border) { long height, width, segments, length; };

INLINE struct K(border) K(frame)(const struct lathe_convolution *g) {
    struct K(border) f;
    f.height = (g->out_height - 1) * g->stride_y + (g->kernel_height - 1) * g->dilation_y + 1;
    f.width = (g->out_width - 1) * g->stride_x + (g->kernel_width - 1) * g->dilation_x + 1;
    int rows = g->dilation_x == 1 && g->groups == 1;
    f.segments = rows ? g->kernel_height : g->kernel_height * g->kernel_width;
    f.length = rows ? g->kernel_width * g->channels : g->channels / g->groups;
    return f;
}

/* The image with its border; itself when there is none. */
static const T *K(bordered)(const struct lathe_convolution *g, struct K(border) f, const T *x, int slot) {
    if (g->pad_top == 0 && g->pad_left == 0 && f.width <= g->width && f.height <= g->height && f.width == g->width) return x;
    const long c = g->channels;
    T *padded = lathe_scratch((size_t)(f.height * f.width * c) * sizeof(T), slot);
    for (long i = 0; i < f.height; i++) {
        T *row = padded + i * f.width * c;
        long from = i - g->pad_top;
        if (from < 0 || from >= g->height) { memset(row, 0, (size_t)(f.width * c) * sizeof(T)); continue; }
        long left = g->pad_left < f.width ? g->pad_left : f.width;
        long count = g->width < f.width - left ? g->width : f.width - left;
        if (count < 0) count = 0;
        memset(row, 0, (size_t)(left * c) * sizeof(T));
        memcpy(row + left * c, x + from * g->width * c, (size_t)(count * c) * sizeof(T));
        memset(row + (left + count) * c, 0, (size_t)((f.width - left - count) * c) * sizeof(T));
    }
    return padded;
}

/* Where each segment begins in the bordered image, and how tall tiles are so that a row divides evenly. */
INLINE void K(segment_offsets)(const struct lathe_convolution *g, struct K(border) f, long *offsets) {
    if (f.segments == g->kernel_height && f.length == g->kernel_width * g->channels) {
        for (long ky = 0; ky < g->kernel_height; ky++) offsets[ky] = ky * g->dilation_y * f.width * g->channels;
    } else {
        for (long ky = 0; ky < g->kernel_height; ky++)
            for (long kx = 0; kx < g->kernel_width; kx++)
                offsets[ky * g->kernel_width + kx] = (ky * g->dilation_y * f.width + kx * g->dilation_x) * g->channels;
    }
}
INLINE long K(even_tile)(long n) { long tiles = (n + TILE_ROWS - 1) / TILE_ROWS; return tiles ? (n + tiles - 1) / tiles : 1; }

#define MAXIMUM_SEGMENTS 1024

static void K(convolve)(const struct lathe_convolution *g, lathe_in xv, lathe_in panelsv, lathe_in biasv, int op, double p,
                        lathe_out yv, int accumulate) {
    const T *panels = panelsv, *bias = biasv; T *y = yv;
    struct K(border) f = K(frame)(g);
    const T *x = K(bordered)(g, f, xv, 2);
    long a_offsets[MAXIMUM_SEGMENTS], b_offsets[MAXIMUM_SEGMENTS];
    if (f.segments > MAXIMUM_SEGMENTS) abort();
    K(segment_offsets)(g, f, a_offsets);
    for (long s = 0; s < f.segments; s++) b_offsets[s] = s * f.length * NR;
    const long outputs = g->out_channels / g->groups, depth = f.segments * f.length;
    const long panel_count = (outputs + NR - 1) / NR, tile = K(even_tile)(g->out_width);
    T acc[TILE_ROWS * NR] __attribute__((aligned(64)));
    const int plain = !bias && op == LATHE_IDENTITY;
    for (long group = 0; group < g->groups; group++) {
        const T *xg = x + group * (g->channels / g->groups);
        for (long j = 0; j < panel_count; j++) {
            const T *panel = panels + (group * panel_count + j) * depth * NR;
            long w = outputs - j * NR < NR ? outputs - j * NR : NR, first = group * outputs + j * NR;
            for (long oy = 0; oy < g->out_height; oy++)
                for (long ox = 0; ox < g->out_width; ox += tile) {
                    long h = g->out_width - ox < tile ? g->out_width - ox : tile;
                    const T *from = xg + (oy * g->stride_y * f.width + ox * g->stride_x) * g->channels;
                    T *to = y + (oy * g->out_width + ox) * g->out_channels + first;
                    K(tile_function) function = K(tiles)[0][h - 1][w > VL];
                    if (plain && (w == NR || w == VL)) {
                        function(f.segments, a_offsets, b_offsets, f.length, from, g->stride_x * g->channels, panel, NR, to,
                                 g->out_channels, accumulate);
                    } else {
                        function(f.segments, a_offsets, b_offsets, f.length, from, g->stride_x * g->channels, panel, NR, acc, NR, 0);
                        K(store_tile)(h, w, acc, 1, to, g->out_channels, accumulate, bias ? bias + first : 0, op, (T)p);
                    }
                }
        }
    }
}

static void K(convolve_transposed)(const struct lathe_convolution *g, lathe_in dyv, lathe_in panelsv, lathe_out dxv, int accumulate) {
    const T *dy = dyv, *panels = panelsv; T *dx = dxv;
    struct K(border) f = K(frame)(g);
    const long c = g->channels, inputs = c / g->groups, outputs = g->out_channels / g->groups;
    const long taps = g->kernel_height * g->kernel_width, panel_count = (inputs + NR - 1) / NR, tile = K(even_tile)(g->out_width);
    /* The border may be smaller than the image when the stride leaves pixels out. */
    const long height = f.height > g->height + g->pad_top ? f.height : g->height + g->pad_top;
    const long width = f.width > g->width + g->pad_left ? f.width : g->width + g->pad_left;
    T *sum = lathe_scratch((size_t)(height * width * c) * sizeof(T), 2);
    memset(sum, 0, (size_t)(height * width * c) * sizeof(T));
    T acc[TILE_ROWS * NR] __attribute__((aligned(64)));
    for (long group = 0; group < g->groups; group++)
        for (long t = 0; t < taps; t++) {
            long ky = t / g->kernel_width, kx = t % g->kernel_width;
            for (long j = 0; j < panel_count; j++) {
                const T *panel = panels + ((group * taps + t) * panel_count + j) * outputs * NR;
                long w = inputs - j * NR < NR ? inputs - j * NR : NR;
                for (long oy = 0; oy < g->out_height; oy++)
                    for (long ox = 0; ox < g->out_width; ox += tile) {
                        long h = g->out_width - ox < tile ? g->out_width - ox : tile;
                        K(tiles)[0][h - 1][w > VL](1, 0, 0, outputs, dy + (oy * g->out_width + ox) * g->out_channels + group * outputs,
                                                    g->out_channels, panel, NR, acc, NR, 0);
                        T *to = sum + ((oy * g->stride_y + ky * g->dilation_y) * width + ox * g->stride_x + kx * g->dilation_x) * c
                            + group * inputs + j * NR;
                        for (long i = 0; i < h; i++, to += g->stride_x * c) for (long l = 0; l < w; l++) to[l] += acc[i * NR + l];
                    }
            }
        }
    for (long i = 0; i < g->height; i++) {
        const T *from = sum + ((i + g->pad_top) * width + g->pad_left) * c;
        T *to = dx + i * g->width * c;
        long n = g->width * c;
        if (accumulate) for (long k = 0; k < n; k++) to[k] += from[k];
        else memcpy(to, from, (size_t)n * sizeof(T));
    }
}

static void K(convolve_weights)(const struct lathe_convolution *g, lathe_in xv, lathe_in dyv, lathe_out tilesv) {
    const T *dy = dyv; T *tiles = tilesv;
    struct K(border) f = K(frame)(g);
    const T *x = K(bordered)(g, f, xv, 2);
    long starts[MAXIMUM_SEGMENTS];
    if (f.segments > MAXIMUM_SEGMENTS) abort();
    K(segment_offsets)(g, f, starts);
    const long outputs = g->out_channels / g->groups;
    long a_offsets[256], b_offsets[256];
    for (long group = 0; group < g->groups; group++)
        for (long s = 0; s < f.segments; s++) {
            const T *xs = x + starts[s] + group * (g->channels / g->groups);
            for (long i = 0; i < f.length; i += TILE_ROWS) {
                long h = f.length - i < TILE_ROWS ? f.length - i : TILE_ROWS;
                for (long j = 0; j < outputs; j += NR, tiles += TILE_ROWS * NR) {
                    long w = outputs - j < NR ? outputs - j : NR;
                    const T *from = dy + group * outputs + j;
                    for (long y0 = 0; y0 < g->out_height; y0 += 256) {
                        long count = g->out_height - y0 < 256 ? g->out_height - y0 : 256;
                        for (long r = 0; r < count; r++) {
                            a_offsets[r] = (y0 + r) * g->stride_y * f.width * g->channels;
                            b_offsets[r] = (y0 + r) * g->out_width * g->out_channels;
                        }
                        /* The last vector may read behind dy: tensors have room for one tile there. */
                        K(tiles)[1][h - 1][w > VL](count, a_offsets, b_offsets, g->out_width, xs + i, g->stride_x * g->channels, from,
                                                    g->out_channels, tiles, NR, 1);
                    }
                }
            }
        }
}

static void K(convolve_unpack)(const struct lathe_convolution *g, lathe_in tilesv, lathe_out dwv, int accumulate) {
    const T *tiles = tilesv; T *dw = dwv;
    struct K(border) f = K(frame)(g);
    const long outputs = g->out_channels / g->groups;
    for (long group = 0; group < g->groups; group++)
        for (long s = 0; s < f.segments; s++)
            for (long i = 0; i < f.length; i += TILE_ROWS) {
                long h = f.length - i < TILE_ROWS ? f.length - i : TILE_ROWS;
                for (long j = 0; j < outputs; j += NR, tiles += TILE_ROWS * NR) {
                    long w = outputs - j < NR ? outputs - j : NR;
                    for (long r = 0; r < h; r++) {
                        T *to = dw + (s * f.length + i + r) * g->out_channels + group * outputs + j;
                        for (long l = 0; l < w; l++) to[l] = (accumulate ? to[l] : 0) + tiles[r * NR + l];
                    }
                }
            }
}

/* One vector of channels (or a part of one) of a row of depthwise results, four pixels at a time. */
static void K(depthwise)(const struct lathe_convolution *g, lathe_in xv, lathe_in wv, lathe_in biasv, int op, double p_, lathe_out yv,
                         int accumulate) {
    const T *w = wv, *bias = biasv; T *y = yv; const T p = (T)p_;
    struct K(border) f = K(frame)(g);
    const T *x = K(bordered)(g, f, xv, 2);
    const long c = g->channels, step = g->stride_x * c;
    for (long oy = 0; oy < g->out_height; oy++) {
        for (long ox = 0; ox < g->out_width; ox += 4) {
            long n = g->out_width - ox < 4 ? g->out_width - ox : 4;
            const T *base = x + (oy * g->stride_y * f.width + ox * g->stride_x) * c;
            T *to = y + (oy * g->out_width + ox) * c;
            long k = 0;
            for (; k + VL <= c; k += VL) {
                V acc[4];
                V start = bias ? *(const V *)(bias + k) : (V){};
                for (int i = 0; i < 4; i++) acc[i] = start;
                for (long ky = 0; ky < g->kernel_height; ky++)
                    for (long kx = 0; kx < g->kernel_width; kx++) {
                        V weight = *(const V *)(w + (ky * g->kernel_width + kx) * c + k);
                        const T *from = base + (ky * g->dilation_y * f.width + kx * g->dilation_x) * c + k;
                        if (n == 4) for (int i = 0; i < 4; i++) acc[i] += weight * *(const V *)(from + i * step);
                        else for (long i = 0; i < n; i++) acc[i] += weight * *(const V *)(from + i * step);
                    }
                for (long i = 0; i < n; i++) {
                    T row[VL];
                    *(V *)row = acc[i];
                    if (op == LATHE_RELU6) for (long l = 0; l < VL; l++) row[l] = K(activate)(LATHE_RELU6, p, 0, row[l]);
                    else if (op == LATHE_RELU) for (long l = 0; l < VL; l++) row[l] = K(activate)(LATHE_RELU, p, 0, row[l]);
                    else if (op != LATHE_IDENTITY) K(unary)(op, VL, p, 0, row, row);
                    T *place = to + i * c + k;
                    if (accumulate) for (long l = 0; l < VL; l++) place[l] += row[l];
                    else *(V *)place = *(V *)row;
                }
            }
            for (; k < c; k++) for (long i = 0; i < n; i++) {
                T sum = bias ? bias[k] : 0;
                for (long ky = 0; ky < g->kernel_height; ky++)
                    for (long kx = 0; kx < g->kernel_width; kx++)
                        sum += w[(ky * g->kernel_width + kx) * c + k]
                            * base[(ky * g->dilation_y * f.width + kx * g->dilation_x) * c + k + i * step];
                if (op != LATHE_IDENTITY) K(unary)(op, 1, p, 0, &sum, &sum);
                to[i * c + k] = (accumulate ? to[i * c + k] : 0) + sum;
            }
        }
    }
}

static void K(depthwise_transposed)(const struct lathe_convolution *g, lathe_in dyv, lathe_in wv, lathe_out dxv, int accumulate) {
    const T *dy = dyv, *w = wv; T *dx = dxv;
    const long c = g->channels;
    if (!accumulate) memset(dx, 0, (size_t)(g->height * g->width * c) * sizeof(T));
    for (long oy = 0; oy < g->out_height; oy++)
        for (long ky = 0; ky < g->kernel_height; ky++) {
            long iy = oy * g->stride_y + ky * g->dilation_y - g->pad_top;
            if (iy < 0 || iy >= g->height) continue;
            for (long ox = 0; ox < g->out_width; ox++)
                for (long kx = 0; kx < g->kernel_width; kx++) {
                    long ix = ox * g->stride_x + kx * g->dilation_x - g->pad_left;
                    if (ix < 0 || ix >= g->width) continue;
                    const T *from = dy + (oy * g->out_width + ox) * c, *weight = w + (ky * g->kernel_width + kx) * c;
                    T *to = dx + (iy * g->width + ix) * c;
                    for (long k = 0; k < c; k++) to[k] += from[k] * weight[k];
                }
        }
}

static void K(depthwise_weights)(const struct lathe_convolution *g, lathe_in xv, lathe_in dyv, lathe_out dwv) {
    const T *x = xv, *dy = dyv; T *dw = dwv;
    const long c = g->channels;
    for (long oy = 0; oy < g->out_height; oy++)
        for (long ky = 0; ky < g->kernel_height; ky++) {
            long iy = oy * g->stride_y + ky * g->dilation_y - g->pad_top;
            if (iy < 0 || iy >= g->height) continue;
            for (long ox = 0; ox < g->out_width; ox++)
                for (long kx = 0; kx < g->kernel_width; kx++) {
                    long ix = ox * g->stride_x + kx * g->dilation_x - g->pad_left;
                    if (ix < 0 || ix >= g->width) continue;
                    const T *from = dy + (oy * g->out_width + ox) * c, *in = x + (iy * g->width + ix) * c;
                    T *to = dw + (ky * g->kernel_width + kx) * c;
                    for (long k = 0; k < c; k++) to[k] += from[k] * in[k];
                }
        }
}
#include "winograd.h"
#include "pooling.h"
