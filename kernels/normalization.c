/*
 * Batch normalisation (Ioffe & Szegedy 2015) with the statistics of one block of samples (ghost batch normalisation,
 * Hoffer et al. 2017) or of the whole mini-batch. A fused ReLU is part of the forward step and of the gradient.
 *
 * Statistics are rows of one number per channel: mean, 1 / deviation, and in training the variance and the two sums of the
 * gradient. Sums over the blocks are steps of their own, so that the other steps can run for several blocks at once.
 */
#include "program.h"

INLINE vec plane_part(const float *p, vec shift, int square) {
  vec x = vload(p) - shift;
  return square ? x * x : x;
}

/* Adds Σ (x − shift), or its square, over a channel's positions to their lanes. Four sums in turn along each row. */
INLINE void add_plane(view v, int ch, float shift, const int square, float *lanes) {
  vec s = vset(shift);
  for (int i = 0; i < LANES; i += VEC) {
    vec sum[4] = {vset(0), vset(0), vset(0), vset(0)};
    for (int y = 0; y < v.height; y++) {
      const float *row = row_of(v, ch, y) + i;
      int x = 0;
      for (; x + 4 <= v.width; x += 4)
        for (int j = 0; j < 4; j++) sum[j] += plane_part(row + (x + j) * LANES, s, square);
      for (int j = 0; x < v.width; x++, j++) sum[j] += plane_part(row + x * LANES, s, square);
    }
    vstore(lanes + i, vload(lanes + i) + ((sum[0] + sum[1]) + (sum[2] + sum[3])));
  }
}

#define EPSILON 1e-5f
#define ZERO_LANES(name) float name[LANES] __attribute__((aligned(64))) = {0}

struct normalize {
  int in, out, statistics, gamma, beta, relu, mean, variance;
};

struct update_running {
  int statistics, channels, mean, variance, updates;
  float momentum;
};

/* Blends into the running statistics; the first updates count in full, so that they forget their zeros. */
static void step_update_running(const context *c, const int *words, int block) {
  const struct update_running *a = (const void *)words;
  const float *statistics = view_of(c, a->statistics, block).data;
  float share = 1.0f / (c->arena[a->updates] + 1), minimum = 1 - a->momentum;
  if (share < minimum) share = minimum;
  for (int ch = 0; ch < a->channels; ch++) {
    float *m = c->arena + a->mean + ch, *v = c->arena + a->variance + ch;
    *m = fma1(share, statistics[ch] - *m, *m);
    *v = fma1(share, statistics[2 * a->channels + ch] - *v, *v);
  }
  c->arena[a->updates] += 1;
}

/* Mean, 1 / deviation and variance of a channel over the blocks [first, last). */
INLINE void channel_statistics(const context *c, int tensor, int first, int last, int ch, float *statistics) {
  ZERO_LANES(sums);
  ZERO_LANES(squares);
  int channels = c->tensors[tensor].channels;
  float count = 0;
  for (int b = first; b < last; b++) {
    view v = view_of(c, tensor, b);
    add_plane(v, ch, 0, 0, sums);
    count += (float)(v.height * v.width * LANES);
  }
  float mean = reduce(sums) / count;
  for (int b = first; b < last; b++) add_plane(view_of(c, tensor, b), ch, mean, 1, squares);
  float variance = reduce(squares) / count;
  statistics[ch] = mean;
  statistics[channels + ch] = 1 / sqrt1(variance + EPSILON);
  statistics[2 * channels + ch] = variance;
}

/* y = x · scale + shift for a channel, then a ReLU if wanted. */
INLINE void apply(view in, view out, int ch, float scale, float shift, int relu) {
  vec a = vset(scale), b = vset(shift);
  for (int y = 0; y < out.height; y++) {
    const float *from = row_of(in, ch, y);
    float *to = row_of(out, ch, y);
    for (int i = 0; i < out.width * LANES; i += VEC) {
      vec value = vfma(vload(from + i), a, b);
      vstore(to + i, relu ? vmax(value, vset(0)) : value);
    }
  }
}

/* The factor and the term by which a channel is normalised. */
typedef struct {
  float scale, shift;
} line;

INLINE line line_of(const float *statistics, int channels, int ch, float gamma, float beta) {
  float scale = gamma * statistics[channels + ch];
  return (line){scale, fma1(-statistics[ch], scale, beta)};
}

INLINE void normalize_channel(view in, view out, int ch, const float *statistics, float gamma, float beta, int relu) {
  line l = line_of(statistics, in.channels, ch, gamma, beta);
  apply(in, out, ch, l.scale, l.shift, relu);
}

static void step_block_normalize(const context *c, const int *words, int block) {
  const struct normalize *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  float *statistics = view_of(c, a->statistics, block).data;
  for (int ch = 0; ch < in.channels; ch++) {
    channel_statistics(c, a->in, block, block + 1, ch, statistics);
    normalize_channel(in, out, ch, statistics, c->arena[a->gamma + ch], c->arena[a->beta + ch], a->relu);
  }
}

struct batch_statistics {
  int in, statistics, first, end;
};

/* Statistics of the channels [first, end). */
static void step_batch_statistics(const context *c, const int *words, int block) {
  const struct batch_statistics *a = (const void *)words;
  (void)block;
  for (int ch = a->first; ch < a->end; ch++)
    channel_statistics(c, a->in, 0, c->blocks, ch, view_of(c, a->statistics, 0).data);
}

/* Statistics for inference, from those that training has gathered. */
static void step_running_statistics(const context *c, const int *words, int block) {
  const struct normalize *a = (const void *)words;
  int channels = c->tensors[a->in].channels;
  float *statistics = view_of(c, a->statistics, 0).data;
  (void)block;
  for (int ch = 0; ch < channels; ch++) {
    statistics[ch] = c->arena[a->mean + ch];
    statistics[channels + ch] = 1 / sqrt1(c->arena[a->variance + ch] + EPSILON);
  }
}

static void step_normalize(const context *c, const int *words, int block) {
  const struct normalize *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  const float *statistics = view_of(c, a->statistics, block).data;
  for (int ch = 0; ch < in.channels; ch++)
    normalize_channel(in, out, ch, statistics, c->arena[a->gamma + ch], c->arena[a->beta + ch], a->relu);
}

struct normalize_gradient {
  int in, dy, dx, statistics, gamma, beta, relu;
};

struct batch_normalize_sums {
  struct normalize_gradient of;
  int first, end;
};

/* The output's gradient, masked by a fused ReLU: of the output, which is computed again rather than read. */
INLINE vec passed(vec gradient, vec x, line l, int relu) {
  return relu ? vwhere((ivec)(vfma(x, vset(l.scale), vset(l.shift)) > vset(0)), gradient) : gradient;
}

/* Adds Σ g and Σ g · (x − mean) over a channel's positions to their lanes. */
INLINE void add_gradient_sums(view x, view g, int ch, float mean, line l, int relu, float *plain, float *moment) {
  for (int i = 0; i < LANES; i += VEC) {
    vec p = vload(plain + i), m = vload(moment + i);
    for (int y = 0; y < x.height; y++) {
      const float *value = row_of(x, ch, y) + i, *from = row_of(g, ch, y) + i;
      for (int n = 0; n < x.width * LANES; n += LANES) {
        vec gradient = passed(vload(from + n), vload(value + n), l, relu);
        p += gradient;
        m = vfma(gradient, vload(value + n) - vset(mean), m);
      }
    }
    vstore(plain + i, p);
    vstore(moment + i, m);
  }
}

/* dx = γ/σ · (g − mean(g) − (x − μ)/σ² · mean(g · (x − μ))), all means over `count` values. May work in place. */
INLINE void normalize_input_gradient(view x, view g, view dx, int ch, const float *statistics, line l, float plain,
                                     float moment, float count, int relu) {
  float inverse = statistics[x.channels + ch], scale = l.scale;
  vec a = vset(scale), b = vset(-scale * inverse * inverse * moment / count), c = vset(-scale * plain / count);
  vec mean = vset(statistics[ch]);
  for (int y = 0; y < x.height; y++) {
    const float *value = row_of(x, ch, y), *from = row_of(g, ch, y);
    float *to = row_of(dx, ch, y);
    for (int i = 0; i < x.width * LANES; i += VEC) {
      vec gradient = passed(vload(from + i), vload(value + i), l, relu);
      vstore(to + i, vfma(gradient, a, vfma(vload(value + i) - mean, b, c)));
    }
  }
}

struct normalize_parameters_gradient {
  int statistics, channels, gamma_gradient, beta_gradient;
};

static void step_normalize_parameters_gradient(const context *c, const int *words, int block) {
  const struct normalize_parameters_gradient *a = (const void *)words;
  const float *inverse = view_of(c, a->statistics, block).data + a->channels;
  const float *plain = inverse + 2 * a->channels, *moment = plain + a->channels;
  for (int ch = 0; ch < a->channels; ch++) {
    c->arena[a->gamma_gradient + ch] += moment[ch] * inverse[ch];
    c->arena[a->beta_gradient + ch] += plain[ch];
  }
}

INLINE line line_of_gradient(const context *c, const struct normalize_gradient *a, int ch, const float *statistics) {
  return line_of(statistics, c->tensors[a->in].channels, ch, c->arena[a->gamma + ch], c->arena[a->beta + ch]);
}

/* Writes the two sums of a channel over the blocks [first, last) into the statistics. */
INLINE void channel_gradient_sums(const context *c, const struct normalize_gradient *a, int first, int last, int ch,
                                  float *statistics) {
  ZERO_LANES(plain);
  ZERO_LANES(moment);
  int channels = c->tensors[a->in].channels;
  line l = line_of_gradient(c, a, ch, statistics);
  for (int b = first; b < last; b++)
    add_gradient_sums(view_of(c, a->in, b), view_of(c, a->dy, b), ch, statistics[ch], l, a->relu, plain, moment);
  statistics[3 * channels + ch] = reduce(plain);
  statistics[4 * channels + ch] = reduce(moment);
}

INLINE void normalize_gradient(const context *c, const struct normalize_gradient *a, int block, int ch, int blocks,
                               const float *statistics) {
  view x = view_of(c, a->in, block), g = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  float count = (float)(x.height * x.width * LANES * blocks);
  normalize_input_gradient(x, g, dx, ch, statistics, line_of_gradient(c, a, ch, statistics),
                           statistics[3 * x.channels + ch], statistics[4 * x.channels + ch], count, a->relu);
}

static void step_block_normalize_gradient(const context *c, const int *words, int block) {
  const struct normalize_gradient *a = (const void *)words;
  float *statistics = view_of(c, a->statistics, block).data;
  for (int ch = 0; ch < c->tensors[a->in].channels; ch++) {
    channel_gradient_sums(c, a, block, block + 1, ch, statistics);
    normalize_gradient(c, a, block, ch, 1, statistics);
  }
}

/* Sums over the whole mini-batch for `batch_normalize_gradient`, of the channels [first, end). */
static void step_batch_normalize_sums(const context *c, const int *words, int block) {
  const struct batch_normalize_sums *a = (const void *)words;
  (void)block;
  for (int ch = a->first; ch < a->end; ch++)
    channel_gradient_sums(c, &a->of, 0, c->blocks, ch, view_of(c, a->of.statistics, 0).data);
}

static void step_batch_normalize_gradient(const context *c, const int *words, int block) {
  const struct normalize_gradient *a = (const void *)words;
  const float *statistics = view_of(c, a->statistics, block).data;
  for (int ch = 0; ch < c->tensors[a->in].channels; ch++) normalize_gradient(c, a, block, ch, c->blocks, statistics);
}
