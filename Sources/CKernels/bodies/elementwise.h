/* Functions of one and two elements, scaling, selection, strided copies. */
static void K(unary)(int op, long n, double p_, double q_, lathe_in xv, lathe_out yv) {
    const T *x = xv; T *y = yv; T p = (T)p_, q = (T)q_;
#define CASE(OP) case OP: INDEPENDENT for (long i = 0; i < n; i++) y[i] = K(activate)(OP, p, q, x[i]); break;
    switch (op) { FOR_EACH_FUNCTION(CASE) }
#undef CASE
}

static void K(unary_backward)(int op, long n, double p_, double q_, lathe_in xv, lathe_in yv, lathe_in gv, lathe_out dv,
                              int accumulate) {
    const T *x = xv, *y = yv, *g = gv; T *d = dv; T p = (T)p_, q = (T)q_;
#define CASE(OP) case OP: \
    if (accumulate) INDEPENDENT for (long i = 0; i < n; i++) d[i] += g[i] * K(slope)(OP, p, q, x[i], y[i]); \
    else INDEPENDENT for (long i = 0; i < n; i++) d[i] = g[i] * K(slope)(OP, p, q, x[i], y[i]); \
    break;
    switch (op) { FOR_EACH_FUNCTION(CASE) }
#undef CASE
}

#define BINARY(NAME, EXPRESSION) \
    case NAME: \
        if (sa == 1 && sb == 1) INDEPENDENT for (long i = 0; i < n; i++) { T a = av[i], b = bv[i]; y[i] = EXPRESSION; } \
        else if (sa == 0) { const T a = av[0]; for (long i = 0; i < n; i++) { T b = bv[i * sb]; y[i] = EXPRESSION; } } \
        else if (sb == 0 && sa == 1) { const T b = bv[0]; for (long i = 0; i < n; i++) { T a = av[i]; y[i] = EXPRESSION; } } \
        else for (long i = 0; i < n; i++) { T a = av[i * sa], b = bv[i * sb]; y[i] = EXPRESSION; } \
        break;
static void K(binary)(int op, long n, lathe_in a_, long sa, lathe_in b_, long sb, lathe_out y_) {
    const T *av = a_, *bv = b_; T *y = y_;
    switch (op) {
        BINARY(LATHE_ADD, a + b)
        BINARY(LATHE_SUBTRACT, a - b)
        BINARY(LATHE_MULTIPLY, a * b)
        BINARY(LATHE_DIVIDE, a / b)
        BINARY(LATHE_MAXIMUM, (a > b || a != a) ? a : b)
        BINARY(LATHE_MINIMUM, (a < b || a != a) ? a : b)
        BINARY(LATHE_GREATER, a > b ? 1 : 0)
        BINARY(LATHE_GREATER_EQUAL, a >= b ? 1 : 0)
        BINARY(LATHE_EQUAL, a == b ? 1 : 0)
    }
}
#undef BINARY

static void K(axpby)(long n, double alpha_, lathe_in xv, double beta_, lathe_out yv) {
    const T *x = xv; T *y = yv; T alpha = (T)alpha_, beta = (T)beta_;
    if (beta == 0) for (long i = 0; i < n; i++) y[i] = alpha * x[i];
    else if (beta == 1) for (long i = 0; i < n; i++) y[i] += alpha * x[i];
    else for (long i = 0; i < n; i++) y[i] = alpha * x[i] + beta * y[i];
}

static void K(multiply_add)(long n, double alpha_, lathe_in av, long sa, lathe_in bv, long sb, lathe_out yv) {
    const T *a = av, *b = bv; T *y = yv; T alpha = (T)alpha_;
    if (sa == 1 && sb == 1) for (long i = 0; i < n; i++) y[i] += alpha * a[i] * b[i];
    else if (sb == 0 && sa == 1) { T f = alpha * b[0]; for (long i = 0; i < n; i++) y[i] += f * a[i]; }
    else if (sa == 0 && sb == 1) { T f = alpha * a[0]; for (long i = 0; i < n; i++) y[i] += f * b[i]; }
    else for (long i = 0; i < n; i++) y[i] += alpha * a[i * sa] * b[i * sb];
}

static void K(fill)(long n, double value, lathe_out yv) {
    T *y = yv; T v = (T)value;
    for (long i = 0; i < n; i++) y[i] = v;
}

static void K(select_where)(long n, lathe_in cv, lathe_in av, lathe_in bv, lathe_out yv) {
    const T *c = cv, *a = av, *b = bv; T *y = yv;
    if (a && b) for (long i = 0; i < n; i++) y[i] = c[i] != 0 ? a[i] : b[i];
    else if (a) for (long i = 0; i < n; i++) y[i] = c[i] != 0 ? a[i] : 0;
    else for (long i = 0; i < n; i++) y[i] = c[i] != 0 ? 0 : b[i];
}

static void K(copy_strided)(int rank, const long *sizes, const long *strides, lathe_in xv, lathe_out yv) {
    const T *x = xv; T *y = yv;
    long index[8] = {0};
    if (rank == 0) { y[0] = x[0]; return; }
    for (int d = 0; d < rank; d++) if (sizes[d] == 0) return;
    const long n = sizes[rank - 1], step = strides[rank - 1];
    /* The last two axes swapped: go by tiles, so that both sides use whole cache lines. */
    if (rank >= 2 && step != 1 && strides[rank - 2] == 1) {
        const long m = sizes[rank - 2];
        for (;;) {
            for (long i0 = 0; i0 < m; i0 += 16)
                for (long j0 = 0; j0 < n; j0 += 16) {
                    long i1 = i0 + 16 < m ? i0 + 16 : m, j1 = j0 + 16 < n ? j0 + 16 : n;
                    for (long i = i0; i < i1; i++) for (long j = j0; j < j1; j++) y[i * n + j] = x[i + j * step];
                }
            y += m * n;
            int d = rank - 3;
            for (; d >= 0; d--) {
                x += strides[d];
                if (++index[d] < sizes[d]) break;
                x -= strides[d] * sizes[d];
                index[d] = 0;
            }
            if (d < 0) return;
        }
    }
    for (;;) {
        if (step == 1) memcpy(y, x, (size_t)n * sizeof(T));
        else if (step == 0) { T v = x[0]; for (long i = 0; i < n; i++) y[i] = v; }
        else for (long i = 0; i < n; i++) y[i] = x[i * step];
        y += n;
        int d = rank - 2;
        for (; d >= 0; d--) {
            x += strides[d];
            if (++index[d] < sizes[d]) break;
            x -= strides[d] * sizes[d];
            index[d] = 0;
        }
        if (d < 0) return;
    }
}
