/* Gradients of the 2-D convolution. */
#include "program.h"

struct conv2d_input_gradient {
  int dy, dx, weights, transposed;
  window k;
};

/*
 * Other strides leave gaps: only every stride-th tap of a row reaches an input. The same taps, from neighbouring outputs,
 * reach `positions` inputs of a row that lie `stride` apart. Only if `edge` is set can an output lie outside.
 */
INLINE void strided_input_gradient_tile(const int channels, const int positions, const int edge, view dy, view dx,
                                        int ci, int y, int x, const window k, const float *weights) {
  int taps = k.height * k.width, first_y = (y + k.pad_y) % k.stride, first_x = (x + k.pad_x) % k.stride;
  int from_y = (y + k.pad_y) / k.stride, from_x = (x + k.pad_x) / k.stride;
  for (int part = 0; part < PARTS; part++) {
    vec sum[TILE_CHANNELS][TILE_POSITIONS];
    for (int c = 0; c < channels; c++)
      for (int p = 0; p < positions; p++) sum[c][p] = vset(0);
    for (int co = 0; co < dy.channels; co++) {
      const float *filter = weights + (co * dx.channels + ci) * taps;
      for (int ky = first_y, oy = from_y; ky < k.height; ky += k.stride, oy--) {
        if (oy < 0 || oy >= dy.height) continue;
        const float *row = row_of(dy, co, oy) + part * VEC;
        for (int kx = first_x, ox = from_x; kx < k.width; kx += k.stride, ox--) {
          if (edge && (ox < 0 || ox >= dy.width)) continue;
          vec gradient[TILE_POSITIONS];
          for (int p = 0; p < positions; p++) gradient[p] = vload(row + (ox + p) * LANES);
          for (int c = 0; c < channels; c++) {
            vec weight = vset(filter[c * taps + ky * k.width + kx]);
            for (int p = 0; p < positions; p++) sum[c][p] = vfma(gradient[p], weight, sum[c][p]);
          }
        }
      }
    }
    for (int c = 0; c < channels; c++)
      for (int p = 0; p < positions; p++)
        vstore(row_of(dx, ci + c, y) + (x + p * k.stride) * LANES + part * VEC, sum[c][p]);
  }
}

/* Runs all tiles of `channels` input channels each, from `ci` on; returns the first channel that is left. */
INLINE int strided_input_gradient(const int channels, view dy, view dx, int ci, const window k, const float *weights) {
  for (; ci + channels <= dx.channels; ci += channels) {
    for (int y = 0; y < dx.height; y++) {
      for (int phase = 0; phase < k.stride && phase < dx.width; phase++) {
        int back = (k.width - 1 - (phase + k.pad_x) % k.stride) / k.stride; // distance in outputs to that of the last tap
        for (int x = phase; x < dx.width;) {
          int ox = (x + k.pad_x) / k.stride;
          int inside = ox >= back && ox + TILE_POSITIONS <= dy.width && x + (TILE_POSITIONS - 1) * k.stride < dx.width;
          if (inside) strided_input_gradient_tile(channels, TILE_POSITIONS, 0, dy, dx, ci, y, x, k, weights);
          else strided_input_gradient_tile(channels, 1, 1, dy, dx, ci, y, x, k, weights);
          x += (inside ? TILE_POSITIONS : 1) * k.stride;
        }
      }
    }
  }
  return ci;
}

/*
 * Stride 1: the convolution of the output's gradient, in its halo of zeros, with the kernel turned by 180° and its
 * channels exchanged.
 */
static void step_conv2d_input_gradient(const context *c, const int *words, int block) {
  const struct conv2d_input_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  window k = a->k;
  if (k.stride == 1) {
    window turned = {k.height, k.width, 1, k.height - 1 - k.pad_y, k.width - 1 - k.pad_x};
    convolve(dy, dx, turned, c->arena + a->transposed, 0, 0);
    return;
  }
  int ci = strided_input_gradient(TILE_CHANNELS, dy, dx, 0, k, c->arena + a->weights);
  strided_input_gradient(1, dy, dx, ci, k, c->arena + a->weights);
}

struct conv2d_transpose_weights {
  int weights, transposed, filters, channels, height, width;
};

/* [co][ci][ky][kx] to [ci][co][height−1−ky][width−1−kx]. */
static void step_conv2d_transpose_weights(const context *c, const int *words, int block) {
  const struct conv2d_transpose_weights *a = (const void *)words;
  int taps = a->height * a->width;
  (void)block;
  for (int co = 0; co < a->filters; co++) {
    for (int ci = 0; ci < a->channels; ci++) {
      const float *from = c->arena + a->weights + (co * a->channels + ci) * taps;
      float *to = c->arena + a->transposed + (ci * a->filters + co) * taps;
      for (int t = 0; t < taps; t++) to[taps - 1 - t] = from[t];
    }
  }
}

/* Bytes of the output's gradient that all tiles of weights read before they go on to the next rows: half of an L1 cache. */
#define STRIP_BYTES (1 << 14)

/* Rows of an output's gradient, from `first` to before `end`. */
typedef struct {
  int first, end;
} strip;

/* The strip from row `first` on; a tile reads `channels` channels of it. */
INLINE strip strip_of(view dy, int channels, int first) {
  int rows = STRIP_BYTES / (channels * dy.row * (int)sizeof(float)) + 1;
  strip s = {first, first + rows < dy.height ? first + rows : dy.height};
  return s;
}

/*
 * Adds the gradient of channels × rows × taps weights to their lanes: for each, the sum over the positions of a strip,
 * row by row.
 * A tile's rows are `row_step` apart in the input, `weight_step` in the weights: rows of a kernel, or input channels. `gradient`
 * points to the first weight.
 */
INLINE void weight_gradient_tile(const int channels, const int rows, const int taps, view in, view dy, strip ys,
                                 int co, int ci, int ky, int kx, const window k, const int stride, int row_step, int weight_step,
                                 float *gradient, int filter) {
  for (int part = 0; part < PARTS; part++) {
    vec sum[GRADIENT_MAX_CHANNELS][GRADIENT_MAX_ROWS][GRADIENT_MAX_TAPS];
    for (int c = 0; c < channels; c++)
      for (int r = 0; r < rows; r++)
        for (int t = 0; t < taps; t++)
          sum[c][r][t] = vload(gradient + (c * filter + r * weight_step + t) * LANES + part * VEC);
    for (int y = ys.first; y < ys.end; y++) {
      const float *g = row_of(dy, co, y) + part * VEC;
      const float *x = row_of(in, ci, y * stride + ky - k.pad_y) + (kx - k.pad_x) * LANES + part * VEC;
      for (int position = 0; position < dy.width; position++, g += LANES, x += stride * LANES) {
        vec dv[GRADIENT_MAX_CHANNELS];
        for (int c = 0; c < channels; c++) dv[c] = vload(g + c * dy.channel);
        for (int r = 0; r < rows; r++) {
          for (int t = 0; t < taps; t++) {
            vec value = vload(x + r * row_step + t * LANES);
            for (int c = 0; c < channels; c++) sum[c][r][t] = vfma(value, dv[c], sum[c][r][t]);
          }
        }
      }
    }
    for (int c = 0; c < channels; c++)
      for (int r = 0; r < rows; r++)
        for (int t = 0; t < taps; t++)
          vstore(gradient + (c * filter + r * weight_step + t) * LANES + part * VEC, sum[c][r][t]);
  }
}

struct conv2d_weight_gradient {
  int in, dy, lanes;
  window k;
};

/* Runs all tiles of `channels` output channels each, from `co` on; returns the first channel that is left. */
INLINE int weight_gradient_channels(const int channels, const int rows, const int taps, const int stride, view in,
                                    view dy, strip ys, int co, window k, float *gradient) {
  int filter = in.channels * k.height * k.width;
  for (; co + channels <= dy.channels; co += channels) {
    for (int ci = 0; ci < in.channels; ci++) {
      for (int ky = 0; ky + rows <= k.height; ky += rows) {
        float *row = gradient + (co * filter + (ci * k.height + ky) * k.width) * LANES;
        int kx = 0;
        for (; kx + taps <= k.width; kx += taps)
          weight_gradient_tile(channels, rows, taps, in, dy, ys, co, ci, ky, kx, k, stride, in.row, k.width,
                               row + kx * LANES, filter);
        for (; kx < k.width; kx++)
          weight_gradient_tile(channels, rows, 1, in, dy, ys, co, ci, ky, kx, k, stride, in.row, k.width,
                               row + kx * LANES, filter);
      }
    }
  }
  return co;
}

/* The same for kernels of 1×1, in tiles of several input channels. */
INLINE int pointwise_gradient_channels(const int channels, view in, view dy, strip ys, int co, window k, float *gradient) {
  for (; co + channels <= dy.channels; co += channels) {
    float *row = gradient + co * in.channels * LANES;
    int ci = 0;
    for (; ci + GRADIENT_INPUTS <= in.channels; ci += GRADIENT_INPUTS)
      weight_gradient_tile(channels, GRADIENT_INPUTS, 1, in, dy, ys, co, ci, 0, 0, k, k.stride, in.channel, 1,
                           row + ci * LANES, in.channels);
    for (; ci < in.channels; ci++)
      weight_gradient_tile(channels, 1, 1, in, dy, ys, co, ci, 0, 0, k, k.stride, in.channel, 1, row + ci * LANES,
                           in.channels);
  }
  return co;
}

INLINE void weight_gradient_strip(view in, view dy, strip ys, window k, float *gradient) {
  int co = 0;
  if (k.stride == 1 && k.height == 3 && k.width == 3) {
    co = weight_gradient_channels(GRADIENT_CHANNELS, GRADIENT_ROWS, 3, 1, in, dy, ys, co, k, gradient);
    weight_gradient_channels(1, GRADIENT_ROWS, 3, 1, in, dy, ys, co, k, gradient);
  } else if (k.stride == 1 && k.width == 5) {
    co = weight_gradient_channels(2, 1, 5, 1, in, dy, ys, co, k, gradient);
    weight_gradient_channels(1, 1, 5, 1, in, dy, ys, co, k, gradient);
  } else if (k.height == 1 && k.width == 1) {
    co = pointwise_gradient_channels(GRADIENT_WIDE_CHANNELS, in, dy, ys, co, k, gradient);
    pointwise_gradient_channels(1, in, dy, ys, co, k, gradient);
  } else {
    co = weight_gradient_channels(GRADIENT_WIDE_CHANNELS, 1, GRADIENT_TAPS, k.stride, in, dy, ys, co, k, gradient);
    weight_gradient_channels(1, 1, GRADIENT_TAPS, k.stride, in, dy, ys, co, k, gradient);
  }
}

static void step_conv2d_weight_gradient(const context *c, const int *words, int block) {
  const struct conv2d_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->dy, block);
  for (int y = 0; y < dy.height;) {
    strip ys = strip_of(dy, GRADIENT_WIDE_CHANNELS, y);
    weight_gradient_strip(in, dy, ys, a->k, c->arena + a->lanes);
    y = ys.end;
  }
}

struct bias_gradient {
  int dy, lanes;
};

/* Adds the sum over all positions to the lanes of each channel's bias. */
static void step_bias_gradient(const context *c, const int *words, int block) {
  const struct bias_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block);
  for (int ch = 0; ch < dy.channels; ch++) {
    float *gradient = c->arena + a->lanes + ch * LANES;
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
