/* Turns 8-bit face frames into the normalised or scaled lanes of one patch, with flip, shift, rotation and zoom. */
#include "program.h"

struct crop {
  int out, frames, samples, levels, size, x, y, mirror;
  float zero, scale; /* for all samples; used where `levels` is -1 */
};

/*
 * The view of a sample: shifted by whole pixels (the border is repeated), flipped left to right, then rotated and zoomed about
 * the centre of the frame. The pixel at (x, y) from the centre shows the frame at
 * (cosine · x + sine · y, cosine · y - sine · x), both in units of 1 / ONE.
 */
struct sample {
  int shift_x, shift_y, flip, cosine, sine;
};

#define ONE 65536

INLINE int clamp(int value, int limit) { return value < 0 ? 0 : value >= limit ? limit - 1 : value; }

/*
 * Bilinear interpolation of the frame in integers, so that every target gives the same: coordinates in units of
 * 1 / (2 · ONE), weights in units of 1 / 256. The sum is below 2^24, which a float represents exactly.
 */
INLINE float between_pixels(const unsigned char *frame, int size, struct sample s, int x, int y) {
  int from_x = 2 * x - (size - 1), from_y = 2 * y - (size - 1), middle = (size - 1) * ONE;
  int at_x = s.cosine * from_x + s.sine * from_y + middle, at_y = s.cosine * from_y - s.sine * from_x + middle;
  int right = (at_x >> 9) & 255, down = (at_y >> 9) & 255;
  int first = clamp(at_x >> 17, size), second = clamp((at_x >> 17) + 1, size);
  const unsigned char *top = frame + (long)clamp(at_y >> 17, size) * size;
  const unsigned char *bottom = frame + (long)clamp((at_y >> 17) + 1, size) * size;
  int above = top[first] * (256 - right) + top[second] * right;
  int below = bottom[first] * (256 - right) + bottom[second] * right;
  return (float)(above * (256 - down) + below * down) * (1.0f / ONE);
}

static void step_crop(const context *c, const int *words, int block) {
  const struct crop *a = (const void *)words;
  view out = view_of(c, a->out, block);
  const unsigned char *frames = (const unsigned char *)(c->arena + a->frames) + (long)block * LANES * a->size * a->size;
  const struct sample *samples = (const struct sample *)(c->arena + a->samples) + block * LANES;
  float fixed[2 * LANES] __attribute__((aligned(64)));
  for (int i = 0; i < LANES; i++) fixed[i] = a->zero, fixed[LANES + i] = a->scale;
  const float *mean = a->levels < 0 ? fixed : c->arena + a->levels + block * 2 * LANES;
  const float *inverse = mean + LANES;
  for (int y = 0; y < out.height; y++) {
    float *to = row_of(out, 0, y);
    for (int lane = 0; lane < LANES; lane++) {
      struct sample s = samples[lane];
      const unsigned char *frame = frames + (long)lane * a->size * a->size;
      const unsigned char *row = frame + (long)clamp(a->y + y + s.shift_y, a->size) * a->size;
      int first = a->x + s.shift_x + (a->mirror ? out.width - 1 : 0), step = a->mirror ? -1 : 1;
      if (s.flip) {
        first = a->size - 1 - first;
        step = -step;
      }
      if (s.cosine == ONE && s.sine == 0)
        for (int x = 0; x < out.width; x++) to[x * LANES + lane] = row[clamp(first + x * step, a->size)];
      else
        for (int x = 0; x < out.width; x++)
          to[x * LANES + lane] = between_pixels(frame, a->size, s, first + x * step, a->y + y + s.shift_y);
    }
    for (int x = 0; x < out.width; x++)
      for (int i = 0; i < LANES; i += VEC)
        vstore(to + x * LANES + i, (vload(to + x * LANES + i) - vload(mean + i)) * vload(inverse + i));
  }
}
