/* Updates the weights by the gradients of a batch. */
#include "program.h"

struct reduce_lanes {
  int lanes, gradient, count;
};

/* Adds up the lanes of every weight's gradient. */
static void step_reduce_lanes(const context *c, const int *words, int block) {
  const struct reduce_lanes *a = (const void *)words;
  (void)block;
  for (int i = 0; i < a->count; i++) c->arena[a->gradient + i] = reduce(c->arena + a->lanes + (long)i * LANES);
}

struct weight_penalty {
  int weights, gradient, count;
  float factor;
};

/* Adds factor · weight to each gradient: that of factor / 2 · Σ weight² in the loss. */
static void step_weight_penalty(const context *c, const int *words, int block) {
  const struct weight_penalty *a = (const void *)words;
  const float *w = c->arena + a->weights;
  float *g = c->arena + a->gradient;
  vec factor = vset(a->factor);
  (void)block;
  for (int i = 0; i < a->count; i += VEC) vstore(g + i, vfma(factor, vload(w + i), vload(g + i)));
}

struct clip_gradient {
  int gradient, count, limit;
};

/* Scales the gradient down to the norm `limit` (a float of the arena) if it is longer (Pascanu et al. 2013). */
static void step_clip_gradient(const context *c, const int *words, int block) {
  const struct clip_gradient *a = (const void *)words;
  float *g = c->arena + a->gradient, limit = c->arena[a->limit];
  float lanes[LANES] __attribute__((aligned(64))) = {0};
  (void)block;
  for (int i = 0; i < a->count; i += LANES)
    for (int part = 0; part < LANES; part += VEC)
      vstore(lanes + part, vfma(vload(g + i + part), vload(g + i + part), vload(lanes + part)));
  float norm = sqrt1(reduce(lanes));
  if (!(norm > limit)) return;
  vec scale = vset(limit / norm);
  for (int i = 0; i < a->count; i += VEC) vstore(g + i, vload(g + i) * scale);
}

struct update {
  int weights, gradient, first_moment, second_moment, count, settings, decay;
};

/* AdamW (Loshchilov & Hutter 2019, algorithm 2). Settings: rate, β1, β2, ε, 1 / (1 − β1^t), 1 / (1 − β2^t), decay. */
static void step_adamw(const context *c, const int *words, int block) {
  const struct update *a = (const void *)words;
  const float *s = c->arena + a->settings;
  float *w = c->arena + a->weights, *g = c->arena + a->gradient;
  float *m = c->arena + a->first_moment, *v = c->arena + a->second_moment;
  vec rate = vset(-s[0]), beta1 = vset(s[1]), beta2 = vset(s[2]), rest1 = vset(1 - s[1]), rest2 = vset(1 - s[2]);
  vec epsilon = vset(s[3]), correct1 = vset(s[4]), correct2 = vset(s[5]), keep = vset(a->decay ? 1 - s[0] * s[6] : 1);
  (void)block;
  for (int i = 0; i < a->count; i += VEC) {
    vec gradient = vload(g + i);
    vec first = vfma(beta1, vload(m + i), rest1 * gradient);
    vec second = vfma(beta2, vload(v + i), rest2 * (gradient * gradient));
    vec step = first * correct1 / (vsqrt(second * correct2) + epsilon);
    vstore(m + i, first);
    vstore(v + i, second);
    vstore(w + i, vfma(rate, step, vload(w + i) * keep));
  }
}

/* Gradient descent with Nesterov momentum (Sutskever et al. 2013). Settings: rate, momentum, …, decay as above. */
static void step_sgd(const context *c, const int *words, int block) {
  const struct update *a = (const void *)words;
  const float *s = c->arena + a->settings;
  float *w = c->arena + a->weights, *g = c->arena + a->gradient, *m = c->arena + a->first_moment;
  vec rate = vset(-s[0]), momentum = vset(s[1]), keep = vset(a->decay ? 1 - s[0] * s[6] : 1);
  (void)block;
  for (int i = 0; i < a->count; i += VEC) {
    vec gradient = vload(g + i);
    vec velocity = vfma(momentum, vload(m + i), gradient);
    vstore(m + i, velocity);
    vstore(w + i, vfma(rate, vfma(momentum, velocity, gradient), vload(w + i) * keep));
  }
}

struct peak {
  int rounds, sink;
};

/* Only fused multiply-adds in registers, 16 rounds of 12 chains of one register each: the upper limit of any kernel. */
static void step_peak(const context *c, const int *words, int block) {
  const struct peak *a = (const void *)words;
  vec chain[12], factor = vset(0.999f), term = vset(0.001f);
  (void)block;
  for (int i = 0; i < 12; i++) chain[i] = vset((float)i);
  for (int n = 0; n < a->rounds; n++)
    for (int k = 0; k < 16; k++)
      for (int i = 0; i < 12; i++) chain[i] = vfma(chain[i], factor, term);
  vec sum = vset(0);
  for (int i = 0; i < 12; i++) sum += chain[i];
  vstore(c->arena + a->sink, sum);
}
