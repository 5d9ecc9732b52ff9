/* The elementwise part of recurrent cells; the products around them are ordinary ones. */
static void K(gru_step)(long batch, long hidden, long step, const int32_t *lengths, lathe_in xpv, lathe_in huv, lathe_in previousv,
                        lathe_out hv, lathe_out savedv) {
    const T *xp = xpv, *hu = huv, *previous = previousv; T *h = hv, *saved = savedv;
    for (long i = 0; i < batch; i++, xp += 3 * hidden, hu += 3 * hidden, previous += hidden, h += hidden, saved += 4 * hidden) {
        T *r = saved, *z = saved + hidden, *n = saved + 2 * hidden, *u = saved + 3 * hidden;
        if (lengths && step >= lengths[i]) {
            /* z = 1 keeps the state, and makes the way back pass it on unchanged. */
            for (long j = 0; j < hidden; j++) { r[j] = 0; z[j] = 1; n[j] = 0; u[j] = 0; h[j] = previous[j]; }
            continue;
        }
        INDEPENDENT for (long j = 0; j < hidden; j++) {
            T a = K(logistic)(xp[j] + hu[j]);
            T b = K(logistic)(xp[hidden + j] + hu[hidden + j]);
            T c = hu[2 * hidden + j];
            T d = K(hyperbolic_tangent)(xp[2 * hidden + j] + a * c);
            r[j] = a; z[j] = b; n[j] = d; u[j] = c;
            h[j] = d + b * (previous[j] - d);
        }
    }
}

static void K(gru_step_backward)(long batch, long hidden, lathe_in savedv, lathe_in previousv, lathe_out dhv, lathe_out dxpv, lathe_out dhuv) {
    const T *saved = savedv, *previous = previousv; T *dh = dhv, *dxp = dxpv, *dhu = dhuv;
    for (long i = 0; i < batch; i++, dxp += 3 * hidden, dhu += 3 * hidden, previous += hidden, dh += hidden, saved += 4 * hidden) {
        const T *r = saved, *z = saved + hidden, *n = saved + 2 * hidden, *u = saved + 3 * hidden;
        INDEPENDENT for (long j = 0; j < hidden; j++) {
            T d = dh[j];
            T dn = d * (1 - z[j]) * (1 - n[j] * n[j]);
            T dz = d * (previous[j] - n[j]) * z[j] * (1 - z[j]);
            T dr = dn * u[j] * r[j] * (1 - r[j]);
            dxp[j] = dr; dxp[hidden + j] = dz; dxp[2 * hidden + j] = dn;
            dhu[j] = dr; dhu[hidden + j] = dz; dhu[2 * hidden + j] = dn * r[j];
            dh[j] = d * z[j];
        }
    }
}

static void K(lstm_step)(long batch, long hidden, long step, const int32_t *lengths, lathe_out gatesv, lathe_in phv, lathe_in pcv,
                         lathe_out hv, lathe_out cv) {
    const T *ph = phv, *pc = pcv; T *gates = gatesv, *h = hv, *c = cv;
    for (long i = 0; i < batch; i++, gates += 4 * hidden, ph += hidden, pc += hidden, h += hidden, c += hidden) {
        if (lengths && step >= lengths[i]) {
            for (long j = 0; j < hidden; j++) { h[j] = ph[j]; c[j] = pc[j]; }
            continue;
        }
        INDEPENDENT for (long j = 0; j < hidden; j++) {
            T in = K(logistic)(gates[j]), forget = K(logistic)(gates[hidden + j]);
            T cell = K(hyperbolic_tangent)(gates[2 * hidden + j]), out = K(logistic)(gates[3 * hidden + j]);
            T state = forget * pc[j] + in * cell;
            gates[j] = in; gates[hidden + j] = forget; gates[2 * hidden + j] = cell; gates[3 * hidden + j] = out;
            c[j] = state;
            h[j] = out * K(hyperbolic_tangent)(state);
        }
    }
}

static void K(lstm_step_backward)(long batch, long hidden, long step, const int32_t *lengths, lathe_out gatesv, lathe_in pcv, lathe_in cv,
                                  lathe_out dhv, lathe_out dcv) {
    const T *pc = pcv, *c = cv; T *gates = gatesv, *dh = dhv, *dc = dcv;
    for (long i = 0; i < batch; i++, gates += 4 * hidden, pc += hidden, c += hidden, dh += hidden, dc += hidden) {
        if (lengths && step >= lengths[i]) {
            /* The state was passed on: so are its gradients. The gates took no part. */
            for (long j = 0; j < 4 * hidden; j++) gates[j] = 0;
            continue;
        }
        INDEPENDENT for (long j = 0; j < hidden; j++) {
            T in = gates[j], forget = gates[hidden + j], cell = gates[2 * hidden + j], out = gates[3 * hidden + j];
            T t = K(hyperbolic_tangent)(c[j]);
            T d = dc[j] + dh[j] * out * (1 - t * t);
            gates[3 * hidden + j] = dh[j] * t * out * (1 - out);
            gates[j] = d * cell * in * (1 - in);
            gates[hidden + j] = d * pc[j] * forget * (1 - forget);
            gates[2 * hidden + j] = d * in * (1 - cell * cell);
            dc[j] = d * forget;
            dh[j] = 0;
        }
    }
}
