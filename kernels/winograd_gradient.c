/*
 * The gradient of the weights of a 3×3 convolution with stride 1 by minimal filtering, F(3×3, 2×2): winograd.c transposed.
 * The output's gradient (2×2) is transformed by A(…)Aᵀ and multiplied by the transformed input, position by position. The
 * products add up, lane by lane, over the tiles of all blocks; Gᵀ(…)G of the 16 sums is the gradient of nine weights.
 */
#include "program.h"

/* Tiles of whose products a register adds up before it goes back to memory. */
#define GRADIENT_TILES 16

/* Ay of two numbers. */
INLINE void transform_outputs(vec first, vec second, vec out[4]) {
  out[0] = first;
  out[1] = first + second;
  out[2] = first - second;
  out[3] = vset(0) - second;
}

/* Stores A dy Aᵀ of a tile of `rows` × `columns` outputs, `step` floats from one position to the next. */
INLINE void transform_gradient_tile(const float *from, int row, int rows, int columns, float *to, long step) {
  vec half[2][4];
  for (int x = 0; x < 2; x++) {
    vec upper = x < columns ? vload(from + x * LANES) : vset(0);
    vec lower = x < columns && rows > 1 ? vload(from + row + x * LANES) : vset(0);
    transform_outputs(upper, lower, half[x]);
  }
  for (int y = 0; y < 4; y++) {
    vec line[4];
    transform_outputs(half[0][y], half[1][y], line);
    for (int x = 0; x < 4; x++) vstore(to + (y * 4 + x) * step, line[x]);
  }
}

/* The same as `transform_inputs_of` for the output's gradient. */
INLINE long transform_gradients_of(view dy, int first, int tiles, int part, float *to) {
  long step = (dy.channels * tiles + 1) * VEC;
  for (int t = 0; t < tiles; t++, to += VEC) {
    corner at = corner_of(dy, first + t);
    int rows = smaller(2, dy.height - at.y), columns = smaller(2, dy.width - at.x);
    const float *from = row_of(dy, 0, at.y) + at.x * LANES + part * VEC;
    if (rows == 2 && columns == 2) {
      for (int co = 0; co < dy.channels; co++)
        transform_gradient_tile(from + co * dy.channel, dy.row, 2, 2, to + co * tiles * VEC, step);
    } else {
      for (int co = 0; co < dy.channels; co++)
        transform_gradient_tile(from + co * dy.channel, dy.row, rows, columns, to + co * tiles * VEC, step);
    }
  }
  return step;
}

/* Adds the products of `tiles` tiles to the lanes of channels × inputs sums, which are `filter` floats apart. */
INLINE void add_products(const int channels, const int inputs, int tiles, const float *gradients, const float *values,
                         float *lanes, int filter) {
  vec sum[TILE_CHANNELS][WINOGRAD_INPUTS];
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < inputs; i++) sum[c][i] = vload(lanes + c * filter + i * VEC);
  for (int t = 0; t < tiles; t++) {
    vec x[WINOGRAD_INPUTS];
    for (int i = 0; i < inputs; i++) x[i] = vload(values + (i * tiles + t) * VEC);
    for (int c = 0; c < channels; c++) {
      vec dv = vload(gradients + (c * tiles + t) * VEC);
      HOLD(dv);
      for (int i = 0; i < inputs; i++) sum[c][i] = vfma(x[i], dv, sum[c][i]);
    }
  }
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < inputs; i++) vstore(lanes + c * filter + i * VEC, sum[c][i]);
}

/* Runs `channels` output channels over all input channels at one position. */
INLINE void add_products_of(const int channels, int tiles, const float *gradients, const float *values, int in_channels,
                            float *lanes) {
  int filter = POSITIONS * in_channels * VEC, ci = 0;
  for (; ci + WINOGRAD_INPUTS <= in_channels; ci += WINOGRAD_INPUTS)
    add_products(channels, WINOGRAD_INPUTS, tiles, gradients, values + ci * tiles * VEC, lanes + ci * VEC, filter);
  for (; ci < in_channels; ci++)
    add_products(channels, 1, tiles, gradients, values + ci * tiles * VEC, lanes + ci * VEC, filter);
}

struct winograd_weight_gradient {
  int in, dy, lanes, pad_y, pad_x, tiles;
};

/* The lanes are [part][output channel][position][input channel], so that the lines of the cache are full of one part. */
static void step_winograd_weight_gradient(const context *c, const int *words, int block) {
  const struct winograd_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->dy, block);
  int all = tiles_of(dy);
  for (int part = 0; part < PARTS; part++) {
    for (int first = 0; first < all; first += GRADIENT_TILES) {
      int tiles = smaller(GRADIENT_TILES, all - first);
      float *values = c->arena + a->tiles;
      long step = transform_inputs_of(in, dy, a->pad_y, a->pad_x, first, tiles, part, values);
      float *gradients = values + POSITIONS * step;
      long gradient_step = transform_gradients_of(dy, first, tiles, part, gradients);
      for (int p = 0; p < POSITIONS; p++, values += step, gradients += gradient_step) {
        long filter = (long)POSITIONS * in.channels * VEC;
        float *lanes = c->arena + a->lanes + part * dy.channels * filter + p * in.channels * VEC;
        int co = 0;
        for (; co + TILE_CHANNELS <= dy.channels; co += TILE_CHANNELS)
          add_products_of(TILE_CHANNELS, tiles, gradients + co * tiles * VEC, values, in.channels, lanes + co * filter);
        for (; co < dy.channels; co++)
          add_products_of(1, tiles, gradients + co * tiles * VEC, values, in.channels, lanes + co * filter);
      }
    }
  }
}

/* Gᵀm of four numbers, `stride` apart; stores three, `to_stride` apart. */
INLINE void sum_taps(const float *m, int stride, float *to, int to_stride) {
  float sum = (m[stride] + m[2 * stride]) * 0.5f, difference = (m[stride] - m[2 * stride]) * 0.5f;
  to[0] = m[0] + sum;
  to[to_stride] = difference;
  to[2 * to_stride] = sum + m[3 * stride];
}

struct winograd_reduce_lanes {
  int lanes, gradient, filters, channels;
};

/* The sum of all lanes of a value whose parts are `part_step` floats apart. */
INLINE float reduce_parts(const float *lanes, long part_step) {
  float together[LANES] __attribute__((aligned(LANES * 4)));
  for (int part = 0; part < PARTS; part++) vstore(together + part * VEC, vload(lanes + part * part_step));
  return reduce(together);
}

/* Adds up the lanes of the products and transforms them to the gradient, [filter][channel][ky][kx]. */
static void step_winograd_reduce_lanes(const context *c, const int *words, int block) {
  const struct winograd_reduce_lanes *a = (const void *)words;
  (void)block;
  long part_step = (long)a->filters * POSITIONS * a->channels * VEC;
  for (int f = 0; f < a->filters; f++) {
    for (int ch = 0; ch < a->channels; ch++) {
      const float *lanes = c->arena + a->lanes + ((long)f * POSITIONS * a->channels + ch) * VEC;
      float products[POSITIONS], half[3 * 4];
      for (int p = 0; p < POSITIONS; p++) products[p] = reduce_parts(lanes + (long)p * a->channels * VEC, part_step);
      for (int x = 0; x < 4; x++) sum_taps(products + x, 4, half + x, 4);
      float *gradient = c->arena + a->gradient + ((long)f * a->channels + ch) * 9;
      for (int y = 0; y < 3; y++) sum_taps(half + 4 * y, 1, gradient + 3 * y, 1);
    }
  }
}
