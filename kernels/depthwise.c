/*
 * Depthwise 2-D convolution: one filter a channel, weights [channel][ky][kx]. Inputs carry a halo of zeros; outputs'
 * gradients do not, so the input gradient leaves out the taps that would reach beside them. Both are runs of positions
 * that the same taps reach: DEPTHWISE_POSITIONS sums at a time stay in registers over all taps.
 */
#include "program.h"

/* Part of a grid of numbers: its first one, and the distances in floats to the next row and column. */
typedef struct {
  const float *first;
  int row, column;
} grid;

/* `in` is what the first position reads through `weights`; the next positions read and write a step behind it. */
INLINE void depthwise_tile(const int positions, int rows, const int columns, grid weights, grid in, const int in_step,
                           float start, int relu, float *out, const int out_step) {
  for (int i = 0; i < LANES; i += VEC) {
    vec sum[DEPTHWISE_POSITIONS];
    for (int p = 0; p < positions; p++) sum[p] = vset(start);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        vec weight = vset(weights.first[row * weights.row + column * weights.column]);
        const float *x = in.first + row * in.row + column * in.column + i;
        for (int p = 0; p < positions; p++) sum[p] = vfma(vload(x + p * in_step), weight, sum[p]);
      }
    }
    for (int p = 0; p < positions; p++) vstore(out + p * out_step + i, relu ? vmax(sum[p], vset(0)) : sum[p]);
  }
}

/* `count` positions. The last of several tiles overlaps the one before it, which is faster than single positions. */
INLINE void depthwise_run(int count, int rows, const int columns, grid weights, grid in, const int in_step, float start,
                          int relu, float *out, const int out_step) {
  int last = count - DEPTHWISE_POSITIONS;
#define TILE(positions, at)                                                                                            \
  depthwise_tile(positions, rows, columns, weights, (grid){in.first + (at) * in_step, in.row, in.column}, in_step,     \
                 start, relu, out + (at) * out_step, out_step)
  if (last < 0)
    for (int x = 0; x < count; x++) TILE(1, x);
  else
    for (int x = 0; x < count; x += DEPTHWISE_POSITIONS) TILE(DEPTHWISE_POSITIONS, x < last ? x : last);
#undef TILE
}

INLINE void depthwise_all(const int columns, const int stride, view in, view out, window k, const float *weights,
                          const float *bias, int relu) {
  for (int ch = 0; ch < out.channels; ch++) {
    grid filter = {weights + ch * k.height * columns, columns, 1};
    for (int y = 0; y < out.height; y++) {
      grid seen = {row_of(in, ch, y * stride - k.pad_y) - k.pad_x * LANES, in.row, LANES};
      depthwise_run(out.width, k.height, columns, filter, seen, stride * LANES, bias ? bias[ch] : 0, relu,
                    row_of(out, ch, y), LANES);
    }
  }
}

struct depthwise_conv2d {
  int in, out, weights, bias;
  window k;
  int relu;
};

/* As in conv2d.c, kernels of the usual sizes with stride 1 get code of their own, here and in the gradients. */
static void step_depthwise_conv2d(const context *c, const int *words, int block) {
  const struct depthwise_conv2d *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  const float *weights = c->arena + a->weights, *bias = a->bias < 0 ? 0 : c->arena + a->bias;
  window k = a->k;
  if (k.stride == 1 && k.width == 3) depthwise_all(3, 1, in, out, k, weights, bias, a->relu);
  else if (k.stride == 1 && k.width == 5) depthwise_all(5, 1, in, out, k, weights, bias, a->relu);
  else depthwise_all(k.width, k.stride, in, out, k, weights, bias, a->relu);
}

struct depthwise_conv2d_input_gradient {
  int dy, dx, weights;
  window k;
};

/*
 * The outputs that read an input, in one direction: `output` through the tap `first`, the output before it through the tap
 * one stride later, and so on, `taps` in total (none if not positive). The following outputs read the inputs one stride, two
 * strides … later through the same taps: `inputs` in total, which may be more than there are.
 */
typedef struct {
  int output, first, taps, inputs;
} reach;

INLINE int strides_in(int length, const int stride) { return (length + stride - 1) / stride; }

INLINE reach reaching(int input, int side, const int stride, int padding, int outputs) {
  int output = (input + padding) / stride, first = (input + padding) % stride;
  if (output >= outputs) {
    first += (output - outputs + 1) * stride;
    output = outputs - 1;
  }
  int taps = strides_in(side - first, stride);
  if (taps > output + 1) return (reach){output, first, output + 1, 1};
  return (reach){output, first, taps, outputs - output};
}

INLINE void depthwise_input_gradient_row(const int columns, const int stride, view dy, view dx, int ch, int y, window k,
                                         const float *filter) {
  reach down = reaching(y, k.height, stride, k.pad_y, dy.height), across;
  for (int phase = 0; phase < stride; phase++) {
    for (int x = phase; x < dx.width; x += across.inputs * stride) {
      across = reaching(x, columns, stride, k.pad_x, dy.width);
      int left = strides_in(dx.width - x, stride), count = across.inputs < left ? across.inputs : left;
      grid weights = {filter + down.first * columns + across.first, stride * columns, stride};
      grid seen = {row_of(dy, ch, down.output) + across.output * LANES, -dy.row, -LANES};
      float *target = row_of(dx, ch, y) + x * LANES;
      if (across.taps == columns)
        depthwise_run(count, down.taps, columns, weights, seen, LANES, 0, 0, target, stride * LANES);
      else depthwise_run(count, down.taps, across.taps, weights, seen, LANES, 0, 0, target, stride * LANES);
    }
  }
}

INLINE void depthwise_input_gradient(const int columns, const int stride, view dy, view dx, window k,
                                     const float *weights) {
  for (int ch = 0; ch < dx.channels; ch++)
    for (int y = 0; y < dx.height; y++)
      depthwise_input_gradient_row(columns, stride, dy, dx, ch, y, k, weights + ch * k.height * columns);
}

static void step_depthwise_conv2d_input_gradient(const context *c, const int *words, int block) {
  const struct depthwise_conv2d_input_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  const float *weights = c->arena + a->weights;
  window k = a->k;
  if (k.stride == 1 && k.width == 3) depthwise_input_gradient(3, 1, dy, dx, k, weights);
  else if (k.stride == 1 && k.width == 5) depthwise_input_gradient(5, 1, dy, dx, k, weights);
  else depthwise_input_gradient(k.width, k.stride, dy, dx, k, weights);
}

struct depthwise_conv2d_weight_gradient {
  int in, dy, lanes;
  window k;
};

/* One sweep over the positions for every rows × columns of the taps. */
INLINE void depthwise_weight_gradient(const int rows, const int columns, view in, view dy, window k, float *gradient) {
  for (int ch = 0; ch < dy.channels; ch++) {
    for (int y = 0; y < dy.height;) {
      strip ys = strip_of(dy, 1, y);
      for (int ky = 0; ky < k.height; ky += rows)
        for (int kx = 0; kx < k.width; kx += columns)
          weight_gradient_tile(1, rows, columns, in, dy, ys, ch, ch, ky, kx, k, k.stride, in.row, k.width,
                               gradient + ((ch * k.height + ky) * k.width + kx) * LANES, 0);
      y = ys.end;
    }
  }
}

static void step_depthwise_conv2d_weight_gradient(const context *c, const int *words, int block) {
  const struct depthwise_conv2d_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->dy, block);
  float *gradient = c->arena + a->lanes;
  window k = a->k;
  if (k.height == 3 && k.width == 3) depthwise_weight_gradient(3, 3, in, dy, k, gradient);
  else if (k.width == 5) depthwise_weight_gradient(1, 5, in, dy, k, gradient);
  else depthwise_weight_gradient(1, 1, in, dy, k, gradient);
}
