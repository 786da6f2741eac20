/* Depthwise 2-D convolution: one filter a channel, weights [channel][ky][kx]. Inputs carry a halo of zeros. */
#include "program.h"

struct depthwise_conv2d {
  int in, out, weights, bias;
  window k;
  int relu;
};

static void step_depthwise_conv2d(const context *c, const int *words, int block) {
  const struct depthwise_conv2d *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  window k = a->k;
  for (int ch = 0; ch < out.channels; ch++) {
    const float *w = c->arena + a->weights + ch * k.height * k.width;
    vec start = vset(a->bias < 0 ? 0 : c->arena[a->bias + ch]);
    for (int y = 0; y < out.height; y++) {
      const float *origin = row_of(in, ch, y * k.stride - k.pad_y) - k.pad_x * LANES;
      float *target = row_of(out, ch, y);
      for (int x = 0; x < out.width; x++) {
        for (int i = 0; i < LANES; i += VEC) {
          vec sum = start;
          for (int ky = 0; ky < k.height; ky++)
            for (int kx = 0; kx < k.width; kx++)
              sum = vfma(vload(origin + ky * in.row + (x * k.stride + kx) * LANES + i), vset(w[ky * k.width + kx]), sum);
          vstore(target + x * LANES + i, a->relu ? vmax(sum, vset(0)) : sum);
        }
      }
    }
  }
}

struct depthwise_conv2d_input_gradient {
  int out_gradient, in_gradient, weights;
  window k;
};

static void step_depthwise_conv2d_input_gradient(const context *c, const int *words, int block) {
  const struct depthwise_conv2d_input_gradient *a = (const void *)words;
  view dy = view_of(c, a->out_gradient, block), dx = view_of(c, a->in_gradient, block);
  window k = a->k;
  for (int ch = 0; ch < dx.channels; ch++) {
    const float *w = c->arena + a->weights + ch * k.height * k.width;
    for (int y = 0; y < dx.height; y++) {
      for (int x = 0; x < dx.width; x++) {
        for (int i = 0; i < LANES; i += VEC) {
          vec sum = vset(0);
          for (int ky = 0; ky < k.height; ky++) {
            int oy = y + k.pad_y - ky;
            if (oy < 0 || oy % k.stride || oy / k.stride >= dy.height) continue;
            const float *row = row_of(dy, ch, oy / k.stride) + i;
            for (int kx = 0; kx < k.width; kx++) {
              int ox = x + k.pad_x - kx;
              if (ox < 0 || ox % k.stride || ox / k.stride >= dy.width) continue;
              sum = vfma(vload(row + ox / k.stride * LANES), vset(w[ky * k.width + kx]), sum);
            }
          }
          vstore(row_of(dx, ch, y) + x * LANES + i, sum);
        }
      }
    }
  }
}

struct depthwise_conv2d_weight_gradient {
  int in, out_gradient, gradient;
  window k;
};

/* Adds to the lanes of each weight the sum over all positions. */
static void step_depthwise_conv2d_weight_gradient(const context *c, const int *words, int block) {
  const struct depthwise_conv2d_weight_gradient *a = (const void *)words;
  view in = view_of(c, a->in, block), dy = view_of(c, a->out_gradient, block);
  window k = a->k;
  for (int ch = 0; ch < dy.channels; ch++) {
    for (int ky = 0; ky < k.height; ky++) {
      for (int kx = 0; kx < k.width; kx++) {
        float *gradient = c->arena + a->gradient + ((ch * k.height + ky) * k.width + kx) * LANES;
        for (int i = 0; i < LANES; i += VEC) {
          vec sum = vload(gradient + i);
          for (int y = 0; y < dy.height; y++) {
            const float *x = row_of(in, ch, y * k.stride + ky - k.pad_y) + (kx - k.pad_x) * LANES + i;
            const float *g = row_of(dy, ch, y) + i;
            for (int position = 0; position < dy.width; position++, g += LANES, x += k.stride * LANES)
              sum = vfma(vload(x), vload(g), sum);
          }
          vstore(gradient + i, sum);
        }
      }
    }
  }
}
