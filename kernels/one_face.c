/*
 * The prediction of one face. Here a lane is a channel: a position holds the values of LANES channels, and a tensor's
 * `channels` are groups of so many, the last one filled up with zeros. The steps that treat all lanes alike (pooling,
 * resampling, ReLU, sums) are those of a block; the steps below tell channels apart. Every sum has the terms and the order
 * that it has in a block of samples, and therefore the same bits.
 */
#include "program.h"

/* The distance from a group's first channel to channel `channel`, if the groups are `apart` floats from each other. */
INLINE long lane_of(int channel, long apart) { return channel / LANES * apart + channel % LANES; }

struct spread_filters {
  int weights, spread, filters, taps;
};

/* Turns weights [filter][tap] into [group of filters][tap][lane]. */
static void step_spread_filters(const context *c, const int *words, int block) {
  const struct spread_filters *a = (const void *)words;
  const float *weights = c->arena + a->weights;
  float *spread = c->arena + a->spread;
  (void)block;
  for (int filter = 0; filter < a->filters; filter++)
    for (int tap = 0; tap < a->taps; tap++)
      spread[lane_of(filter, (long)a->taps * LANES) + tap * LANES] = weights[filter * a->taps + tap];
}

struct crop_one {
  int out, frame, levels, size, x, y, mirror;
  float zero, scale; /* where `levels` is -1 */
};

/* As `crop` of the whole frame as it is. */
static void step_crop_one(const context *c, const int *words, int block) {
  const struct crop_one *a = (const void *)words;
  view out = view_of(c, a->out, block);
  const unsigned char *corner = (const unsigned char *)(c->arena + a->frame) + a->y * a->size + a->x;
  float mean = a->levels < 0 ? a->zero : c->arena[a->levels];
  float inverse = a->levels < 0 ? a->scale : c->arena[a->levels + LANES];
  for (int y = 0; y < out.height; y++)
    for (int x = 0; x < out.width; x++) {
      float grey = corner[y * a->size + (a->mirror ? out.width - 1 - x : x)];
      row_of(out, 0, y)[x * LANES] = (grey - mean) * inverse;
    }
}

/* Where some positions of the first output channels lie, and the inputs under the first taps of their windows. */
typedef struct {
  const float *in[MOST_POSITIONS];
  float *out[MOST_POSITIONS];
} places;

/* A walk over the output's positions in reading order, which stays on the last one. */
typedef struct {
  const float *in;
  float *out;
  int x, y;
} walk;

INLINE walk walk_through(view in, view out, window k) {
  return (walk){row_of(in, 0, -k.pad_y) - k.pad_x * LANES, out.data, 0, 0};
}

/* The next positions. Repeating the last one costs less than tiles of other sizes. */
INLINE places next_places(walk *at, const int positions, view in, view out, window k) {
  places next;
  for (int p = 0; p < positions; p++) {
    next.in[p] = at->in;
    next.out[p] = at->out;
    if (at->x + 1 < out.width) {
      at->x++;
      at->in += k.stride * LANES;
      at->out += LANES;
    } else if (at->y + 1 < out.height) {
      at->in += k.stride * (in.row - at->x * LANES);
      at->out += out.row - at->x * LANES;
      at->x = 0;
      at->y++;
    }
  }
  return next;
}

struct normalization_scales {
  int scales, channels, gamma, beta, mean, variance;
};

/* The factors of a normalisation, then its terms, in whole groups; as in `normalize_channel`. */
static void step_normalization_scales(const context *c, const int *words, int block) {
  const struct normalization_scales *a = (const void *)words;
  float *scale = c->arena + a->scales, *shift = scale + padded(a->channels);
  (void)block;
  for (int ch = 0; ch < a->channels; ch++) {
    scale[ch] = c->arena[a->gamma + ch] * (1 / sqrt1(c->arena[a->variance + ch] + EPSILON));
    shift[ch] = fma1(-c->arena[a->mean + ch], scale[ch], c->arena[a->beta + ch]);
  }
}

/* What follows on the sums of a vector of channels: a normalisation (`scale` is 0 if there is none) and a ReLU. */
typedef struct {
  const float *scale;
  int shift, relu;
} finish;

INLINE finish finish_of(const context *c, int scales, int channels, int relu) {
  return (finish){scales < 0 ? 0 : c->arena + scales, padded(channels), relu};
}

INLINE vec finished(vec sum, finish f, int channel) {
  if (f.scale) sum = vfma(sum, vload(f.scale + channel), vload(f.scale + f.shift + channel));
  return f.relu ? vmax(sum, vset(0)) : sum;
}

struct convolution_one {
  int in, out, weights, bias;
  window k;
  int relu, scales, inputs, filters;
};

/* Sums of `vectors` · VEC filters at some positions. The vectors lie in one group, or each fills a group of its own. */
INLINE void conv2d_one_tile(const int vectors, const int positions, const int rows, const int taps, int inputs, view in,
                            view out, places at, const float *weights, const float *bias, finish f, int filter) {
  const long next = VEC == LANES ? (long)inputs * rows * taps * LANES : VEC;
  vec sum[ONE_VECTORS][MOST_POSITIONS];
  for (int v = 0; v < vectors; v++) {
    vec start = bias ? vload(bias + filter + v * VEC) : vset(0);
    for (int p = 0; p < positions; p++) sum[v][p] = start;
  }
  for (int input = 0; input < inputs; input++) {
    for (int ky = 0; ky < rows; ky++) {
      const long row = lane_of(input, in.channel) + (long)ky * in.row;
      KEEP_ROLLED for (int kx = 0; kx < taps; kx++, weights += LANES) {
        vec weight[ONE_VECTORS];
        for (int v = 0; v < vectors; v++) weight[v] = vload(weights + v * next);
        for (int p = 0; p < positions; p++) {
          vec x = vset(at.in[p][row + kx * LANES]);
          for (int v = 0; v < vectors; v++) sum[v][p] = vfma(x, weight[v], sum[v][p]);
        }
      }
    }
  }
  for (int v = 0; v < vectors; v++)
    for (int p = 0; p < positions; p++)
      vstore(at.out[p] + lane_of(filter + v * VEC, out.channel), finished(sum[v][p], f, filter + v * VEC));
}

INLINE void conv2d_one_all(const int rows, const int taps, const context *c, const struct convolution_one *a) {
  view in = view_of(c, a->in, 0), out = view_of(c, a->out, 0);
  const float *weights = c->arena + a->weights, *bias = a->bias < 0 ? 0 : c->arena + a->bias;
  const long group = (long)a->inputs * rows * taps * LANES;
  finish f = finish_of(c, a->scales, a->filters, a->relu);
  int filter = 0;
#define TILE(vectors, positions)                                                                                       \
  for (; filter + ((vectors)-1) * VEC < a->filters; filter += (vectors) * VEC) {                                       \
    walk way = walk_through(in, out, a->k);                                                                            \
    for (int first = 0; first < out.height * out.width; first += positions)                                            \
      conv2d_one_tile(vectors, positions, rows, taps, a->inputs, in, out,                                              \
                      next_places(&way, positions, in, out, a->k), weights + lane_of(filter, group), bias, f, filter); \
  }
  TILE(ONE_VECTORS, ONE_POSITIONS)
  TILE(1, MOST_POSITIONS)
#undef TILE
}

static void step_conv2d_one(const context *c, const int *words, int block) {
  const struct convolution_one *a = (const void *)words;
  int square = a->k.height == a->k.width ? a->k.width : 0;
  (void)block;
  if (square == 1) conv2d_one_all(1, 1, c, a);
#if !defined(__wasm__) /* which gains 4 % from it, for 2 kB of every page */
  else if (square == 3) conv2d_one_all(3, 3, c, a);
#endif
  else conv2d_one_all(a->k.height, a->k.width, c, a);
}

INLINE void depthwise_one_all(const int rows, const int taps, const context *c, const struct convolution_one *a) {
  view in = view_of(c, a->in, 0), out = view_of(c, a->out, 0);
  const float *bias = a->bias < 0 ? 0 : c->arena + a->bias;
  finish f = finish_of(c, a->scales, a->filters, a->relu);
  walk way = walk_through(in, out, a->k);
  for (int first = 0; first < out.height * out.width; first += ONE_POSITIONS) {
    places at = next_places(&way, ONE_POSITIONS, in, out, a->k);
    for (int filter = 0; filter < a->filters; filter += VEC) {
      const float *weights = c->arena + a->weights + lane_of(filter, (long)rows * taps * LANES);
      vec sum[ONE_POSITIONS], start = bias ? vload(bias + filter) : vset(0);
      for (int p = 0; p < ONE_POSITIONS; p++) sum[p] = start;
      for (int ky = 0; ky < rows; ky++) {
        const long row = lane_of(filter, in.channel) + (long)ky * in.row;
        for (int kx = 0; kx < taps; kx++, weights += LANES)
          for (int p = 0; p < ONE_POSITIONS; p++)
            sum[p] = vfma(vload(at.in[p] + row + kx * LANES), vload(weights), sum[p]);
      }
      for (int p = 0; p < ONE_POSITIONS; p++)
        vstore(at.out[p] + lane_of(filter, out.channel), finished(sum[p], f, filter));
    }
  }
}

static void step_depthwise_conv2d_one(const context *c, const int *words, int block) {
  const struct convolution_one *a = (const void *)words;
  (void)block;
  if (a->k.height == 3 && a->k.width == 3) depthwise_one_all(3, 3, c, a);
  else depthwise_one_all(a->k.height, a->k.width, c, a);
}

struct dense_one {
  int in, out, weights, bias, relu, scales, inputs;
};

/* The inputs lie side by side, like the outputs; the rows of weights are whole groups of units. */
static void step_dense_one(const context *c, const int *words, int block) {
  const struct dense_one *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  const float *bias = a->bias < 0 ? 0 : c->arena + a->bias;
  int width = out.channels * LANES, unit = 0;
  finish f = finish_of(c, a->scales, width, a->relu);
#define TILE(vectors)                                                                                                  \
  for (; unit + (vectors) * VEC <= width; unit += (vectors) * VEC) {                                                   \
    const float *weights = c->arena + a->weights + unit;                                                               \
    vec sum[vectors];                                                                                                  \
    for (int v = 0; v < (vectors); v++) sum[v] = bias ? vload(bias + unit + v * VEC) : vset(0);                        \
    for (int n = 0; n < a->inputs; n++, weights += width) {                                                            \
      vec x = vset(in.data[n]);                                                                                        \
      for (int v = 0; v < (vectors); v++) sum[v] = vfma(x, vload(weights + v * VEC), sum[v]);                          \
    }                                                                                                                  \
    for (int v = 0; v < (vectors); v++) vstore(out.data + unit + v * VEC, finished(sum[v], f, unit + v * VEC));        \
  }
  TILE(DENSE_TILE)
  TILE(PARTS)
#undef TILE
}

struct normalize_one {
  int in, out, scales, relu;
};

static void step_normalize_one(const context *c, const int *words, int block) {
  const struct normalize_one *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  finish f = finish_of(c, a->scales, out.channels * LANES, a->relu);
  for (int ch = 0; ch < out.channels; ch++)
    for (int y = 0; y < out.height; y++)
      for (int x = 0; x < out.width * LANES; x += LANES)
        for (int i = 0; i < LANES; i += VEC)
          vstore(row_of(out, ch, y) + x + i, finished(vload(row_of(in, ch, y) + x + i), f, ch * LANES + i));
}

struct concatenate_one {
  int in, out, channels, first;
};

/* Copies channels into a larger map, from its channel `first` on; those of single positions lie side by side. */
static void step_concatenate_one(const context *c, const int *words, int block) {
  const struct concatenate_one *a = (const void *)words;
  view in = view_of(c, a->in, block), out = view_of(c, a->out, block);
  if (out.height * out.width == 1) {
    for (int ch = 0; ch < a->channels; ch++) out.data[a->first + ch] = in.data[ch];
    return;
  }
  for (int ch = 0; ch < a->channels; ch++) {
    const float *from = in.data + lane_of(ch, in.channel);
    float *to = out.data + lane_of(a->first + ch, out.channel);
    for (int y = 0; y < in.height; y++)
      for (int x = 0; x < in.width * LANES; x += LANES) to[(long)y * out.row + x] = from[(long)y * in.row + x];
  }
}

struct flatten_one {
  int in, out, channels;
};

static void step_flatten_one(const context *c, const int *words, int block) {
  const struct flatten_one *a = (const void *)words;
  view in = view_of(c, a->in, block);
  float *to = view_of(c, a->out, block).data;
  for (int ch = 0; ch < a->channels; ch++)
    for (int y = 0; y < in.height; y++) {
      const float *from = in.data + lane_of(ch, in.channel) + (long)y * in.row;
      for (int x = 0; x < in.width; x++) *to++ = from[x * LANES];
    }
}

struct softmax_one {
  int logits, probabilities, classes;
};

/* As `softmax`, one class at a time. */
static void step_softmax_one(const context *c, const int *words, int block) {
  const struct softmax_one *a = (const void *)words;
  const float *logits = view_of(c, a->logits, block).data;
  float *probabilities = view_of(c, a->probabilities, block).data;
  vec top = vset(logits[0]);
  for (int k = 1; k < a->classes; k++) top = vmax(vset(logits[k]), top);
  float sum = 0;
  for (int k = 0; k < a->classes; k++) {
    probabilities[k] = vexp(vset(logits[k]) - top)[0];
    sum += probabilities[k];
  }
  for (int k = 0; k < a->classes; k++) probabilities[k] /= sum;
}
