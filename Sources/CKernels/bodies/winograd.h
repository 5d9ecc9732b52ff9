/* Convolution with a 3 x 3 kernel and stride 1 by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016): 36 products instead
   of 144 for 16 results of a channel pair. The relative error in single precision is about 1e-5. Channels must fill whole vectors. */

/* U = G w G' for each pair of channels, as 36 sets of panels; a vector of outputs at a time. */
static void K(winograd_weights)(long channels, long outputs, lathe_in wv, lathe_out panelsv) {
    const T *w = wv; T *panels = panelsv;
    const long count = (outputs + NR - 1) / NR, set = count * channels * NR;
    const T quarter = (T)0.25, sixth = (T)(1.0 / 6), twelfth = (T)(1.0 / 12);
#define WINOGRAD_KERNEL(k0, k1, k2, r) do { \
    V a_ = ((k0) + (k2)) * -sixth, b_ = (k1) * sixth, c_ = (k0) * (twelfth / 2) + (k2) * sixth, e_ = (k1) * twelfth; \
    (r)[0] = (k0) * quarter; (r)[1] = a_ - b_; (r)[2] = a_ + b_; (r)[3] = c_ + e_; (r)[4] = c_ - e_; (r)[5] = (k2); } while (0)
    for (long c = 0; c < channels; c++)
        for (long o = 0; o < count * NR; o += VL) {
            V k[3][3], half[6][3];
            for (int y = 0; y < 3; y++) for (int x = 0; x < 3; x++) {
                const T *from = w + ((y * 3 + x) * channels + c) * outputs + o;
                if (o + VL <= outputs) { k[y][x] = *(const V *)from; continue; }
                T lanes[VL] = {0};
                for (long l = 0; o + l < outputs && l < VL; l++) lanes[l] = from[l];
                k[y][x] = *(const V *)lanes;
            }
            for (int x = 0; x < 3; x++) {
                V r[6];
                WINOGRAD_KERNEL(k[0][x], k[1][x], k[2][x], r);
                for (int i = 0; i < 6; i++) half[i][x] = r[i];
            }
            T *to = panels + (o / NR * channels + c) * NR + o % NR;
            for (int i = 0; i < 6; i++) {
                V r[6];
                WINOGRAD_KERNEL(half[i][0], half[i][1], half[i][2], r);
                for (int j = 0; j < 6; j++) *(V *)(to + (i * 6 + j) * set) = r[j];
            }
        }
#undef WINOGRAD_KERNEL
}

/* Six numbers through B', and six through A'. */
#define WINOGRAD_INPUT(d0, d1, d2, d3, d4, d5, r) do { \
    V a_ = (d4) - (d2) * (T)4, b_ = (d3) - (d1) * (T)4, c_ = (d4) - (d2), e_ = ((d3) - (d1)) * (T)2; \
    (r)[0] = (d0) * (T)4 - (d2) * (T)5 + (d4); (r)[1] = a_ + b_; (r)[2] = a_ - b_; (r)[3] = c_ + e_; (r)[4] = c_ - e_; \
    (r)[5] = (d1) * (T)4 - (d3) * (T)5 + (d5); } while (0)
#define WINOGRAD_OUTPUT(m0, m1, m2, m3, m4, m5, r) do { \
    V a_ = (m1) + (m2), b_ = (m1) - (m2), c_ = (m3) + (m4), e_ = (m3) - (m4); \
    (r)[0] = (m0) + a_ + c_; (r)[1] = b_ + e_ * (T)2; (r)[2] = a_ + c_ * (T)4; (r)[3] = b_ + e_ * (T)8 + (m5); } while (0)

/* V = B' d B of each tile of some images: 36 x rows x channels. */
INLINE void K(winograd_inputs)(const struct lathe_convolution *g, struct K(border) f, long images, long down, long across, const T *from, T *v) {
    const long tiles = down * across, c = g->channels, rows = images * tiles;
    for (long image = 0; image < images; image++) {
        const T *x = K(bordered)(g, f, from + image * g->height * g->width * c, 2);
        for (long tile = 0; tile < tiles; tile++) {
            const T *corner = x + (tile / across * 4 * f.width + tile % across * 4) * c;
            T *to = v + (image * tiles + tile) * c;
            for (long k = 0; k < c; k += VL) {
                V half[6][6], line[6];
                for (int j = 0; j < 6; j++) {
                    const T *column = corner + j * c + k;
                    for (int i = 0; i < 6; i++) line[i] = *(const V *)(column + i * f.width * c);
                    V r[6];
                    WINOGRAD_INPUT(line[0], line[1], line[2], line[3], line[4], line[5], r);
                    for (int i = 0; i < 6; i++) half[i][j] = r[i];
                }
                for (int i = 0; i < 6; i++) {
                    V r[6];
                    WINOGRAD_INPUT(half[i][0], half[i][1], half[i][2], half[i][3], half[i][4], half[i][5], r);
                    for (int j = 0; j < 6; j++) *(V *)(to + (i * 6 + j) * rows * c + k) = r[j];
                }
            }
        }
    }
}

static void K(winograd)(const struct lathe_convolution *g, long images, lathe_in xv, lathe_in panelsv, lathe_in biasv, int op, double p_,
                        lathe_out yv, int accumulate) {
    const T *panels = panelsv, *bias = biasv; T *y = yv; const T p = (T)p_;
    const long down = (g->out_height + 3) / 4, across = (g->out_width + 3) / 4, tiles = down * across, c = g->channels;
    const long count = (g->out_channels + NR - 1) / NR, width = count * NR, rows = images * tiles;
    struct lathe_convolution whole = *g;
    whole.out_height = down * 4;
    whole.out_width = across * 4;
    struct K(border) f = K(frame)(&whole);
    /* V: 36 x rows x channels; M: 36 x rows x outputs. */
    T *v = lathe_scratch((size_t)(36 * rows * c) * sizeof(T), 0), *m = lathe_scratch((size_t)(36 * rows * width) * sizeof(T), 1);
    K(winograd_inputs)(&whole, f, images, down, across, (const T *)xv, v);
    const long tall = K(even_tile)(rows);
    for (long part = 0; part < 36; part++)
        for (long j = 0; j < count; j++) {
            const T *panel = panels + (part * count + j) * c * NR;
            for (long i = 0; i < rows; i += tall) {
                long h = rows - i < tall ? rows - i : tall;
                K(tiles)[0][h - 1][1](1, 0, 0, c, v + (part * rows + i) * c, c, panel, NR, m + (part * rows + i) * width + j * NR, width, 0);
            }
        }
    for (long row = 0; row < rows; row++) {
        const long image = row / tiles, tile = row % tiles, oy = tile / across * 4, ox = tile % across * 4;
        const T *from = m + row * width;
        for (long k = 0; k < g->out_channels; k += VL) {
            V half[4][6];
            for (int j = 0; j < 6; j++) {
                V line[6], r[4];
                for (int i = 0; i < 6; i++) line[i] = *(const V *)(from + (i * 6 + j) * rows * width + k);
                WINOGRAD_OUTPUT(line[0], line[1], line[2], line[3], line[4], line[5], r);
                for (int i = 0; i < 4; i++) half[i][j] = r[i];
            }
            const long part = g->out_channels - k < VL ? g->out_channels - k : VL;
            for (int i = 0; i < 4 && oy + i < g->out_height; i++) {
                V r[4];
                WINOGRAD_OUTPUT(half[i][0], half[i][1], half[i][2], half[i][3], half[i][4], half[i][5], r);
                for (int j = 0; j < 4 && ox + j < g->out_width; j++) {
                    T *to = y + ((image * g->out_height + oy + i) * g->out_width + ox + j) * g->out_channels + k;
                    if (part == VL && !bias && op == LATHE_IDENTITY) {
                        *(V *)to = accumulate ? *(V *)to + r[j] : r[j];
                        continue;
                    }
                    T lanes[VL];
                    *(V *)lanes = r[j];
                    if (bias) for (long l = 0; l < part; l++) lanes[l] += bias[k + l];
                    if (op != LATHE_IDENTITY) K(unary)(op, part, p, 0, lanes, lanes);
                    for (long l = 0; l < part; l++) to[l] = accumulate ? to[l] + lanes[l] : lanes[l];
                }
            }
        }
    }
}

/* The gradient of the weight on the same tiles: dW = G' [ sum over tiles of V' Z ] G with Z = A dY A'. Adds the 36 products of
   some images to `sums`, tile after tile of the product kernel; channels out must fill whole vectors too. */
static void K(winograd_gradient)(const struct lathe_convolution *g, long images, lathe_in xv, lathe_in dyv, lathe_out sumsv) {
    const T *dy = dyv; T *sums = sumsv;
    const long down = (g->out_height + 3) / 4, across = (g->out_width + 3) / 4, tiles = down * across;
    const long c = g->channels, o = g->out_channels, rows = images * tiles;
    struct lathe_convolution whole = *g;
    whole.out_height = down * 4;
    whole.out_width = across * 4;
    T *v = lathe_scratch((size_t)(36 * rows * c) * sizeof(T), 0), *z = lathe_scratch((size_t)(36 * rows * o) * sizeof(T), 1);
    K(winograd_inputs)(&whole, K(frame)(&whole), images, down, across, xv, v);
#define WINOGRAD_GRADIENT(y0, y1, y2, y3, r) do { \
    V a_ = (y0) + (y2), b_ = (y1) + (y3), c_ = (y0) + (y2) * (T)4, e_ = (y1) * (T)2 + (y3) * (T)8; \
    (r)[0] = (y0); (r)[1] = a_ + b_; (r)[2] = a_ - b_; (r)[3] = c_ + e_; (r)[4] = c_ - e_; (r)[5] = (y3); } while (0)
    for (long row = 0; row < rows; row++) {
        const long image = row / tiles, tile = row % tiles, oy = tile / across * 4, ox = tile % across * 4;
        const long high = g->out_height - oy < 4 ? g->out_height - oy : 4, wide = g->out_width - ox < 4 ? g->out_width - ox : 4;
        const T *corner = dy + ((image * g->out_height + oy) * g->out_width + ox) * o;
        T *to = z + row * o;
        for (long k = 0; k < o; k += VL) {
            V half[6][4];
            for (int j = 0; j < 4; j++) {
                V line[4], r[6];
                for (int i = 0; i < 4; i++) line[i] = i < high && j < wide ? *(const V *)(corner + (i * g->out_width + j) * o + k) : (V){};
                WINOGRAD_GRADIENT(line[0], line[1], line[2], line[3], r);
                for (int i = 0; i < 6; i++) half[i][j] = r[i];
            }
            for (int i = 0; i < 6; i++) {
                V r[6];
                WINOGRAD_GRADIENT(half[i][0], half[i][1], half[i][2], half[i][3], r);
                for (int j = 0; j < 6; j++) *(V *)(to + (i * 6 + j) * rows * o + k) = r[j];
            }
        }
    }
#undef WINOGRAD_GRADIENT
    for (long part = 0; part < 36; part++)
        for (long i = 0; i < c; i += TILE_ROWS) {
            const long h = c - i < TILE_ROWS ? c - i : TILE_ROWS;
            for (long j = 0; j < o; j += NR, sums += TILE_ROWS * NR)
                K(tiles)[1][h - 1][o - j > VL](1, 0, 0, rows, v + part * rows * c + i, c, z + part * rows * o + j, o, sums, NR, 1);
        }
}

/* dw = G' M G for each pair of channels, from the sums of `winograd_gradient`. */
static void K(winograd_gradient_weights)(long channels, long outputs, lathe_in sumsv, lathe_out dwv) {
    const T *sums = sumsv; T *dw = dwv;
    const T quarter = (T)0.25, sixth = (T)(1.0 / 6), twelfth = (T)(1.0 / 12);
    const long across = (outputs + NR - 1) / NR, part = (channels + TILE_ROWS - 1) / TILE_ROWS * across * TILE_ROWS * NR;
#define WINOGRAD_WEIGHTS(m0, m1, m2, m3, m4, m5, r) do { \
    V a_ = ((m1) + (m2)) * sixth, b_ = (m3) + (m4); \
    (r)[0] = (m0) * quarter - a_ + b_ * (twelfth / 2); (r)[1] = ((m2) - (m1)) * sixth + ((m3) - (m4)) * twelfth; \
    (r)[2] = b_ * sixth - a_ + (m5); } while (0)
    for (long c = 0; c < channels; c++)
        for (long o = 0; o < outputs; o += VL) {
            const T *from = sums + ((c / TILE_ROWS * across + o / NR) * TILE_ROWS + c % TILE_ROWS) * NR + o % NR;
            V half[3][6];
            for (int j = 0; j < 6; j++) {
                V m[6], r[3];
                for (int i = 0; i < 6; i++) m[i] = *(const V *)(from + (i * 6 + j) * part);
                WINOGRAD_WEIGHTS(m[0], m[1], m[2], m[3], m[4], m[5], r);
                for (int i = 0; i < 3; i++) half[i][j] = r[i];
            }
            for (int y = 0; y < 3; y++) {
                V r[3];
                WINOGRAD_WEIGHTS(half[y][0], half[y][1], half[y][2], half[y][3], half[y][4], half[y][5], r);
                for (int x = 0; x < 3; x++) *(V *)(dw + ((y * 3 + x) * channels + c) * outputs + o) = r[x];
            }
        }
#undef WINOGRAD_WEIGHTS
}
