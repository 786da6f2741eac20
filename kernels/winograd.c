/*
 * 2-D convolution of 3×3 with stride 1 by minimal filtering, F(4×4, 3×3) of Lavin & Gray 2016, "Fast Algorithms for Convolutional
 * Neural Networks", section 4.3: 36 products give the 16 outputs of a tile, in place of 144. Input d (6×6) and weights g (3×3) are
 * transformed to BᵀdB and GgGᵀ, multiplied position by position and summed over the input channels; Aᵀ(…)A of the 36 sums is
 * the output (4×4). Where the sides of a map are no multiples of four, its last tiles have fewer rows or columns of outputs, and
 * zeros for inputs that only the others would need.
 */
#include "program.h"

/* Sides of a tile of outputs and of the inputs that they need, and the products of a tile. */
#define OUT 4
#define SIDE 6
#define POSITIONS (SIDE * SIDE)
/* Tiles that are transformed and multiplied together. */
#define WINOGRAD_TILES 2

INLINE int smaller(int a, int b) { return a < b ? a : b; }

/* Positions of the first output of a tile; tiles are numbered row by row. */
typedef struct {
  int y, x;
} corner;

INLINE corner corner_of(view out, int tile) {
  int across = (out.width + OUT - 1) / OUT;
  corner first = {tile / across * OUT, tile % across * OUT};
  return first;
}

INLINE int tiles_of(view out) { return (out.width + OUT - 1) / OUT * ((out.height + OUT - 1) / OUT); }

/* Bᵀd of six numbers. */
INLINE void transform_inputs(const vec d[SIDE], vec out[SIDE]) {
  vec four = vset(4), minus_four = vset(-4), minus_five = vset(-5);
  vec even = vfma(d[2], minus_four, d[4]), odd = vfma(d[1], minus_four, d[3]);
  vec outer = d[4] - d[2], twice = d[3] - d[1];
  twice = twice + twice;
  out[0] = vfma(d[0], four, vfma(d[2], minus_five, d[4]));
  out[1] = even + odd;
  out[2] = even - odd;
  out[3] = outer + twice;
  out[4] = outer - twice;
  out[5] = vfma(d[1], four, vfma(d[3], minus_five, d[5]));
}

/* Stores BᵀdB of a tile of `rows` × `columns` inputs, `step` floats from one position to the next. */
INLINE void transform_input_tile(const float *from, int row, int rows, int columns, float *to, long step) {
  vec half[SIDE][SIDE];
  for (int x = 0; x < SIDE; x++) {
    vec d[SIDE], column[SIDE];
    for (int y = 0; y < SIDE; y++) d[y] = y < rows && x < columns ? vload(from + y * row + x * LANES) : vset(0);
    transform_inputs(d, column);
    for (int y = 0; y < SIDE; y++) half[y][x] = column[y];
  }
  for (int y = 0; y < SIDE; y++) {
    vec line[SIDE];
    transform_inputs(half[y], line);
    for (int x = 0; x < SIDE; x++) vstore(to + (y * SIDE + x) * step, line[x]);
  }
}

/* Stores the transformed inputs of a tile for each channel, `channel` floats apart. */
INLINE void transform_channels(view in, const float *from, int rows, int columns, float *to, int channel, long step) {
  for (int ci = 0; ci < in.channels; ci++)
    transform_input_tile(from + ci * in.channel, in.row, rows, columns, to + ci * channel, step);
}

/* The same for one part of the lanes, of the tile whose outputs begin at `at`. */
INLINE void transform_inputs_of(view in, view out, corner at, int pad_y, int pad_x, int part, float *to, int channel,
                                long step) {
  int rows = smaller(SIDE, out.height - at.y + 2), columns = smaller(SIDE, out.width - at.x + 2);
  const float *from = row_of(in, 0, at.y - pad_y) + (at.x - pad_x) * LANES + part * VEC;
  if (rows == SIDE && columns == SIDE) transform_channels(in, from, SIDE, SIDE, to, channel, step);
  else transform_channels(in, from, rows, columns, to, channel, step);
}

/* The sums over all input channels at one position: channels × tiles of them. */
INLINE void multiply_tiles(const int channels, const int tiles, const float *inputs, int in_channels,
                           const float *weights, vec sums[TILE_CHANNELS][WINOGRAD_TILES]) {
  for (int c = 0; c < channels; c++)
    for (int t = 0; t < tiles; t++) sums[c][t] = vset(0);
  for (int ci = 0; ci < in_channels; ci++, inputs += tiles * VEC) {
    vec x[WINOGRAD_TILES];
    for (int t = 0; t < tiles; t++) x[t] = vload(inputs + t * VEC);
    for (int c = 0; c < channels; c++) {
      vec weight = vset(weights[c * POSITIONS * in_channels + ci]);
      for (int t = 0; t < tiles; t++) sums[c][t] = vfma(x[t], weight, sums[c][t]);
    }
  }
}

/* Aᵀm of six numbers. */
INLINE void transform_products(const vec m[SIDE], vec out[OUT]) {
  vec sum = m[1] + m[2], difference = m[1] - m[2], outer_sum = m[3] + m[4], outer_difference = m[3] - m[4];
  out[0] = m[0] + sum + outer_sum;
  out[1] = vfma(outer_difference, vset(2), difference);
  out[2] = vfma(outer_sum, vset(4), sum);
  out[3] = vfma(outer_difference, vset(8), difference) + m[5];
}

/* Stores AᵀmA + bias, or as many of its rows and columns as the map has. */
INLINE void store_outputs(const vec m[POSITIONS], vec bias, int relu, float *to, int row, int rows, int columns) {
  vec half[OUT][SIDE];
  for (int x = 0; x < SIDE; x++) {
    vec products[SIDE], column[OUT];
    for (int y = 0; y < SIDE; y++) products[y] = m[y * SIDE + x];
    transform_products(products, column);
    for (int y = 0; y < OUT; y++) half[y][x] = column[y];
  }
  for (int y = 0; y < OUT && y < rows; y++) {
    vec line[OUT];
    transform_products(half[y], line);
    for (int x = 0; x < OUT && x < columns; x++) {
      vec value = line[x] + bias;
      vstore(to + y * row + x * LANES, relu ? vmax(value, vset(0)) : value);
    }
  }
}

struct winograd_conv2d {
  int in, out, transformed, bias, pad_y, pad_x, relu, tiles;
};

/* Computes `channels` output channels from `co` on, of `tiles` tiles from `first` on. */
INLINE void convolve_tiles(const int channels, const int tiles, const struct winograd_conv2d *a, const float *arena,
                           const float *inputs, long step, int in_channels, view out, int co, int first, int part) {
  const float *weights = arena + a->transformed + (long)co * POSITIONS * in_channels;
  vec m[TILE_CHANNELS][WINOGRAD_TILES][POSITIONS];
  for (int p = 0; p < POSITIONS; p++) {
    vec sums[TILE_CHANNELS][WINOGRAD_TILES];
    multiply_tiles(channels, tiles, inputs + p * step, in_channels, weights + p * in_channels, sums);
    for (int c = 0; c < channels; c++)
      for (int t = 0; t < tiles; t++) m[c][t][p] = sums[c][t];
  }
  for (int t = 0; t < tiles; t++) {
    corner at = corner_of(out, first + t);
    int rows = out.height - at.y, columns = out.width - at.x;
    for (int c = 0; c < channels; c++) {
      vec bias = vset(a->bias < 0 ? 0 : arena[a->bias + co + c]);
      float *to = row_of(out, co + c, at.y) + at.x * LANES + part * VEC;
      store_outputs(m[c][t], bias, a->relu, to, out.row, rows, columns);
    }
  }
}

INLINE void winograd_tiles(const int tiles, const context *c, const struct winograd_conv2d *a, view in, view out,
                           int first) {
  float *inputs = c->arena + a->tiles;
  /* [position][channel][tile], with a gap of a register between positions, which would otherwise share a set of the cache. */
  long step = (in.channels * tiles + 1) * VEC;
  for (int part = 0; part < PARTS; part++) {
    for (int t = 0; t < tiles; t++)
      transform_inputs_of(in, out, corner_of(out, first + t), a->pad_y, a->pad_x, part, inputs + t * VEC, tiles * VEC,
                          step);
    int co = 0;
    for (; co + TILE_CHANNELS <= out.channels; co += TILE_CHANNELS)
      convolve_tiles(TILE_CHANNELS, tiles, a, c->arena, inputs, step, in.channels, out, co, first, part);
    for (; co < out.channels; co++)
      convolve_tiles(1, tiles, a, c->arena, inputs, step, in.channels, out, co, first, part);
  }
}

/* Also the input's gradient: the convolution of the output's gradient with the weights turned and exchanged. */
static void step_winograd_conv2d(const context *c, const int *words, int block) {
  const struct winograd_conv2d *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  int all = tiles_of(out), first = 0;
  for (; first + WINOGRAD_TILES <= all; first += WINOGRAD_TILES) winograd_tiles(WINOGRAD_TILES, c, a, in, out, first);
  for (; first < all; first++) winograd_tiles(1, c, a, in, out, first);
}

/* Gg of three numbers. */
INLINE void transform_taps(const vec g[3], vec out[SIDE]) {
  vec outer = (g[0] + g[2]) * vset(-1.0f / 6), middle = g[1] * vset(-1.0f / 6);
  vec far = vfma(g[2], vset(1.0f / 6), g[0] * vset(1.0f / 24)), between = g[1] * vset(1.0f / 12);
  out[0] = g[0] * vset(0.25f);
  out[1] = outer + middle;
  out[2] = outer - middle;
  out[3] = far + between;
  out[4] = far - between;
  out[5] = g[2];
}

struct winograd_weights {
  int weights, transformed, filters, channels, turned;
};

/*
 * Transforms weights to [filter][position][channel]. `turned` ones, for the input's gradient, are turned by 180° and have
 * filters and channels exchanged: there [channel][filter][ky][kx] is read. A lane is a channel.
 */
static void step_winograd_weights(const context *c, const int *words, int block) {
  const struct winograd_weights *a = (const void *)words;
  (void)block;
  for (int f = 0; f < a->filters; f++) {
    for (int first = 0; first < a->channels; first += VEC) {
      int count = smaller(VEC, a->channels - first);
      vec g[3][3] = {0}, half[SIDE][3];
      for (int lane = 0; lane < count; lane++) {
        int channel = first + lane, kernel = a->turned ? channel * a->filters + f : f * a->channels + channel;
        const float *taps = c->arena + a->weights + (long)kernel * 9;
        for (int t = 0; t < 9; t++) g[t / 3][t % 3][lane] = taps[a->turned ? 8 - t : t];
      }
      for (int x = 0; x < 3; x++) {
        vec taps[3] = {g[0][x], g[1][x], g[2][x]}, column[SIDE];
        transform_taps(taps, column);
        for (int y = 0; y < SIDE; y++) half[y][x] = column[y];
      }
      float *to = c->arena + a->transformed + (long)f * POSITIONS * a->channels + first;
      for (int y = 0; y < SIDE; y++) {
        vec line[SIDE];
        transform_taps(half[y], line);
        for (int x = 0; x < SIDE; x++, to += a->channels)
          for (int lane = 0; lane < count; lane++) to[lane] = line[x][lane];
      }
    }
  }
}
