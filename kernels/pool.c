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

struct max_pool_gradient {
  int in, out, dy, dx;
  window k;
  int relu;
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

/*
 * Calls `body(height, width, …)` with the sides of a window, which are constants for the usual ones. Most windows lie on
 * the input as a whole, so the branch is predicted.
 */
#define SIZED(body, height, width, ...)                                                                                \
  ((height) == 2 && (width) == 2   ? body(2, 2, __VA_ARGS__)                                                           \
   : (height) == 3 && (width) == 3 ? body(3, 3, __VA_ARGS__)                                                           \
                                   : body(height, width, __VA_ARGS__))

/* Writes the maximum of height × width positions; rows are `row` floats apart. */
INLINE void write_maximum(const int height, const int width, const float *in, int row, float *out) {
  for (int i = 0; i < LANES; i += VEC) {
    vec best = vload(in + i);
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++) best = vmax(vload(in + y * row + x * LANES + i), best);
    vstore(out + i, best);
  }
}

static void step_max_pool(const context *c, const int *words, int block) {
  const struct pool *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  window k = a->k;
  for (int ch = 0; ch < out.channels; ch++) {
    for (int y = 0; y < out.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, in.height);
      const float *from = row_of(in, ch, rows.first);
      float *to = row_of(out, ch, y);
      for (int x = 0; x < out.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, in.width);
        SIZED(write_maximum, rows.last - rows.first, columns.last - columns.first, from + columns.first * LANES, in.row,
              to + x * LANES);
      }
    }
  }
}

INLINE void clear_row(view v, int ch, int y) {
  float *row = row_of(v, ch, y);
  for (int i = 0; i < v.width * LANES; i += VEC) vstore(row + i, vset(0));
}

INLINE void clear(view v) {
  for (int ch = 0; ch < v.channels; ch++)
    for (int y = 0; y < v.height; y++) clear_row(v, ch, y);
}

/* What a window's gradient is made of: pointers to its first position, and the distances of rows in floats. */
typedef struct {
  const float *in, *out, *dy;
  float *dx;
  int in_row, dx_row, relu;
} pooled;

/* The first of equal maxima, in reading order, gets the gradient. `add` is for positions of several windows. */
INLINE void share_gradient(const int height, const int width, pooled p, const int add) {
  for (int i = 0; i < LANES; i += VEC) {
    vec best = vload(p.out + i), left = vload(p.dy + i);
    if (p.relu) left = vwhere((ivec)(best > vset(0)), left);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float *target = p.dx + y * p.dx_row + x * LANES + i;
        ivec here = (ivec)(vload(p.in + y * p.in_row + x * LANES + i) == best);
        vec share = vwhere(here, left);
        left = vwhere(~here, left);
        vstore(target, add ? vload(target) + share : share);
      }
    }
  }
}

INLINE void max_pool_gradient(const int apart, view in, view out, view dy, view dx, window k, int relu) {
  int covered = k.stride == k.height && k.stride == k.width && dx.height % k.stride == 0 && dx.width % k.stride == 0;
  for (int ch = 0; ch < out.channels; ch++) {
    int clean = covered ? dx.height : 0; /* rows before it are cleared: each just before the first window on it */
    for (int y = 0; y < out.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, in.height);
      for (; clean < rows.last; clean++) clear_row(dx, ch, clean);
      for (int x = 0; x < out.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, in.width);
        int first = columns.first * LANES;
        pooled p = {row_of(in, ch, rows.first) + first, row_of(out, ch, y) + x * LANES, row_of(dy, ch, y) + x * LANES,
                    row_of(dx, ch, rows.first) + first, in.row, dx.row, relu};
        SIZED(share_gradient, rows.last - rows.first, columns.last - columns.first, p, !apart);
      }
    }
    for (; clean < dx.height; clean++) clear_row(dx, ch, clean);
  }
}

/* A ReLU before the pooling passes the gradient on where the maximum is positive. */
static void step_max_pool_gradient(const context *c, const int *words, int block) {
  const struct max_pool_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  if (a->k.stride >= a->k.height && a->k.stride >= a->k.width) max_pool_gradient(1, in, out, dy, dx, a->k, a->relu);
  else max_pool_gradient(0, in, out, dy, dx, a->k, a->relu);
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
