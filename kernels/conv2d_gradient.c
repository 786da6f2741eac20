/* Gradients of the 2-D convolution. */
#include "program.h"

struct conv2d_input_gradient {
  int out_gradient, in_gradient, weights, transposed;
  window k;
};

/*
 * Stride 1: the convolution of the output's gradient, in its halo of zeros, with the kernel turned by 180° and its
 * channels exchanged. Other strides: every output position adds to the inputs under its window.
 */
static void step_conv2d_input_gradient(const context *c, const int *words, int block) {
  const struct conv2d_input_gradient *a = (const void *)words;
  view dy = view_of(c, a->out_gradient, block), dx = view_of(c, a->in_gradient, block);
  window k = a->k;
  if (k.stride == 1) {
    window turned = {k.height, k.width, 1, k.height - 1 - k.pad_y, k.width - 1 - k.pad_x};
    convolve(dy, dx, turned, c->arena + a->transposed, 0, 0);
    return;
  }
  for (int ci = 0; ci < dx.channels; ci++) {
    for (int y = 0; y < dx.height; y++) {
      float *row = row_of(dx, ci, y);
      for (int i = 0; i < dx.width * LANES; i++) row[i] = 0;
    }
    for (int co = 0; co < dy.channels; co++) {
      const float *w = c->arena + a->weights + (co * dx.channels + ci) * k.height * k.width;
      for (int ky = 0; ky < k.height; ky++) {
        for (int oy = 0; oy < dy.height; oy++) {
          int y = oy * k.stride + ky - k.pad_y;
          if (y < 0 || y >= dx.height) continue;
          for (int kx = 0; kx < k.width; kx++) {
            vec weight = vset(w[ky * k.width + kx]);
            for (int ox = 0; ox < dy.width; ox++) {
              int x = ox * k.stride + kx - k.pad_x;
              if (x < 0 || x >= dx.width) continue;
              float *target = row_of(dx, ci, y) + x * LANES;
              const float *source = row_of(dy, co, oy) + ox * LANES;
              for (int i = 0; i < LANES; i += VEC)
                vstore(target + i, vfma(vload(source + i), weight, vload(target + i)));
            }
          }
        }
      }
    }
  }
}

struct transpose {
  int weights, transposed, out_channels, in_channels, height, width;
};

/* [co][ci][ky][kx] to [ci][co][height−1−ky][width−1−kx]. */
static void step_conv2d_transpose_weights(const context *c, const int *words, int block) {
  const struct transpose *a = (const void *)words;
  int taps = a->height * a->width;
  (void)block;
  for (int co = 0; co < a->out_channels; co++) {
    for (int ci = 0; ci < a->in_channels; ci++) {
      const float *from = c->arena + a->weights + (co * a->in_channels + ci) * taps;
      float *to = c->arena + a->transposed + (ci * a->out_channels + co) * taps;
      for (int t = 0; t < taps; t++) to[taps - 1 - t] = from[t];
    }
  }
}

/*
 * Adds the gradient of channels × rows × taps weights to their lanes: for each, the sum over all positions, row by row.
 * `gradient` points to the first of them.
 */
INLINE void weight_gradient_tile(const int channels, const int rows, const int taps, view in, view dy, int co, int ci,
                                 int ky, int kx, const window k, const int stride, float *gradient, int filter) {
  for (int part = 0; part < PARTS; part++) {
    vec sum[GRADIENT_CHANNELS][GRADIENT_MOST_ROWS][GRADIENT_MOST_TAPS];
    for (int c = 0; c < channels; c++)
      for (int r = 0; r < rows; r++)
        for (int t = 0; t < taps; t++)
          sum[c][r][t] = vload(gradient + (c * filter + r * k.width + t) * LANES + part * VEC);
    for (int y = 0; y < dy.height; y++) {
      const float *g = row_of(dy, co, y) + part * VEC;
      const float *x = row_of(in, ci, y * stride + ky - k.pad_y) + (kx - k.pad_x) * LANES + part * VEC;
      for (int position = 0; position < dy.width; position++, g += LANES, x += stride * LANES) {
        vec dv[GRADIENT_CHANNELS];
        for (int c = 0; c < channels; c++) dv[c] = vload(g + c * dy.channel);
        for (int r = 0; r < rows; r++) {
          for (int t = 0; t < taps; t++) {
            vec value = vload(x + r * in.row + t * LANES);
            for (int c = 0; c < channels; c++) sum[c][r][t] = vfma(value, dv[c], sum[c][r][t]);
          }
        }
      }
    }
    for (int c = 0; c < channels; c++)
      for (int r = 0; r < rows; r++)
        for (int t = 0; t < taps; t++)
          vstore(gradient + (c * filter + r * k.width + t) * LANES + part * VEC, sum[c][r][t]);
  }
}

struct conv2d_weight_gradient {
  int in, out_gradient, gradient;
  window k;
};

/* All tiles of `channels` output channels each, from `co` on; returns the first channel that is left. */
INLINE int weight_gradient_channels(const int channels, const int rows, const int taps, const int stride, view in,
                                    view dy, int co, window k, float *gradient) {
  int filter = in.channels * k.height * k.width;
  for (; co + channels <= dy.channels; co += channels)
    for (int ci = 0; ci < in.channels; ci++)
      for (int ky = 0; ky + rows <= k.height; ky += rows)
        for (int kx = 0; kx + taps <= k.width; kx += taps)
          weight_gradient_tile(channels, rows, taps, in, dy, co, ci, ky, kx, k, stride,
                               gradient + (co * filter + (ci * k.height + ky) * k.width + kx) * LANES, filter);
  return co;
}

static void step_conv2d_weight_gradient(const context *c, const int *words, int block) {
  const struct conv2d_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->out_gradient, block);
  window k = a->k;
  float *gradient = c->arena + a->gradient;
  int co = 0;
  if (k.stride == 1 && k.height == 3 && k.width == 3) {
    co = weight_gradient_channels(GRADIENT_CHANNELS, GRADIENT_ROWS, 3, 1, in, dy, co, k, gradient);
    weight_gradient_channels(1, GRADIENT_ROWS, 3, 1, in, dy, co, k, gradient);
  } else if (k.stride == 1 && k.width == 5) {
    co = weight_gradient_channels(2, 1, 5, 1, in, dy, co, k, gradient);
    weight_gradient_channels(1, 1, 5, 1, in, dy, co, k, gradient);
  } else {
    co = weight_gradient_channels(GRADIENT_CHANNELS, 1, 1, k.stride, in, dy, co, k, gradient);
    weight_gradient_channels(1, 1, 1, k.stride, in, dy, co, k, gradient);
  }
}

struct bias_gradient {
  int out_gradient, gradient;
};

/* Adds the sum over all positions to the lanes of each channel's bias. */
static void step_bias_gradient(const context *c, const int *words, int block) {
  const struct bias_gradient *a = (const void *)words;
  view dy = view_of(c, a->out_gradient, block);
  for (int ch = 0; ch < dy.channels; ch++) {
    float *gradient = c->arena + a->gradient + ch * LANES;
    for (int part = 0; part < PARTS; part++) {
      vec sum = vload(gradient + part * VEC);
      for (int y = 0; y < dy.height; y++) {
        const float *row = row_of(dy, ch, y) + part * VEC;
        for (int x = 0; x < dy.width; x++) sum += vload(row + x * LANES);
      }
      vstore(gradient + part * VEC, sum);
    }
  }
}
