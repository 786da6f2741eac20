/* Softmax and its cross-entropy, with exponential and logarithm from arithmetic alone: the same bits everywhere. */
#include "program.h"

/* e^x for x in [−87, 88], about 2 ulp: 2^n · p(r), r = x − n ln 2, p of degree 6 (Taylor, |r| ≤ 0.35). */
INLINE vec vexp(vec x) {
  vec magic = vset(12582912.0f); /* 1.5 · 2^23: adding it rounds to a whole number, kept in the low bits */
  x = vmax(x, vset(-87));
  vec shifted = vfma(x, vset(1.44269504f), magic);
  vec n = shifted - magic;
  vec r = vfma(n, vset(-0.693359375f), x);
  r = vfma(n, vset(2.12194440e-4f), r);
  vec p = vset(1.0f / 720);
  p = vfma(p, r, vset(1.0f / 120));
  p = vfma(p, r, vset(1.0f / 24));
  p = vfma(p, r, vset(1.0f / 6));
  p = vfma(p, r, vset(0.5f));
  p = vfma(p, r, vset(1));
  p = vfma(p, r, vset(1));
  ivec power = ((ivec)shifted - (ivec)magic + 127) << 23;
  return p * (vec)power;
}

/* ln x for normal x > 0: exponent · ln 2 + 2 artanh((m − 1) / (m + 1)), m in [√½, √2). */
INLINE vec vlog(vec x) {
  ivec bits = (ivec)x - 0x3f3504f3; /* √½ */
  ivec exponent = bits >> 23;
  vec m = (vec)((bits & 0x7fffff) + 0x3f3504f3);
  vec s = (m - vset(1)) / (m + vset(1)), q = s * s;
  vec p = vset(2.0f / 9);
  p = vfma(p, q, vset(2.0f / 7));
  p = vfma(p, q, vset(2.0f / 5));
  p = vfma(p, q, vset(2.0f / 3));
  p = vfma(p, q, vset(2));
  vec e;
  for (int i = 0; i < VEC; i++) e[i] = (float)exponent[i];
  return vfma(e, vset(0.693147181f), p * s);
}

/* Probabilities of one part of the lanes at a temperature; returns the logarithm of the normaliser, over the maximum. */
INLINE vec softmax_part(const float *logits, float *probabilities, int classes, float inverse_temperature, vec *highest) {
  vec scale = vset(inverse_temperature), top = vload(logits), sum = vset(0);
  for (int k = 1; k < classes; k++) top = vmax(vload(logits + k * LANES), top);
  for (int k = 0; k < classes; k++) {
    vec e = vexp((vload(logits + k * LANES) - top) * scale);
    sum += e;
    vstore(probabilities + k * LANES, e);
  }
  for (int k = 0; k < classes; k++) vstore(probabilities + k * LANES, vload(probabilities + k * LANES) / sum);
  *highest = top;
  return vlog(sum);
}

struct softmax {
  int logits, probabilities;
};

static void step_softmax(const context *c, const int *words, int block) {
  const struct softmax *a = (const void *)words;
  view logits = view_of(c, a->logits, block), probabilities = view_of(c, a->probabilities, block);
  vec top;
  for (int i = 0; i < LANES; i += VEC)
    softmax_part(logits.data + i, probabilities.data + i, logits.channels, 1, &top);
}

struct cross_entropy {
  int logits, targets, dx, loss, loss_scale, inverse_temperature;
};

/*
 * Loss of each sample, −Σ target · ln softmax(logits / T), and its gradient times `loss_scale`. Targets are probabilities
 * (hard, smoothed or a teacher's) times the sample's weight; `loss_scale` and 1 / T are floats of the arena.
 */
static void step_cross_entropy(const context *c, const int *words, int block) {
  const struct cross_entropy *a = (const void *)words;
  view logits = view_of(c, a->logits, block), gradient = view_of(c, a->dx, block);
  const float *targets = view_of(c, a->targets, block).data;
  float *loss = view_of(c, a->loss, block).data;
  float inverse = c->arena[a->inverse_temperature];
  vec scale = vset(c->arena[a->loss_scale] * inverse);
  for (int i = 0; i < LANES; i += VEC) {
    vec top, normalizer = softmax_part(logits.data + i, gradient.data + i, logits.channels, inverse, &top);
    vec sum = vset(0), weight = vset(0);
    for (int k = 0; k < logits.channels; k++) weight += vload(targets + k * LANES + i);
    for (int k = 0; k < logits.channels; k++) {
      vec target = vload(targets + k * LANES + i);
      vec z = (vload(logits.data + k * LANES + i) - top) * vset(inverse);
      sum = vfma(target, normalizer - z, sum);
      float *g = gradient.data + k * LANES + i;
      vstore(g, vfma(vload(g), weight, -target) * scale);
    }
    vstore(loss + i, sum);
  }
}
