/*
 * 2-D convolution (cross-correlation). Inputs carry a halo of zeros wide enough for the padding, so no position needs
 * a test. Weights are [out channel][in channel][ky][kx]. A tile of TILE_CHANNELS × TILE_POSITIONS sums stays in
 * registers over all taps.
 */
#include "program.h"

INLINE void conv2d_tile(const int channels, const int positions, const int taps, const float *in, int in_row,
                        int in_channel, int in_channels, int rows, int stride, const float *weights, int filter,
                        const float *bias, int relu, float *out, int out_channel) {
  for (int part = 0; part < PARTS; part++) {
    vec sum[TILE_CHANNELS][TILE_POSITIONS];
    for (int c = 0; c < channels; c++) {
      vec start = vset(bias ? bias[c] : 0);
      for (int p = 0; p < positions; p++) sum[c][p] = start;
    }
    const float *w = weights;
    for (int ci = 0; ci < in_channels; ci++) {
      for (int ky = 0; ky < rows; ky++) {
        const float *row = in + ci * in_channel + ky * in_row + part * VEC;
        KEEP_ROLLED for (int kx = 0; kx < taps; kx++, w++) {
          vec x[TILE_POSITIONS];
          for (int p = 0; p < positions; p++) x[p] = vload(row + (kx + p * stride) * LANES);
          for (int c = 0; c < channels; c++) {
            vec weight = vset(w[c * filter]);
            for (int p = 0; p < positions; p++) sum[c][p] = vfma(x[p], weight, sum[c][p]);
          }
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      for (int p = 0; p < positions; p++) {
        vec value = relu ? vmax(sum[c][p], vset(0)) : sum[c][p];
        vstore(out + c * out_channel + p * LANES + part * VEC, value);
      }
    }
  }
}

INLINE void conv2d_row(const int channels, const int taps, const int stride, view in, view out, int co, int y, window k,
                       const float *weights, int filter, const float *bias, int relu) {
  const float *origin = row_of(in, 0, y * stride - k.pad_y) - k.pad_x * LANES;
  float *target = row_of(out, co, y);
  int x = 0;
#define TILE(positions)                                                                                                \
  for (; x + positions <= out.width; x += positions)                                                                   \
    conv2d_tile(channels, positions, taps, origin + x * stride * LANES, in.row, in.channel, in.channels, k.height,     \
                stride, weights, filter, bias, relu, target + x * LANES, out.channel);
  TILE(TILE_POSITIONS)
#if TILE_POSITIONS > 2
  TILE(2)
#endif
  TILE(1)
#undef TILE
}

INLINE void conv2d_all(const int taps, const int stride, view in, view out, window k, const float *weights,
                       const float *bias, int relu) {
  int filter = in.channels * k.height * taps;
  int co = 0;
#define ROWS(count)                                                                                                    \
  for (; co + count <= out.channels; co += count)                                                                      \
    for (int y = 0; y < out.height; y++)                                                                               \
      conv2d_row(count, taps, stride, in, out, co, y, k, weights + co * filter, filter, bias ? bias + co : 0, relu);
  ROWS(TILE_CHANNELS)
  ROWS(1)
#undef ROWS
}

/* Square kernels of the usual sizes with stride 1 get code of their own; the rest shares one slower form. */
static void convolve(view in, view out, window k, const float *weights, const float *bias, int relu) {
  if (k.stride == 1 && k.width == 3) conv2d_all(3, 1, in, out, k, weights, bias, relu);
  else if (k.stride == 1 && k.width == 1) conv2d_all(1, 1, in, out, k, weights, bias, relu);
  else conv2d_all(k.width, k.stride, in, out, k, weights, bias, relu);
}

struct conv2d {
  int in, out, weights, bias;
  window k;
  int relu;
};

static void step_conv2d(const context *c, const int *words, int block) {
  const struct conv2d *a = (const void *)words;
  convolve(view_of(c, a->in, block), view_of(c, a->out, block), a->k, c->arena + a->weights,
           a->bias < 0 ? 0 : c->arena + a->bias, a->relu);
}
