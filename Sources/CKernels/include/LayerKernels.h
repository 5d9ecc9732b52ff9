/* Kernels of normalisation, recurrence and sparse products; see CKernels.h for the conventions. */
#ifndef LATHE_LAYER_KERNELS_H
#define LATHE_LAYER_KERNELS_H
#define LATHE_LAYER_KERNELS(X) \
    /* per column: sum[j], and squares[j] = sum of (x - mean of these rows)^2; a block of rows that fits the cache */ \
    X(column_moments, (long rows, long columns, lathe_in x, lathe_out sum, lathe_out squares), (rows, columns, x, sum, squares)) \
    /* y = activation(x * scale[j] + shift[j]) */ \
    X(scale_shift, (int op, double p, long rows, long columns, lathe_in x, lathe_in scale, lathe_in shift, lathe_out y), \
      (op, p, rows, columns, x, scale, shift, y)) \
    /* per column: sum of g' and of g' (x - mean[j]), with g' = g * slope of the activation (scale, shift give its argument) */ \
    X(normalise_backward_sums, (int op, double p, long rows, long columns, lathe_in x, lathe_in g, lathe_in scale, lathe_in shift, \
      lathe_in mean, lathe_out sum_g, lathe_out sum_gx), (op, p, rows, columns, x, g, scale, shift, mean, sum_g, sum_gx)) \
    /* dx (+)= a[j] g' + b[j] x + c[j] */ \
    X(normalise_backward, (int op, double p, long rows, long columns, lathe_in x, lathe_in g, lathe_in scale, lathe_in shift, \
      lathe_in a, lathe_in b, lathe_in c, lathe_out dx, int accumulate), (op, p, rows, columns, x, g, scale, shift, a, b, c, dx, accumulate)) \
    /* s = x + dropout(branch) (branch may be null), xhat = (s - mean) * rstd by row, y = gamma xhat + beta (null: 1 and 0) */ \
    X(layer_norm, (long rows, long columns, double epsilon, lathe_in x, lathe_in branch, uint64_t seed, long first, \
      uint32_t threshold, double keep_scale, lathe_in gamma, lathe_in beta, lathe_out xhat, lathe_out rstd, lathe_out y), \
      (rows, columns, epsilon, x, branch, seed, first, threshold, keep_scale, gamma, beta, xhat, rstd, y)) \
    /* ds (+)= gradient of s; dgamma += sum g xhat, dbeta += sum g (may be null) */ \
    X(layer_norm_backward, (long rows, long columns, lathe_in g, lathe_in xhat, lathe_in rstd, lathe_in gamma, lathe_out ds, \
      int accumulate, lathe_out dgamma, lathe_out dbeta), (rows, columns, g, xhat, rstd, gamma, ds, accumulate, dgamma, dbeta)) \
    /* one step of a gated recurrent unit; xp, hu: batch x 3 hidden (r, z, n); saved: batch x 4 hidden (r, z, n, hu of n); \
       rows whose length is at most `step` keep h; lengths may be null */ \
    X(gru_step, (long batch, long hidden, long step, const int32_t *lengths, lathe_in xp, lathe_in hu, lathe_in previous, lathe_out h, \
      lathe_out saved), (batch, hidden, step, lengths, xp, hu, previous, h, saved)) \
    /* dh: gradient of h, replaced by that of `previous` without the part through hu */ \
    X(gru_step_backward, (long batch, long hidden, lathe_in saved, lathe_in previous, lathe_out dh, lathe_out dxp, lathe_out dhu), \
      (batch, hidden, saved, previous, dh, dxp, dhu)) \
    /* one step of long short-term memory; gates in: batch x 4 hidden (i, f, g, o), replaced by their values */ \
    X(lstm_step, (long batch, long hidden, long step, const int32_t *lengths, lathe_out gates, lathe_in previous_h, lathe_in previous_c, \
      lathe_out h, lathe_out c), (batch, hidden, step, lengths, gates, previous_h, previous_c, h, c)) \
    /* gates: replaced by the gradient before the activations; dh, dc: replaced by those of the step before, dh without the \
       part through the gates */ \
    X(lstm_step_backward, (long batch, long hidden, long step, const int32_t *lengths, lathe_out gates, lathe_in previous_c, lathe_in c, \
      lathe_out dh, lathe_out dc), (batch, hidden, step, lengths, gates, previous_c, c, dh, dc)) \
    /* y[i] (+)= sum over entries of row i: value * x[column], rows first ..< last, x and y of `width` columns */ \
    X(sparse_product, (long first, long last, const int32_t *starts, const int32_t *indices, lathe_in values, long width, lathe_in x, \
      lathe_out y, int accumulate), (first, last, starts, indices, values, width, x, y, accumulate)) \
    /* y[p] = <a[ia[p]], b[ib[p]]>, rows of `width`, pairs first ..< last */ \
    X(pair_dots, (long first, long last, const int32_t *ia, const int32_t *ib, long width, lathe_in a, lathe_in b, lathe_out y), \
      (first, last, ia, ib, width, a, b, y)) \
    /* out[to[p]] += factors[p] * x[from[p]], columns start ..< end of rows of `width` */ \
    X(pair_scatter, (long count, long start, long end, long width, const int32_t *to, const int32_t *from, lathe_in factors, lathe_in x, \
      lathe_out out), (count, start, end, width, to, from, factors, x, out))
#endif
