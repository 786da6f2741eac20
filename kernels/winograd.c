/*
 * 2-D convolution of 3×3 with stride 1 by minimal filtering, F(2×2, 3×3) of Lavin & Gray 2016, "Fast Algorithms for Convolutional
 * Neural Networks": 16 products give the four outputs of a tile, in place of 36. Input d (4×4) and weights g (3×3) are
 * transformed to BᵀdB and GgGᵀ, multiplied position by position and summed over the input channels; Aᵀ(…)A of the 16 sums is
 * the output (2×2). Where a map has odd sides, its last tiles have one row or column of outputs, and zeros for inputs
 * that only the others would need.
 */
#include "program.h"

#define POSITIONS 16
/* Tiles that are transformed and multiplied together. More than two are no faster on any target. */
#define WINOGRAD_TILES 2

INLINE int smaller(int a, int b) { return a < b ? a : b; }

/* Positions of the first output of a tile; tiles are numbered row by row. */
typedef struct {
  int y, x;
} corner;

INLINE corner corner_of(view out, int tile) {
  int across = (out.width + 1) / 2;
  corner first = {tile / across * 2, tile % across * 2};
  return first;
}

INLINE int tiles_of(view out) { return (out.width + 1) / 2 * ((out.height + 1) / 2); }

/* Bᵀd of four numbers. */
INLINE void transform_inputs(const vec d[4], vec out[4]) {
  out[0] = d[0] - d[2];
  out[1] = d[1] + d[2];
  out[2] = d[2] - d[1];
  out[3] = d[1] - d[3];
}

/* Stores BᵀdB of a tile of `rows` × `columns` inputs, `step` floats from one position to the next. */
INLINE void transform_input_tile(const float *from, int row, int rows, int columns, float *to, long step) {
  vec half[4][4];
  for (int x = 0; x < 4; x++) {
    vec d[4], column[4];
    for (int y = 0; y < 4; y++) d[y] = y < rows && x < columns ? vload(from + y * row + x * LANES) : vset(0);
    transform_inputs(d, column);
    for (int y = 0; y < 4; y++) half[y][x] = column[y];
  }
  for (int y = 0; y < 4; y++) {
    vec line[4];
    transform_inputs(half[y], line);
    for (int x = 0; x < 4; x++) vstore(to + (y * 4 + x) * step, line[x]);
  }
}

/*
 * Stores one part of the transformed inputs of `tiles` tiles from `first` on: [position][channel][tile], with a gap of a
 * register between positions, which would otherwise share a set of the cache.
 */
INLINE long transform_inputs_of(view in, view out, int pad_y, int pad_x, int first, int tiles, int part, float *to) {
  long step = (in.channels * tiles + 1) * VEC;
  for (int t = 0; t < tiles; t++, to += VEC) {
    corner at = corner_of(out, first + t);
    int rows = smaller(4, out.height - at.y + 2), columns = smaller(4, out.width - at.x + 2);
    const float *from = row_of(in, 0, at.y - pad_y) + (at.x - pad_x) * LANES + part * VEC;
    if (rows == 4 && columns == 4) {
      for (int ci = 0; ci < in.channels; ci++)
        transform_input_tile(from + ci * in.channel, in.row, 4, 4, to + ci * tiles * VEC, step);
    } else {
      for (int ci = 0; ci < in.channels; ci++)
        transform_input_tile(from + ci * in.channel, in.row, rows, columns, to + ci * tiles * VEC, step);
    }
  }
  return step;
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

/* Stores AᵀmA + bias, or as many of its rows and columns as the map has. */
INLINE void store_outputs(const vec m[POSITIONS], vec bias, int relu, float *to, int row, int rows, int columns) {
  vec half[2][4];
  for (int x = 0; x < 4; x++) {
    half[0][x] = m[x] + m[4 + x] + m[8 + x];
    half[1][x] = m[4 + x] - m[8 + x] - m[12 + x];
  }
  for (int y = 0; y < 2 && y < rows; y++) {
    const vec *h = half[y];
    vec left = h[0] + h[1] + h[2] + bias, right = h[1] - h[2] - h[3] + bias;
    vstore(to + y * row, relu ? vmax(left, vset(0)) : left);
    if (columns > 1) vstore(to + y * row + LANES, relu ? vmax(right, vset(0)) : right);
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
  for (int part = 0; part < PARTS; part++) {
    long step = transform_inputs_of(in, out, a->pad_y, a->pad_x, first, tiles, part, inputs);
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
INLINE void transform_taps(const vec g[3], vec out[4]) {
  vec outer = g[0] + g[2];
  out[0] = g[0];
  out[1] = (outer + g[1]) * vset(0.5f);
  out[2] = (outer - g[1]) * vset(0.5f);
  out[3] = g[2];
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
      vec g[3][3] = {0}, half[4][3];
      for (int lane = 0; lane < count; lane++) {
        int channel = first + lane, kernel = a->turned ? channel * a->filters + f : f * a->channels + channel;
        const float *taps = c->arena + a->weights + (long)kernel * 9;
        for (int t = 0; t < 9; t++) g[t / 3][t % 3][lane] = taps[a->turned ? 8 - t : t];
      }
      for (int x = 0; x < 3; x++) {
        vec taps[3] = {g[0][x], g[1][x], g[2][x]}, column[4];
        transform_taps(taps, column);
        for (int y = 0; y < 4; y++) half[y][x] = column[y];
      }
      float *to = c->arena + a->transformed + (long)f * POSITIONS * a->channels + first;
      for (int y = 0; y < 4; y++) {
        vec line[4];
        transform_taps(half[y], line);
        for (int x = 0; x < 4; x++, to += a->channels)
          for (int lane = 0; lane < count; lane++) to[lane] = line[x][lane];
      }
    }
  }
}
