/* Pooling. Positions outside the input take no part. */
#include "program.h"

struct pool {
  int in, out;
  window k;
};

struct pool_gradient {
  int dy, dx;
  window k;
};

struct max_pool_choice {
  int in, out, choice;
  window k;
  int relu;
};

struct max_pool_gradient {
  int choice, dy, dx;
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

/*
 * Also writes which position, in reading order, is the first of equal maxima: the one that gets the gradient. It is -1 if none
 * does: the maximum is not a number, or the gradient of a ReLU before the pooling stops it.
 */
INLINE void write_choice(const int height, const int width, const float *in, int row, float *out, float *choice,
                         int relu) {
  for (int i = 0; i < LANES; i += VEC) {
    vec best = vload(in + i);
    ivec chosen = {0};
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        vec value = vload(in + y * row + x * LANES + i);
        ivec better = (ivec)(value > best), position = (ivec){0} + (y * width + x);
        chosen = (better & position) | (~better & chosen);
        best = vmax(value, best);
      }
    }
    ivec passes = relu ? (ivec)(best > vset(0)) : (ivec)(best == best);
    vstore(out + i, best);
    vstore(choice + i, (vec)(chosen | ~passes));
  }
}

INLINE void max_pool(const int chooses, view in, view out, view choice, window k, int relu) {
  for (int ch = 0; ch < out.channels; ch++) {
    for (int y = 0; y < out.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, in.height);
      const float *from = row_of(in, ch, rows.first);
      float *to = row_of(out, ch, y), *chosen = chooses ? row_of(choice, ch, y) : 0;
      for (int x = 0; x < out.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, in.width);
        int height = rows.last - rows.first, width = columns.last - columns.first;
        const float *first = from + columns.first * LANES;
        if (chooses) SIZED(write_choice, height, width, first, in.row, to + x * LANES, chosen + x * LANES, relu);
        else SIZED(write_maximum, height, width, first, in.row, to + x * LANES);
      }
    }
  }
}

static void step_max_pool(const context *c, const int *words, int block) {
  const struct pool *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  max_pool(0, in, out, out, a->k, 0);
}

/*
 * The pooling of a pass with a gradient. That reads the choices instead of the input, which is larger and has left the near
 * caches by then.
 */
static void step_max_pool_choice(const context *c, const int *words, int block) {
  const struct max_pool_choice *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  max_pool(1, in, out, view_of(c, a->choice, block), a->k, a->relu);
}

INLINE void clear_row(view v, int ch, int y) {
  float *row = row_of(v, ch, y);
  for (int i = 0; i < v.width * LANES; i += VEC) vstore(row + i, vset(0));
}

INLINE void clear(view v) {
  for (int ch = 0; ch < v.channels; ch++)
    for (int y = 0; y < v.height; y++) clear_row(v, ch, y);
}

/* Gives the gradient of one window to the position chosen. `add` is for positions of several windows. */
INLINE void share_gradient(const int height, const int width, const float *choice, const float *dy, float *dx, int row,
                           const int add) {
  for (int i = 0; i < LANES; i += VEC) {
    ivec chosen = (ivec)vload(choice + i);
    vec gradient = vload(dy + i);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float *target = dx + y * row + x * LANES + i;
        vec share = vwhere((ivec)(chosen == y * width + x), gradient);
        vstore(target, add ? vload(target) + share : share);
      }
    }
  }
}

INLINE void max_pool_gradient(const int apart, view choice, view dy, view dx, window k) {
  int covered = k.stride == k.height && k.stride == k.width && dx.height % k.stride == 0 && dx.width % k.stride == 0;
  for (int ch = 0; ch < dy.channels; ch++) {
    int clean = covered ? dx.height : 0; /* rows before it are cleared: each just before the first window on it */
    for (int y = 0; y < dy.height; y++) {
      range rows = under(y, k.height, k.stride, k.pad_y, dx.height);
      for (; clean < rows.last; clean++) clear_row(dx, ch, clean);
      const float *chosen = row_of(choice, ch, y), *from = row_of(dy, ch, y);
      float *to = row_of(dx, ch, rows.first);
      for (int x = 0; x < dy.width; x++) {
        range columns = under(x, k.width, k.stride, k.pad_x, dx.width);
        SIZED(share_gradient, rows.last - rows.first, columns.last - columns.first, chosen + x * LANES,
              from + x * LANES, to + columns.first * LANES, dx.row, !apart);
      }
    }
    for (; clean < dx.height; clean++) clear_row(dx, ch, clean);
  }
}

static void step_max_pool_gradient(const context *c, const int *words, int block) {
  const struct max_pool_gradient *a = (const void *)words;
  view choice = view_of(c, a->choice, block), dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  if (a->k.stride >= a->k.height && a->k.stride >= a->k.width) max_pool_gradient(1, choice, dy, dx, a->k);
  else max_pool_gradient(0, choice, dy, dx, a->k);
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
