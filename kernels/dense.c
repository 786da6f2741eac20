/*
 * Dense layers. Weights are [input][unit], rows padded with zeros to whole LANES, so that the weight gradient can take
 * the units as lanes and needs no reduction. Inputs and outputs are flat: a channel is one position. A step with `batch` works
 * on all blocks, and reads its weights once.
 */
#include "program.h"

#define DENSE_TILE 8
#define DENSE_VECTORS 2

struct dense {
  int in, out, weights, bias, relu, batch;
};

/* The blocks of a step: its own, or all of the batch. */
#define EACH_BLOCK(b) for (int b = a->batch ? 0 : block, last = a->batch ? c->blocks : block + 1; b < last; b++)

/* Rows of weights that are fetched ahead: processors do not foresee steps from row to row. */
#define AHEAD 8

/*
 * sum[t] += Σ a[n] · b[n · step + t · stride], for one part of the lanes of a. With steps of 1 the rows of the next tile are
 * fetched, which lie behind those of this one.
 */
INLINE void accumulate(const int tile, vec *sum, const float *a, const float *b, int count, int step, int stride) {
  for (int n = 0; n < count; n++) {
    vec x = vload(a + n * LANES);
    __builtin_prefetch(step > 1 ? b + (n + AHEAD) * step : b + tile * (stride + n));
    for (int t = 0; t < tile; t++) sum[t] = vfma(x, vset(b[n * step + t * stride]), sum[t]);
  }
}

INLINE void dense_tile(const int tile, view in, view out, int unit, const float *weights, const float *bias, int relu) {
  for (int i = 0; i < LANES; i += VEC) {
    vec sum[DENSE_TILE];
    for (int t = 0; t < tile; t++) sum[t] = vset(bias ? bias[unit + t] : 0);
    accumulate(tile, sum, in.data + i, weights + unit, in.channels, padded(out.channels), 1);
    for (int t = 0; t < tile; t++) vstore(out.data + (unit + t) * LANES + i, relu ? vmax(sum[t], vset(0)) : sum[t]);
  }
}

static void step_dense(const context *c, const int *words, int block) {
  const struct dense *a = (const void *)words;
  const float *weights = c->arena + a->weights, *bias = a->bias < 0 ? 0 : c->arena + a->bias;
  int units = c->tensors[a->out].channels, unit = 0;
#define TILE(tile)                                                                                                     \
  for (; unit + tile <= units; unit += tile)                                                                           \
    EACH_BLOCK(b) dense_tile(tile, view_of(c, a->in, b), view_of(c, a->out, b), unit, weights, bias, a->relu);
  TILE(DENSE_TILE)
  TILE(1)
#undef TILE
}

struct dense_input_gradient {
  int dy, dx, weights, batch;
};

INLINE void dense_input_gradient_tile(const int tile, view dy, view dx, int input, const float *weights) {
  int width = padded(dy.channels);
  for (int i = 0; i < LANES; i += VEC) {
    vec sum[DENSE_TILE];
    for (int t = 0; t < tile; t++) sum[t] = vset(0);
    accumulate(tile, sum, dy.data + i, weights + input * width, dy.channels, 1, width);
    for (int t = 0; t < tile; t++) vstore(dx.data + (input + t) * LANES + i, sum[t]);
  }
}

static void step_dense_input_gradient(const context *c, const int *words, int block) {
  const struct dense_input_gradient *a = (const void *)words;
  const float *weights = c->arena + a->weights;
  int inputs = c->tensors[a->dx].channels, input = 0;
#define TILE(tile)                                                                                                     \
  for (; input + tile <= inputs; input += tile)                                                                        \
    EACH_BLOCK(b) dense_input_gradient_tile(tile, view_of(c, a->dy, b), view_of(c, a->dx, b), input, weights);
  TILE(DENSE_TILE)
  TILE(1)
#undef TILE
}

struct dense_weight_gradient {
  int in, dy, gradient, bias_gradient, scratch, batch;
};

/* The inputs of some blocks, `stride` floats apart, the turned gradient of their outputs, and what their products go to. */
typedef struct {
  const float *in, *turned;
  float *gradient;
  int blocks, stride, width;
} products;

/* Adds the products of some inputs and vectors of units, sample by sample, to the gradients of their weights. */
INLINE void samples_times_units(const int inputs, const int vectors, products p, int input, int unit) {
  vec sum[4][DENSE_VECTORS];
  float *row = p.gradient + input * p.width + unit;
  const float *in = p.in + input * LANES, *turned = p.turned + unit;
  for (int r = 0; r < inputs; r++) {
    for (int v = 0; v < vectors; v++) {
      sum[r][v] = vload(row + r * p.width + v * VEC);
      __builtin_prefetch(row + (inputs + r) * p.width + v * VEC);
    }
  }
  for (int b = 0; b < p.blocks; b++, in += p.stride, turned += LANES * p.width) {
    for (int s = 0; s < LANES; s++) {
      vec g[DENSE_VECTORS];
      for (int v = 0; v < vectors; v++) g[v] = vload(turned + s * p.width + v * VEC);
      for (int r = 0; r < inputs; r++) {
        vec x = vset(in[r * LANES + s]);
        for (int v = 0; v < vectors; v++) sum[r][v] = vfma(x, g[v], sum[r][v]);
      }
    }
  }
  for (int r = 0; r < inputs; r++)
    for (int v = 0; v < vectors; v++) vstore(row + r * p.width + v * VEC, sum[r][v]);
}

/* The output's gradient is turned to [sample][unit]; then the units are the lanes and one sample's input is spread. */
static void step_dense_weight_gradient(const context *c, const int *words, int block) {
  const struct dense_weight_gradient *a = (const void *)words;
  int inputs = c->tensors[a->in].channels, units = c->tensors[a->dy].channels, width = padded(units);
  float *turned = c->arena + a->scratch, *end = turned;
  EACH_BLOCK(b) {
    const float *dy = view_of(c, a->dy, b).data;
    for (int unit = 0; unit < units; unit++)
      for (int s = 0; s < LANES; s++) end[s * width + unit] = dy[unit * LANES + s];
    end += LANES * width;
  }
  products p = {view_of(c, a->in, a->batch ? 0 : block).data, turned, c->arena + a->gradient, a->batch ? c->blocks : 1,
                c->tensors[a->in].block_stride, width};
  int input = 0;
  for (; input + 4 <= inputs; input += 4) {
    int unit = 0;
    for (; unit + DENSE_VECTORS * VEC <= width; unit += DENSE_VECTORS * VEC)
      samples_times_units(4, DENSE_VECTORS, p, input, unit);
    for (; unit < width; unit += VEC) samples_times_units(4, 1, p, input, unit);
  }
  for (; input < inputs; input++)
    for (int unit = 0; unit < width; unit += VEC) samples_times_units(1, 1, p, input, unit);
  if (a->bias_gradient < 0) return;
  for (int unit = 0; unit < width; unit += VEC) {
    float *bias = c->arena + a->bias_gradient + unit;
    vec sum = vload(bias);
    for (const float *sample = turned + unit; sample < end; sample += width) sum += vload(sample);
    vstore(bias, sum);
  }
}
#undef EACH_BLOCK
