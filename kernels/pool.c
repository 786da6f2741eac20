/* Pooling. Positions outside the input take no part. */
#include "program.h"

struct pool {
  int in, out;
  window k;
};

struct pool_gradient {
  int in, out, dy, dx;
  window k;
};

/* The rows (or columns) of the input under one window: [first, last). */
typedef struct {
  int first, last;
} range;

INLINE range under(int position, int side, int stride, int padding, int input) {
  int first = position * stride - padding, last = first + side;
  range r = {first < 0 ? 0 : first, last > input ? input : last};
  return r;
}

static void step_max_pool(const context *c, const int *words, int block) {
  const struct pool *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  window k = a->k;
  for (int ch = 0; ch < out.channels; ch++) {
    for (int y = 0; y < out.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, in.height);
      float *target = row_of(out, ch, y);
      for (int x = 0; x < out.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, in.width);
        for (int i = 0; i < LANES; i += VEC) {
          vec best = vload(row_of(in, ch, rows.first) + columns.first * LANES + i);
          for (int iy = rows.first; iy < rows.last; iy++)
            for (int ix = columns.first; ix < columns.last; ix++)
              best = vmax(vload(row_of(in, ch, iy) + ix * LANES + i), best);
          vstore(target + x * LANES + i, best);
        }
      }
    }
  }
}

INLINE void clear(view v) {
  for (int ch = 0; ch < v.channels; ch++)
    for (int y = 0; y < v.height; y++) {
      float *row = row_of(v, ch, y);
      for (int i = 0; i < v.width * LANES; i += VEC) vstore(row + i, vset(0));
    }
}

/* The first of equal maxima, in reading order, gets the gradient. */
static void step_max_pool_gradient(const context *c, const int *words, int block) {
  const struct pool_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  window k = a->k;
  int apart = k.stride >= k.height && k.stride >= k.width; /* no position lies under two windows */
  if (!apart || dx.height % k.stride || dx.width % k.stride) clear(dx);
  for (int ch = 0; ch < out.channels; ch++) {
    for (int y = 0; y < out.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, in.height);
      for (int x = 0; x < out.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, in.width);
        for (int i = 0; i < LANES; i += VEC) {
          vec best = vload(row_of(out, ch, y) + x * LANES + i);
          vec gradient = vload(row_of(dy, ch, y) + x * LANES + i);
          ivec open = (ivec)(best == best);
          for (int iy = rows.first; iy < rows.last; iy++) {
            const float *source = row_of(in, ch, iy) + i;
            float *target = row_of(dx, ch, iy) + i;
            for (int ix = columns.first; ix < columns.last; ix++) {
              ivec here = (ivec)(vload(source + ix * LANES) == best) & open;
              open &= ~here;
              vec share = (vec)(here & (ivec)gradient);
              vstore(target + ix * LANES, apart ? share : vload(target + ix * LANES) + share);
            }
          }
        }
      }
    }
  }
}

INLINE float inverse_area(range rows, range columns) {
  return 1.0f / (float)((rows.last - rows.first) * (columns.last - columns.first));
}

static void step_average_pool(const context *c, const int *words, int block) {
  const struct pool *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  window k = a->k;
  for (int ch = 0; ch < out.channels; ch++) {
    for (int y = 0; y < out.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, in.height);
      for (int x = 0; x < out.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, in.width);
        vec share = vset(inverse_area(rows, columns));
        for (int i = 0; i < LANES; i += VEC) {
          vec sum = vset(0);
          for (int iy = rows.first; iy < rows.last; iy++)
            for (int ix = columns.first; ix < columns.last; ix++) sum += vload(row_of(in, ch, iy) + ix * LANES + i);
          vstore(row_of(out, ch, y) + x * LANES + i, sum * share);
        }
      }
    }
  }
}

static void step_average_pool_gradient(const context *c, const int *words, int block) {
  const struct pool_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  window k = a->k;
  clear(dx);
  for (int ch = 0; ch < dy.channels; ch++) {
    for (int y = 0; y < dy.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, dx.height);
      for (int x = 0; x < dy.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, dx.width);
        vec share = vset(inverse_area(rows, columns));
        for (int i = 0; i < LANES; i += VEC) {
          vec gradient = vload(row_of(dy, ch, y) + x * LANES + i) * share;
          for (int iy = rows.first; iy < rows.last; iy++)
            for (int ix = columns.first; ix < columns.last; ix++) {
              float *target = row_of(dx, ch, iy) + ix * LANES + i;
              vstore(target, vload(target) + gradient);
            }
        }
      }
    }
  }
}

static void step_global_average_pool(const context *c, const int *words, int block) {
  const struct unary *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  vec share = vset(1.0f / (float)(in.height * in.width));
  for (int ch = 0; ch < in.channels; ch++) {
    for (int i = 0; i < LANES; i += VEC) {
      vec sum = vset(0);
      for (int y = 0; y < in.height; y++)
        for (int x = 0; x < in.width; x++) sum += vload(row_of(in, ch, y) + x * LANES + i);
      vstore(out.data + ch * out.channel + i, sum * share);
    }
  }
}

static void step_global_average_pool_gradient(const context *c, const int *words, int block) {
  const struct unary_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  vec share = vset(1.0f / (float)(dx.height * dx.width));
  for (int ch = 0; ch < dx.channels; ch++) {
    for (int i = 0; i < LANES; i += VEC) {
      vec gradient = vload(dy.data + ch * dy.channel + i) * share;
      for (int y = 0; y < dx.height; y++)
        for (int x = 0; x < dx.width; x++) vstore(row_of(dx, ch, y) + x * LANES + i, gradient);
    }
  }
}
