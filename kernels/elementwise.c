/* ReLU, dropout, sums and copies, position by position. */
#include "program.h"

/* Runs `body` for each row of a view: `row` floats long, channel `ch`, row `y`. */
#define EACH_ROW(v)                                                                                                    \
  for (int ch = 0, length = (v).width * LANES; ch < (v).channels; ch++)                                                \
    for (int y = 0; y < (v).height; y++)

static void step_relu(const context *c, const int *words, int block) {
  const struct unary *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  EACH_ROW(in) {
    const float *from = row_of(in, ch, y);
    float *to = row_of(out, ch, y);
    for (int i = 0; i < length; i += VEC) vstore(to + i, vmax(vload(from + i), vset(0)));
  }
}

struct relu_gradient {
  int out, dy, dx;
};

/* Passes the gradient on where the output is positive. May work in place. */
static void step_relu_gradient(const context *c, const int *words, int block) {
  const struct relu_gradient *a = (const void *)words;
  view out = view_of(c, a->out, block), dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  EACH_ROW(out) {
    const float *value = row_of(out, ch, y), *from = row_of(dy, ch, y);
    float *to = row_of(dx, ch, y);
    for (int i = 0; i < length; i += VEC)
      vstore(to + i, vwhere((ivec)(vload(value + i) > vset(0)), vload(from + i)));
  }
}

struct add {
  int a, b, out, relu;
};

/* May work in place. */
static void step_add(const context *c, const int *words, int block) {
  const struct add *s = (const void *)words;
  view a = view_of(c, s->a, block), b = view_of(c, s->b, block), out = view_of(c, s->out, block);
  EACH_ROW(out) {
    const float *p = row_of(a, ch, y), *q = row_of(b, ch, y);
    float *to = row_of(out, ch, y);
    for (int i = 0; i < length; i += VEC) {
      vec sum = vload(p + i) + vload(q + i);
      vstore(to + i, s->relu ? vmax(sum, vset(0)) : sum);
    }
  }
}

/* Copies positions in reading order: between a map and its flat form, or into some channels of a larger map. */
static void step_copy(const context *c, const int *words, int block) {
  const struct unary *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  int channel = 0, row = 0, x = 0;
  EACH_ROW(in) {
    const float *from = row_of(in, ch, y);
    for (int i = 0; i < length; i += LANES) {
      float *to = row_of(out, channel, row) + x * LANES;
      for (int part = 0; part < LANES; part += VEC) vstore(to + part, vload(from + i + part));
      if (++x == out.width) {
        x = 0;
        if (++row == out.height) {
          row = 0;
          channel++;
        }
      }
    }
  }
}

struct dropout {
  int in, out, threshold;
  float keep_scale;
  int seed, layer;
};

/* A 32-bit mixing function (the finaliser of MurmurHash3, Appleby 2011): every bit of the result depends on all of x. */
INLINE uvec mix(uvec x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ x >> 16;
}

/*
 * Inverted dropout: zero where a hash of (seed, layer, block, position, lane) falls below `threshold`, the rate · 2^32.
 * The seed is a word of the arena that changes with every step; run again on the gradient it gives the same mask.
 */
static void step_dropout(const context *c, const int *words, int block) {
  const struct dropout *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  unsigned seed = *(const unsigned *)(c->arena + a->seed);
  unsigned key = mix((uvec){} + (seed ^ ((unsigned)a->layer * 0x9e3779b9u + (unsigned)block * 0x7f4a7c15u)))[0];
  unsigned position = 0;
  uvec number = {0};
  vec scale = vset(a->keep_scale);
  EACH_ROW(in) {
    const float *from = row_of(in, ch, y);
    float *to = row_of(out, ch, y);
    for (int i = 0; i < length; i += VEC, position += VEC) {
      for (int lane = 0; lane < VEC; lane++) number[lane] = position + lane;
      ivec kept = (ivec)(mix(number ^ key) >= (unsigned)a->threshold);
      vstore(to + i, vwhere(kept, vload(from + i) * scale));
    }
  }
}

struct quantize {
  int in, out;
  float scale, zero;
};

/* Added to a number below 2^22 and subtracted again, it leaves the nearest whole number, the even one of two. */
#define TO_WHOLE 12582912.0f

/* Rounds to `scale` times a whole number from -128 - zero to 127 - zero. */
static void step_quantize(const context *c, const int *words, int block) {
  const struct quantize *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  vec scale = vset(a->scale), lowest = vset(-128 - a->zero), highest = vset(127 - a->zero), whole = vset(TO_WHOLE);
  EACH_ROW(in) {
    const float *from = row_of(in, ch, y);
    float *to = row_of(out, ch, y);
    for (int i = 0; i < length; i += VEC) {
      vec steps = vmax(vload(from + i) / scale, lowest);
      steps = vselect((ivec)(steps > highest), highest, steps);
      vstore(to + i, ((steps + whole) - whole) * scale);
    }
  }
}

struct fill_zero {
  int offset, count;
};

static void step_fill_zero(const context *c, const int *words, int block) {
  const struct fill_zero *a = (const void *)words;
  (void)block;
  for (int i = 0; i < a->count; i += VEC) vstore(c->arena + a->offset + i, vset(0));
}
