/* Bilinear resampling of maps: pixel centres on pixel centres, the border repeated (as OpenCV's INTER_LINEAR). */
#include "program.h"

/* The two rows (or columns) that a row of the output lies between, and how far it is from the first to the second. */
typedef struct {
  int first, second;
  float share;
} between;

/* The coordinate (position + 1/2) · in / out - 1/2, in whole parts of 2 · out, so that it is the same on every target. */
INLINE between source_of(int position, int out, int in) {
  int unit = 2 * out, coordinate = (2 * position + 1) * in - out, last = (in - 1) * unit;
  if (coordinate < 0) coordinate = 0;
  if (coordinate > last) coordinate = last;
  int first = coordinate / unit;
  between b = {first, first + (first < in - 1), (float)(coordinate % unit) / (float)unit};
  return b;
}

static void step_resize(const context *c, const int *words, int block) {
  const struct unary *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  for (int ch = 0; ch < out.channels; ch++) {
    for (int y = 0; y < out.height; y++) {
      between rows = source_of(y, out.height, in.height);
      const float *top = row_of(in, ch, rows.first), *bottom = row_of(in, ch, rows.second);
      float *target = row_of(out, ch, y);
      for (int x = 0; x < out.width; x++) {
        between columns = source_of(x, out.width, in.width);
        vec down = vset(rows.share), right = vset(columns.share);
        for (int i = 0; i < LANES; i += VEC) {
          int first = columns.first * LANES + i, second = columns.second * LANES + i;
          vec above = vfma(vload(top + second) - vload(top + first), right, vload(top + first));
          vec below = vfma(vload(bottom + second) - vload(bottom + first), right, vload(bottom + first));
          vstore(target + x * LANES + i, vfma(below - above, down, above));
        }
      }
    }
  }
}

INLINE void add_to(float *target, vec value) { vstore(target, vload(target) + value); }

static void step_resize_gradient(const context *c, const int *words, int block) {
  const struct unary_gradient *a = (const void *)words;
  view dy = view_of(c, a->dy, block), dx = view_of(c, a->dx, block);
  clear(dx);
  for (int ch = 0; ch < dy.channels; ch++) {
    for (int y = 0; y < dy.height; y++) {
      between rows = source_of(y, dy.height, dx.height);
      const float *source = row_of(dy, ch, y);
      float *top = row_of(dx, ch, rows.first), *bottom = row_of(dx, ch, rows.second);
      for (int x = 0; x < dy.width; x++) {
        between columns = source_of(x, dy.width, dx.width);
        vec down = vset(rows.share), right = vset(columns.share);
        for (int i = 0; i < LANES; i += VEC) {
          int first = columns.first * LANES + i, second = columns.second * LANES + i;
          vec gradient = vload(source + x * LANES + i);
          vec below = gradient * down, above = gradient - below;
          add_to(top + first, above - above * right);
          add_to(top + second, above * right);
          add_to(bottom + first, below - below * right);
          add_to(bottom + second, below * right);
        }
      }
    }
  }
}
