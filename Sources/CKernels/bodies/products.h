/* Matrix products by register tiles: TILE_ROWS rows times 1 or 2 vectors of columns are held in registers
   while the inner dimension goes by. Convolutions use the same tile: their inner dimension is a list of
   segments (one for each row of the kernel) at given offsets. */
typedef T K(vector) __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(T)), may_alias));
#define V K(vector)
#define VL ((long)(VECTOR_BYTES / sizeof(T)))
#define NR (2 * VL)

/* x - 0 is x, whatever its sign, so that no sum is left beside the broadcast; 0 + x would be one more addition for each. */
INLINE V K(splat)(T x) { return x - (V){}; }

/* C(i, v) = or += the sum over segments and k of A(i, k) B(k, v); rows of B at stride ldb, of C at stride ldc. In `rows` tiles
   the elements of a row of A are neighbours and rows lie `step` apart; in `columns` tiles it is the other way round. Rows are
   reached from every third one, so that addresses need few registers. */
/* Without fused multiplication and with only 16 vector registers, unrolling would push accumulators out of them. */
#if VECTOR_BYTES == 64 || defined(__aarch64__)
#define TILE_UNROLL _Pragma("clang loop unroll_count(2)")
#elif VECTOR_BYTES == 32
#define TILE_UNROLL _Pragma("clang loop unroll_count(4)")
#else
#define TILE_UNROLL _Pragma("clang loop unroll(disable)")
#endif
#define TILE(NAME, ROWS, VECTORS, BY_ROWS) \
static void JOIN3(NAME, ROWS, VECTORS)(long segments, const long *a_offsets, const long *b_offsets, long length, const T *a, \
    long step, const T *b, long ldb, T *to, long ldc, int add) { \
    V c[ROWS][VECTORS]; \
    for (int i = 0; i < ROWS; i++) for (int v = 0; v < VECTORS; v++) c[i][v] = (V){}; \
    for (int i = 0; i < ROWS; i++) __builtin_prefetch(to + i * ldc, 1); \
    for (long s = 0; s < segments; s++) { \
        const T *p = a + (a_offsets ? a_offsets[s] : 0), *q = b + (b_offsets ? b_offsets[s] : 0); \
        const T *third[(ROWS + 2) / 3]; \
        for (int i = 0; i < (ROWS + 2) / 3; i++) third[i] = p + 3 * i * step; \
        TILE_UNROLL \
        for (long k = 0; k < length; k++, q += ldb) { \
            V w[VECTORS]; \
            for (int v = 0; v < VECTORS; v++) w[v] = *(const V *)(q + v * VL); \
            _Pragma("clang loop unroll(full)") \
            for (int i = 0; i < ROWS; i++) { \
                V x = K(splat)(BY_ROWS ? third[i / 3][(i % 3) * step + k] : p[i]); \
                for (int v = 0; v < VECTORS; v++) c[i][v] += x * w[v]; \
            } \
            if (!BY_ROWS) p += step; \
        } \
    } \
    for (int i = 0; i < ROWS; i++) for (int v = 0; v < VECTORS; v++) { \
        V *place = (V *)(to + i * ldc + v * VL); \
        *place = add ? *place + c[i][v] : c[i][v]; \
    } \
}
#define TILES(ROWS) TILE(K(rows), ROWS, 1, 1) TILE(K(rows), ROWS, 2, 1) TILE(K(columns), ROWS, 1, 0) TILE(K(columns), ROWS, 2, 0)
TILES(1) TILES(2) TILES(3) TILES(4)
#if TILE_ROWS > 4
TILES(5) TILES(6)
#endif
#if TILE_ROWS > 6
TILES(7) TILES(8)
#endif
#if TILE_ROWS > 8
TILES(9) TILES(10) TILES(11) TILES(12)
#endif
#undef TILES
#undef TILE

typedef void (*K(tile_function))(long, const long *, const long *, long, const T *, long, const T *, long, T *, long, int);
#define PAIR(NAME, ROWS) { JOIN3(NAME, ROWS, 1), JOIN3(NAME, ROWS, 2) },
#if TILE_ROWS > 8
#define PAIRS(NAME) PAIR(NAME, 1) PAIR(NAME, 2) PAIR(NAME, 3) PAIR(NAME, 4) PAIR(NAME, 5) PAIR(NAME, 6) PAIR(NAME, 7) PAIR(NAME, 8) \
    PAIR(NAME, 9) PAIR(NAME, 10) PAIR(NAME, 11) PAIR(NAME, 12)
#elif TILE_ROWS > 6
#define PAIRS(NAME) PAIR(NAME, 1) PAIR(NAME, 2) PAIR(NAME, 3) PAIR(NAME, 4) PAIR(NAME, 5) PAIR(NAME, 6) PAIR(NAME, 7) PAIR(NAME, 8)
#elif TILE_ROWS > 4
#define PAIRS(NAME) PAIR(NAME, 1) PAIR(NAME, 2) PAIR(NAME, 3) PAIR(NAME, 4) PAIR(NAME, 5) PAIR(NAME, 6)
#else
#define PAIRS(NAME) PAIR(NAME, 1) PAIR(NAME, 2) PAIR(NAME, 3) PAIR(NAME, 4)
#endif
/* By kind (0 rows, 1 columns), rows - 1 and vectors - 1. */
static const K(tile_function) K(tiles)[2][TILE_ROWS][2] = { { PAIRS(K(rows)) }, { PAIRS(K(columns)) } };
#undef PAIRS
#undef PAIR

/* Writes a finished tile: C = alpha acc (+ C) + bias, then the activation. A whole tile goes by vectors and has the activations of
   networks inline; the others are called for a row. */
#define STORE_WHOLE(OP) \
    for (long i = 0; i < rows; i++, acc += NR, c += ldc) { \
        T row[NR]; \
        for (long j = 0; j < NR; j++) row[j] = alpha * acc[j]; \
        if (accumulate) for (long j = 0; j < NR; j++) row[j] += c[j]; \
        if (bias) for (long j = 0; j < NR; j++) row[j] += bias[j]; \
        INDEPENDENT for (long j = 0; j < NR; j++) row[j] = K(activate)(OP, p, 0, row[j]); \
        for (long j = 0; j < NR; j++) c[j] = row[j]; \
    } \
    return;
INLINE void K(store_tile)(long rows, long columns, const T *acc, T alpha, T *c, long ldc, int accumulate, const T *bias, int op, T p) {
    if (columns == NR)
        switch (op) {
        case LATHE_IDENTITY: STORE_WHOLE(LATHE_IDENTITY)
        case LATHE_RELU: STORE_WHOLE(LATHE_RELU)
        case LATHE_RELU6: STORE_WHOLE(LATHE_RELU6)
        case LATHE_GELU: STORE_WHOLE(LATHE_GELU)
        }
    for (long i = 0; i < rows; i++) {
        const T *from = acc + i * NR; T *to = c + i * ldc;
        T row[NR];
        for (long j = 0; j < columns; j++) row[j] = alpha * from[j];
        if (accumulate) for (long j = 0; j < columns; j++) row[j] += to[j];
        if (bias) for (long j = 0; j < columns; j++) row[j] += bias[j];
        if (op != LATHE_IDENTITY) K(unary)(op, columns, p, 0, row, row);
        for (long j = 0; j < columns; j++) to[j] = row[j];
    }
}
#undef STORE_WHOLE

/* Packs `depth` x `columns` of B into panels of NR columns, the last one filled up with zeros. */
static void K(pack_columns)(long depth, long columns, lathe_in bv, long rb, long cb, lathe_out panelsv) {
    const T *b = bv; T *panels = panelsv;
    for (long j = 0; j < columns; j += NR, panels += depth * NR) {
        long w = columns - j < NR ? columns - j : NR;
        const T *from = b + j * cb;
        if (cb == 1 && w == NR) {
            for (long k = 0; k < depth; k++) for (long v = 0; v < NR; v += VL) *(V *)(panels + k * NR + v) = *(const V *)(from + k * rb + v);
        } else if (rb == 1) {
            for (long k0 = 0; k0 < depth; k0 += VL) {
                long k1 = k0 + VL < depth ? k0 + VL : depth;
                for (long l = 0; l < w; l++) for (long k = k0; k < k1; k++) panels[k * NR + l] = from[k + l * cb];
            }
            if (w < NR) for (long k = 0; k < depth; k++) for (long l = w; l < NR; l++) panels[k * NR + l] = 0;
        } else {
            for (long k = 0; k < depth; k++) {
                for (long l = 0; l < w; l++) panels[k * NR + l] = from[k * rb + l * cb];
                for (long l = w; l < NR; l++) panels[k * NR + l] = 0;
            }
        }
    }
}

/* Packs `rows` x `depth` of A into panels of TILE_ROWS rows, k by k. */
static void K(pack_rows)(long rows, long depth, const T *a, long ra, long ca, T *panels) {
    for (long i = 0; i < rows; i += TILE_ROWS, panels += depth * TILE_ROWS) {
        long h = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
        const T *from = a + i * ra;
        if (ra == 1 && h == TILE_ROWS) {
            for (long k = 0; k < depth; k++) for (long l = 0; l < TILE_ROWS; l++) panels[k * TILE_ROWS + l] = from[k * ca + l];
        } else {
            for (long k0 = 0; k0 < depth; k0 += 16) {
                long k1 = k0 + 16 < depth ? k0 + 16 : depth;
                /* The next tile's rows: where A is larger than the caches, they come while this one is written. */
                if (ca == 1) for (long l = 0; l < h; l++) __builtin_prefetch(from + (l + TILE_ROWS) * ra + k0);
                for (long l = 0; l < h; l++) for (long k = k0; k < k1; k++) panels[k * TILE_ROWS + l] = from[l * ra + k * ca];
            }
        }
    }
}

/* A panel of B stays in the first cache, a block of A in the second, a block of B in the third: B is wide so that A is packed seldom. */
#define INNER_BLOCK 384
#define ROW_BLOCK (TILE_ROWS * 32)
#define COLUMN_BLOCK (NR * 128)

static void K(gemm)(long m, long n, long k, double alpha_, lathe_in av, long ra, long ca, lathe_in bv, long rb, long cb,
                    lathe_out cv, long ldc, int accumulate, lathe_in biasv, int op, double p_) {
    const T *a = av, *b = bv, *bias = biasv; T *c = cv; T alpha = (T)alpha_, p = (T)p_;
    T acc[TILE_ROWS * NR] __attribute__((aligned(64)));
    if (m <= 0 || n <= 0) return;
    if (k <= 0) {
        memset(acc, 0, sizeof acc);
        for (long i = 0; i < m; i++) for (long j = 0; j < n; j += NR)
            K(store_tile)(1, n - j < NR ? n - j : NR, acc, 0, c + i * ldc + j, ldc, accumulate, bias ? bias + j : 0, op, p);
        return;
    }
    long inner = k < INNER_BLOCK ? k : INNER_BLOCK, wide = n < COLUMN_BLOCK ? (n + NR - 1) / NR * NR : COLUMN_BLOCK;
    /* Rows of A are read where they are when B is narrow: packing them would cost more than it saves. */
    int direct_a = ca == 1 && (n <= 4 * NR || m <= TILE_ROWS);
    int direct_b = cb == 1 && m <= 4 * TILE_ROWS && n >= VL;
    long tall = m < ROW_BLOCK ? (m + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS : ROW_BLOCK;
    T *packed_b = lathe_scratch((size_t)(inner * wide) * sizeof(T), 0);
    T *packed_a = direct_a ? 0 : lathe_scratch((size_t)(inner * tall) * sizeof(T), 1);
    for (long j0 = 0; j0 < n; j0 += COLUMN_BLOCK) {
        long nb = n - j0 < COLUMN_BLOCK ? n - j0 : COLUMN_BLOCK;
        for (long k0 = 0; k0 < k; k0 += INNER_BLOCK) {
            long kb = k - k0 < INNER_BLOCK ? k - k0 : INNER_BLOCK;
            int last = k0 + kb == k, add = accumulate || k0 > 0;
            int plain = alpha == 1 && !(last && (bias || op != LATHE_IDENTITY));
            const T *from_b = b + k0 * rb + j0 * cb;
            long whole = direct_b ? nb / NR * NR : 0;   /* full panels that need no packing */
            if (whole < nb) K(pack_columns)(kb, nb - whole, from_b + whole * cb, rb, cb, packed_b);
            for (long i0 = 0; i0 < m; i0 += ROW_BLOCK) {
                long mb = m - i0 < ROW_BLOCK ? m - i0 : ROW_BLOCK;
                const T *from_a = a + i0 * ra + k0 * ca;
                if (!direct_a) K(pack_rows)(mb, kb, from_a, ra, ca, packed_a);
                for (long j = 0; j < nb; j += NR) {
                    long w = nb - j < NR ? nb - j : NR;
                    const T *panel = j < whole ? from_b + j : packed_b + (j - whole) * kb;
                    long ldb = j < whole ? rb : NR;
                    for (long i = 0; i < mb; i += TILE_ROWS) {
                        long h = mb - i < TILE_ROWS ? mb - i : TILE_ROWS;
                        K(tile_function) tile = K(tiles)[!direct_a][h - 1][w > VL];
                        const T *part = direct_a ? from_a + i * ra : packed_a + i * kb;
                        long step = direct_a ? ra : TILE_ROWS;
                        T *to = c + (i0 + i) * ldc + j0 + j;
                        if (plain && (w == NR || w == VL)) {
                            tile(1, 0, 0, kb, part, step, panel, ldb, to, ldc, add);
                        } else {
                            tile(1, 0, 0, kb, part, step, panel, ldb, acc, NR, 0);
                            K(store_tile)(h, w, acc, alpha, to, ldc, add, last && bias ? bias + j0 + j : 0, last ? op : LATHE_IDENTITY, p);
                        }
                    }
                }
            }
        }
    }
}
