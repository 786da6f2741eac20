/*
 * Dense layers. Weights are [input][unit], rows padded with zeros to whole LANES, so that the weight gradient can take
 * the units as lanes and needs no reduction. Inputs and outputs are flat: a channel is one position.
 */
#include "program.h"

#define DENSE_TILE 8
#define padded(units) (((units) + LANES - 1) / LANES * LANES)

struct dense {
  int in, out, weights, bias, relu;
};

/* Rows of weights that are fetched ahead: processors do not foresee steps from row to row. */
#define AHEAD 8

/* sum[t] += Σ a[n] · b[n · step + t · stride], for one part of the lanes of a. */
INLINE void accumulate(const int tile, vec *sum, const float *a, const float *b, int count, int step, int stride) {
  for (int n = 0; n < count; n++) {
    vec x = vload(a + n * LANES);
    if (step > 1) __builtin_prefetch(b + (n + AHEAD) * step);
    for (int t = 0; t < tile; t++) sum[t] = vfma(x, vset(b[n * step + t * stride]), sum[t]);
  }
}

static void step_dense(const context *c, const int *words, int block) {
  const struct dense *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  const float *weights = c->arena + a->weights, *bias = a->bias < 0 ? 0 : c->arena + a->bias;
  int width = padded(out.channels), unit = 0;
#define TILE(tile)                                                                                                     \
  for (; unit + tile <= out.channels; unit += tile) {                                                                  \
    for (int i = 0; i < LANES; i += VEC) {                                                                             \
      vec sum[DENSE_TILE];                                                                                                   \
      for (int t = 0; t < tile; t++) sum[t] = vset(bias ? bias[unit + t] : 0);                                         \
      accumulate(tile, sum, in.data + i, weights + unit, in.channels, width, 1);                                       \
      for (int t = 0; t < tile; t++)                                                                                   \
        vstore(out.data + (unit + t) * LANES + i, a->relu ? vmax(sum[t], vset(0)) : sum[t]);                           \
    }                                                                                                                  \
  }
  TILE(DENSE_TILE)
  TILE(1)
#undef TILE
}

struct dense_input_gradient {
  int dy, dx, weights;
};

static void step_dense_input_gradient(const context *c, const int *words, int block) {
  const struct dense_input_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  const float *weights = c->arena + a->weights;
  int width = padded(dy.channels), input = 0;
#define TILE(tile)                                                                                                     \
  for (; input + tile <= dx.channels; input += tile) {                                                                 \
    for (int i = 0; i < LANES; i += VEC) {                                                                             \
      vec sum[DENSE_TILE];                                                                                                   \
      for (int t = 0; t < tile; t++) sum[t] = vset(0);                                                                 \
      accumulate(tile, sum, dy.data + i, weights + input * width, dy.channels, 1, width);                              \
      for (int t = 0; t < tile; t++) vstore(dx.data + (input + t) * LANES + i, sum[t]);                                \
    }                                                                                                                  \
  }
  TILE(DENSE_TILE)
  TILE(1)
#undef TILE
}

struct dense_weight_gradient {
  int in, dy, gradient, bias_gradient, scratch;
};

#define SAMPLES_TIMES_UNITS(inputs, vectors)                                                                           \
  {                                                                                                                    \
    vec sum[inputs][vectors];                                                                                          \
    float *row = gradient + input * width + unit;                                                                      \
    for (int r = 0; r < inputs; r++)                                                                                   \
      for (int v = 0; v < vectors; v++) sum[r][v] = vload(row + r * width + v * VEC);                                  \
    for (int s = 0; s < LANES; s++) {                                                                                  \
      vec g[vectors];                                                                                                  \
      for (int v = 0; v < vectors; v++) g[v] = vload(turned + s * width + unit + v * VEC);                             \
      for (int r = 0; r < inputs; r++) {                                                                               \
        vec x = vset(in.data[(input + r) * LANES + s]);                                                                \
        for (int v = 0; v < vectors; v++) sum[r][v] = vfma(x, g[v], sum[r][v]);                                        \
      }                                                                                                                \
    }                                                                                                                  \
    for (int r = 0; r < inputs; r++)                                                                                   \
      for (int v = 0; v < vectors; v++) vstore(row + r * width + v * VEC, sum[r][v]);                                  \
  }

/* The output's gradient is turned to [sample][unit]; then the units are the lanes and one sample's input is spread. */
static void step_dense_weight_gradient(const context *c, const int *words, int block) {
  const struct dense_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->dy, block);
  int width = padded(dy.channels);
  float *turned = c->arena + a->scratch, *gradient = c->arena + a->gradient;
  for (int unit = 0; unit < dy.channels; unit++)
    for (int s = 0; s < LANES; s++) turned[s * width + unit] = dy.data[unit * LANES + s];
  int input = 0;
  for (; input + 4 <= in.channels; input += 4) {
    int unit = 0;
    for (; unit + 2 * VEC <= width; unit += 2 * VEC) SAMPLES_TIMES_UNITS(4, 2)
    for (; unit < width; unit += VEC) SAMPLES_TIMES_UNITS(4, 1)
  }
  for (; input < in.channels; input++)
    for (int unit = 0; unit < width; unit += VEC) SAMPLES_TIMES_UNITS(1, 1)
  if (a->bias_gradient < 0) return;
  for (int unit = 0; unit < width; unit += VEC) {
    float *bias = c->arena + a->bias_gradient + unit;
    vec sum = vload(bias);
    for (int s = 0; s < LANES; s++) sum += vload(turned + s * width + unit);
    vstore(bias, sum);
  }
}
#undef SAMPLES_TIMES_UNITS
