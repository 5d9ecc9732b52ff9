/* One pass over weights, gradients and state. `scale` multiplies the gradient first (clipping by norm). */
static void K(sgd)(long n, double rate_, double momentum_, double decay_, int nesterov, double scale_, lathe_out wv,
                   lathe_in gv, lathe_out vv) {
    T *w = wv, *v = vv; const T *g = gv;
    T rate = (T)rate_, momentum = (T)momentum_, decay = (T)decay_, scale = (T)scale_;
    if (!v) INDEPENDENT for (long i = 0; i < n; i++) w[i] -= rate * (scale * g[i] + decay * w[i]);
    else if (nesterov) INDEPENDENT for (long i = 0; i < n; i++) {
        T d = scale * g[i] + decay * w[i];
        T u = momentum * v[i] + d;
        v[i] = u;
        w[i] -= rate * (d + momentum * u);
    }
    else INDEPENDENT for (long i = 0; i < n; i++) {
        T u = momentum * v[i] + scale * g[i] + decay * w[i];
        v[i] = u;
        w[i] -= rate * u;
    }
}

/* `decay` is decoupled (AdamW: already times the rate), `l2` is added to the gradient (Adam). */
static void K(adam)(long n, double rate_, double beta1_, double beta2_, double epsilon_, double correction1, double correction2,
                    double decay_, double l2_, double scale_, lathe_out wv, lathe_in gv, lathe_out mv, lathe_out vv) {
    T *w = wv, *m = mv, *v = vv; const T *g = gv;
    T beta1 = (T)beta1_, beta2 = (T)beta2_, one1 = (T)(1 - beta1_), one2 = (T)(1 - beta2_), epsilon = (T)epsilon_;
    T step = (T)(rate_ / correction1), root = (T)(1 / sqrt(correction2)), keep = (T)(1 - decay_), l2 = (T)l2_, scale = (T)scale_;
    INDEPENDENT for (long i = 0; i < n; i++) {
        T d = scale * g[i] + l2 * w[i];
        T a = beta1 * m[i] + one1 * d;
        T b = beta2 * v[i] + one2 * d * d;
        m[i] = a;
        v[i] = b;
        w[i] = keep * w[i] - step * a / (K(square_root)(b) * root + epsilon);
    }
}

static void K(adagrad)(long n, double rate_, double epsilon_, double decay_, double scale_, lathe_out wv, lathe_in gv,
                       lathe_out sv) {
    T *w = wv, *s = sv; const T *g = gv;
    T rate = (T)rate_, epsilon = (T)epsilon_, decay = (T)decay_, scale = (T)scale_;
    INDEPENDENT for (long i = 0; i < n; i++) {
        T d = scale * g[i] + decay * w[i];
        T b = s[i] + d * d;
        s[i] = b;
        w[i] -= rate * d / (K(square_root)(b) + epsilon);
    }
}

static void K(rmsprop)(long n, double rate_, double memory_, double epsilon_, double decay_, double scale_, lathe_out wv, lathe_in gv,
                       lathe_out sv) {
    T *w = wv, *s = sv; const T *g = gv;
    T rate = (T)rate_, keep = (T)memory_, add = (T)(1 - memory_), epsilon = (T)epsilon_, decay = (T)decay_, scale = (T)scale_;
    INDEPENDENT for (long i = 0; i < n; i++) {
        T d = scale * g[i] + decay * w[i];
        T b = keep * s[i] + add * d * d;
        s[i] = b;
        w[i] -= rate * d / (K(square_root)(b) + epsilon);
    }
}
