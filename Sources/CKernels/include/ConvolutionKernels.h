/* Kernels of convolution, pooling and resampling in NHWC order; see CKernels.h for the conventions. */
#ifndef LATHE_CONVOLUTION_KERNELS_H
#define LATHE_CONVOLUTION_KERNELS_H

/// Sizes of a convolution or pooling of one image. The weight is [kernel height, kernel width, channels / groups, out_channels].
struct lathe_convolution {
    long height, width, channels;
    long out_height, out_width, out_channels;
    long kernel_height, kernel_width;
    long stride_y, stride_x, dilation_y, dilation_x;
    long pad_top, pad_left;
    long groups;
};

#define LATHE_CONVOLUTION_KERNELS(X) \
    /* result[0] = columns of a packed panel, result[1] = rows of a tile, result[2] = elements of a vector */ \
    X(tile_sizes, (long *result), (result)) \
    /* B (depth x columns) as panels of that many columns, the last filled up with zeros */ \
    X(pack_columns, (long depth, long columns, lathe_in b, long rb, long cb, lathe_out panels), (depth, columns, b, rb, cb, panels)) \
    /* y = activation(x * w + bias) for one image; panels: for each group its weight packed by pack_columns */ \
    X(convolve, (const struct lathe_convolution *g, lathe_in x, lathe_in panels, lathe_in bias, int op, double p, lathe_out y, \
      int accumulate), (g, x, panels, bias, op, p, y, accumulate)) \
    /* 3 x 3, stride 1: weights as 36 sets of panels, then some images at a time; channels must fill whole vectors */ \
    X(winograd_weights, (long channels, long outputs, lathe_in w, lathe_out panels), (channels, outputs, w, panels)) \
    X(winograd, (const struct lathe_convolution *g, long images, lathe_in x, lathe_in panels, lathe_in bias, int op, double p, \
      lathe_out y, int accumulate), (g, images, x, panels, bias, op, p, y, accumulate)) \
    /* the gradient of its weight: 36 sets of tiles are added to, then turned into [3, 3, channels, outputs] */ \
    X(winograd_gradient, (const struct lathe_convolution *g, long images, lathe_in x, lathe_in dy, lathe_out sums), (g, images, x, dy, sums)) \
    X(winograd_gradient_weights, (long channels, long outputs, lathe_in sums, lathe_out dw), (channels, outputs, sums, dw)) \
    /* dx (+)= transposed convolution of dy, any stride; panels: for each group and tap its weight transposed, packed */ \
    X(convolve_transposed, (const struct lathe_convolution *g, lathe_in dy, lathe_in panels, lathe_out dx, int accumulate), \
      (g, dy, panels, dx, accumulate)) \
    /* tiles += gradient of the weight from one image; `convolve_unpack` turns tiles into the weight's order */ \
    X(convolve_weights, (const struct lathe_convolution *g, lathe_in x, lathe_in dy, lathe_out tiles), (g, x, dy, tiles)) \
    X(convolve_unpack, (const struct lathe_convolution *g, lathe_in tiles, lathe_out dw, int accumulate), (g, tiles, dw, accumulate)) \
    /* depthwise, weight [kernel height, kernel width, channels] */ \
    X(depthwise, (const struct lathe_convolution *g, lathe_in x, lathe_in w, lathe_in bias, int op, double p, lathe_out y, \
      int accumulate), (g, x, w, bias, op, p, y, accumulate)) \
    X(depthwise_transposed, (const struct lathe_convolution *g, lathe_in dy, lathe_in w, lathe_out dx, int accumulate), \
      (g, dy, w, dx, accumulate)) \
    X(depthwise_weights, (const struct lathe_convolution *g, lathe_in x, lathe_in dy, lathe_out dw), (g, x, dy, dw)) \
    /* pooling of one image; places outside take no part; `chosen` holds the pixel of each maximum */ \
    X(max_pool, (const struct lathe_convolution *g, lathe_in x, lathe_out y, int32_t *chosen), (g, x, y, chosen)) \
    X(max_pool_backward, (const struct lathe_convolution *g, lathe_in dy, const int32_t *chosen, lathe_out dx), (g, dy, chosen, dx)) \
    X(average_pool, (const struct lathe_convolution *g, int counts_padding, lathe_in x, lathe_out y), (g, counts_padding, x, y)) \
    X(average_pool_backward, (const struct lathe_convolution *g, int counts_padding, lathe_in dy, lathe_out dx), \
      (g, counts_padding, dy, dx)) \
    /* bilinear reading of one image (height x width x channels) at `count` points (x, y) in pixels; `clamp` repeats the \
       edge, else outside is 0 */ \
    X(sample, (long height, long width, long channels, long count, int clamp, lathe_in image, lathe_in points, lathe_out y), \
      (height, width, channels, count, clamp, image, points, y)) \
    X(sample_backward, (long height, long width, long channels, long count, int clamp, lathe_in image, lathe_in points, lathe_in g, \
      lathe_out dimage, lathe_out dpoints), (height, width, channels, count, clamp, image, points, g, dimage, dpoints)) \
    /* out[i] = sum over taps: weights[i * taps + t] * rows[index[i * taps + t]], rows of `width` elements */ \
    X(mix_rows, (long count, long taps, long width, const int32_t *index, lathe_in weights, lathe_in rows, lathe_out out), \
      (count, taps, width, index, weights, rows, out)) \
    X(mix_rows_backward, (long count, long taps, long width, const int32_t *index, lathe_in weights, lathe_in g, lathe_out drows), \
      (count, taps, width, index, weights, g, drows))
#endif
