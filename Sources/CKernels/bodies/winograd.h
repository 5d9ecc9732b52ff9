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
    if (!v || !m) abort();
    for (long image = 0; image < images; image++) {
        const T *x = K(bordered)(&whole, f, (const T *)xv + image * g->height * g->width * c, 2);
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
