/* From 8-bit face frames to the normalised or merely scaled lanes of one patch, with flip and shift. */
#include "program.h"

struct crop {
  int out, frames, samples, statistics, size, x, y, mirror;
  int zero, scale; /* floats, for all samples; used where `statistics` is -1 */
};

/* How a sample is to be seen: moved by whole pixels (the border is repeated) and flipped left to right. */
struct sample {
  int shift_x, shift_y, flip;
};

INLINE int clamp(int value, int limit) { return value < 0 ? 0 : value >= limit ? limit - 1 : value; }

static void step_crop(const context *c, const int *words, int block) {
  const struct crop *a = (const void *)words;
  view out = view_of(c, a->out, block);
  const unsigned char *frames = (const unsigned char *)(c->arena + a->frames) + (long)block * LANES * a->size * a->size;
  const struct sample *samples = (const struct sample *)(c->arena + a->samples) + block * LANES;
  float fixed[2 * LANES] __attribute__((aligned(64)));
  for (int i = 0; i < LANES; i++) fixed[i] = as_float(a->zero), fixed[LANES + i] = as_float(a->scale);
  const float *mean = a->statistics < 0 ? fixed : c->arena + a->statistics + block * 2 * LANES;
  const float *inverse = mean + LANES;
  for (int y = 0; y < out.height; y++) {
    float *to = row_of(out, 0, y);
    for (int lane = 0; lane < LANES; lane++) {
      struct sample s = samples[lane];
      const unsigned char *row =
          frames + ((long)lane * a->size + clamp(a->y + y + s.shift_y, a->size)) * a->size;
      int first = a->x + s.shift_x + (a->mirror ? out.width - 1 : 0), step = a->mirror ? -1 : 1;
      if (s.flip) {
        first = a->size - 1 - first;
        step = -step;
      }
      for (int x = 0; x < out.width; x++) to[x * LANES + lane] = row[clamp(first + x * step, a->size)];
    }
    for (int x = 0; x < out.width; x++)
      for (int i = 0; i < LANES; i += VEC)
        vstore(to + x * LANES + i, (vload(to + x * LANES + i) - vload(mean + i)) * vload(inverse + i));
  }
}
