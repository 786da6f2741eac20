/*
 * The gradient of the weights of a 3×3 convolution with stride 1 by minimal filtering, F(3×3, 4×4): winograd.c transposed.
 * The output's gradient (4×4) is transformed by A(…)Aᵀ and multiplied by the transformed input, position by position. The
 * products add up over the samples and tiles of all blocks; Gᵀ(…)G of the 36 sums is the gradient of nine weights.
 * Here output channels are the lanes: a sum of each lane of samples would take 16 times the memory, and would have to be fetched
 * again for each few products.
 */
#include "transpose.h"

/* Tiles whose products a register adds up before it goes back to memory. */
#define GRADIENT_TILES 2

/* Ay of four numbers. */
INLINE void transform_outputs(const vec y[OUT], vec out[SIDE]) {
  vec even = y[0] + y[2], odd = y[1] + y[3];
  vec far = vfma(y[2], vset(4), y[0]), between = vfma(y[3], vset(4), y[1]);
  between = between + between;
  out[0] = y[0];
  out[1] = even + odd;
  out[2] = even - odd;
  out[3] = far + between;
  out[4] = far - between;
  out[5] = y[3];
}

/* Stores A dy Aᵀ of the outputs of a sample, `step` floats from one position to the next. */
INLINE void transform_sample(vec outputs[OUT][OUT][VEC], int sample, float *to, long step) {
  vec half[OUT][SIDE];
  for (int x = 0; x < OUT; x++) {
    vec column[OUT] = {outputs[0][x][sample], outputs[1][x][sample], outputs[2][x][sample], outputs[3][x][sample]};
    transform_outputs(column, half[x]);
  }
  for (int y = 0; y < SIDE; y++) {
    vec row[OUT] = {half[0][y], half[1][y], half[2][y], half[3][y]}, line[SIDE];
    transform_outputs(row, line);
    for (int x = 0; x < SIDE; x++) vstore(to + (y * SIDE + x) * step, line[x]);
  }
}

/* Stores a tile of the output's gradient, transformed: [position][sample][output channel]. */
INLINE void transform_gradients_of(view dy, corner at, int part, int width, float *to, long step) {
  vec outputs[OUT][OUT][VEC];
  for (int co = 0; co < width; co += VEC) {
    for (int y = 0; y < OUT; y++) {
      for (int x = 0; x < OUT; x++) {
        int inside = at.y + y < dy.height && at.x + x < dy.width;
        const float *from = row_of(dy, co, at.y + y) + (at.x + x) * LANES + part * VEC;
        for (int c = 0; c < VEC; c++)
          outputs[y][x][c] = inside && co + c < dy.channels ? vload(from + c * dy.channel) : vset(0);
        transpose(outputs[y][x]);
      }
    }
    for (int s = 0; s < VEC; s++) transform_sample(outputs, s, to + (part * VEC + s) * width + co, step);
  }
}

/* Adds the products of `samples` samples to inputs × vectors sums, of which those of an input lie `input` floats apart. */
INLINE void add_products(const int inputs, const int vectors, int samples, const float *values, const float *gradients,
                         int width, float *sums, int input) {
  vec sum[WINOGRAD_INPUTS][WINOGRAD_VECTORS];
  for (int i = 0; i < inputs; i++)
    for (int v = 0; v < vectors; v++) sum[i][v] = vload(sums + i * input + v * VEC);
  for (int s = 0; s < samples; s++, gradients += width) {
    vec g[WINOGRAD_VECTORS];
    for (int v = 0; v < vectors; v++) g[v] = vload(gradients + v * VEC);
    for (int i = 0; i < inputs; i++) {
      vec x = vset(values[i * samples + s]);
      for (int v = 0; v < vectors; v++) sum[i][v] = vfma(x, g[v], sum[i][v]);
    }
  }
  for (int i = 0; i < inputs; i++)
    for (int v = 0; v < vectors; v++) vstore(sums + i * input + v * VEC, sum[i][v]);
}

struct winograd_weight_gradient {
  int in, dy, sums, pad_y, pad_x, tiles;
};

/* The sums are [input channel][position][output channel]. */
static void step_winograd_weight_gradient(const context *c, const int *words, int block) {
  const struct winograd_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->dy, block);
  int all = tiles_of(dy), width = padded(dy.channels);
  for (int first = 0; first < all; first += GRADIENT_TILES) {
    int samples = smaller(GRADIENT_TILES, all - first) * LANES;
    /* A gap between positions, which would otherwise share a set of the cache. */
    long value_step = in.channels * samples + LANES, gradient_step = (long)samples * width + LANES;
    float *values = c->arena + a->tiles, *gradients = values + POSITIONS * value_step;
    for (int s = 0; s < samples; s += LANES) {
      corner at = corner_of(dy, first + s / LANES);
      for (int part = 0; part < PARTS; part++) {
        transform_inputs_of(in, dy, at, a->pad_y, a->pad_x, part, values + s + part * VEC, samples, value_step);
        transform_gradients_of(dy, at, part, width, gradients + s * width, gradient_step);
      }
    }
    for (int p = 0; p < POSITIONS; p++, values += value_step, gradients += gradient_step) {
      int input = POSITIONS * width;
      for (int co = 0; co < width; co += WINOGRAD_VECTORS * VEC) {
        float *sums = c->arena + a->sums + p * width + co;
        int ci = 0;
        for (; ci + WINOGRAD_INPUTS <= in.channels; ci += WINOGRAD_INPUTS)
          add_products(WINOGRAD_INPUTS, WINOGRAD_VECTORS, samples, values + ci * samples, gradients + co, width,
                       sums + ci * input, input);
        for (; ci < in.channels; ci++)
          add_products(1, WINOGRAD_VECTORS, samples, values + ci * samples, gradients + co, width, sums + ci * input,
                       input);
      }
    }
  }
}

/* Gᵀm of six numbers. */
INLINE void sum_taps(const vec m[SIDE], vec out[3]) {
  vec sum = (m[1] + m[2]) * vset(-1.0f / 6), difference = (m[2] - m[1]) * vset(1.0f / 6);
  vec outer_sum = m[3] + m[4], outer_difference = m[3] - m[4];
  out[0] = vfma(m[0], vset(0.25f), vfma(outer_sum, vset(1.0f / 24), sum));
  out[1] = vfma(outer_difference, vset(1.0f / 12), difference);
  out[2] = vfma(outer_sum, vset(1.0f / 6), sum) + m[5];
}

struct winograd_gradient_taps {
  int sums, gradient, filters, channels, filter_words;
};

/* Transforms the sums of products to the gradient, [filter][channel][ky][kx], whose filters lie `filter_words` apart. */
static void step_winograd_gradient_taps(const context *c, const int *words, int block) {
  const struct winograd_gradient_taps *a = (const void *)words;
  (void)block;
  int width = padded(a->filters);
  for (int ci = 0; ci < a->channels; ci++) {
    for (int first = 0; first < a->filters; first += VEC) {
      const float *sums = c->arena + a->sums + (long)ci * POSITIONS * width + first;
      vec half[3][SIDE], taps[3][3];
      for (int x = 0; x < SIDE; x++) {
        vec products[SIDE], column[3];
        for (int y = 0; y < SIDE; y++) products[y] = vload(sums + (y * SIDE + x) * width);
        sum_taps(products, column);
        for (int y = 0; y < 3; y++) half[y][x] = column[y];
      }
      for (int y = 0; y < 3; y++) sum_taps(half[y], taps[y]);
      for (int f = first; f < a->filters && f < first + VEC; f++) {
        float *gradient = c->arena + a->gradient + (long)f * a->filter_words + ci * 9;
        for (int t = 0; t < 9; t++) gradient[t] = taps[t / 3][t % 3][f - first];
      }
    }
  }
}
