/*
 * A program is what the engine runs: a list of steps in the arena, each `number, length, arguments…` (32-bit words).
 * Tensors are named by their row in a table; everything else by its offset in floats from the arena's start.
 */
#pragma once
#include "lanes.h"

/*
 * The steps, in the order of their numbers. The function `step_NAME` reads its arguments by a struct of ints and floats.
 * src/nn/program.ts holds the same list with the same arguments, and a test compares the two.
 */
#define STEPS(STEP, TRAINING_STEP)                                                                                     \
  STEP(end)                                                                                                            \
  STEP(each_block)                                                                                                     \
  STEP(crop)                                                                                                           \
  STEP(conv2d)                                                                                                         \
  TRAINING_STEP(conv2d_input_gradient)                                                                                 \
  TRAINING_STEP(conv2d_weight_gradient)                                                                                \
  TRAINING_STEP(conv2d_transpose_weights)                                                                              \
  TRAINING_STEP(winograd_weights)                                                                                      \
  TRAINING_STEP(winograd_conv2d)                                                                                       \
  TRAINING_STEP(winograd_weight_gradient)                                                                              \
  TRAINING_STEP(winograd_gradient_taps)                                                                                \
  STEP(depthwise_conv2d)                                                                                               \
  TRAINING_STEP(depthwise_conv2d_input_gradient)                                                                       \
  TRAINING_STEP(depthwise_conv2d_weight_gradient)                                                                      \
  TRAINING_STEP(bias_gradient)                                                                                         \
  STEP(dense)                                                                                                          \
  TRAINING_STEP(dense_input_gradient)                                                                                  \
  TRAINING_STEP(dense_weight_gradient)                                                                                 \
  STEP(relu)                                                                                                           \
  TRAINING_STEP(relu_gradient)                                                                                         \
  STEP(max_pool)                                                                                                       \
  TRAINING_STEP(max_pool_choice)                                                                                       \
  TRAINING_STEP(max_pool_gradient)                                                                                     \
  STEP(average_pool)                                                                                                   \
  TRAINING_STEP(average_pool_gradient)                                                                                 \
  STEP(global_average_pool)                                                                                            \
  TRAINING_STEP(global_average_pool_gradient)                                                                          \
  STEP(block_normalize)                                                                                                \
  TRAINING_STEP(batch_statistics)                                                                                      \
  TRAINING_STEP(running_statistics)                                                                                    \
  STEP(normalize)                                                                                                      \
  TRAINING_STEP(block_normalize_gradient)                                                                              \
  TRAINING_STEP(batch_normalize_sums)                                                                                  \
  TRAINING_STEP(batch_normalize_gradient)                                                                              \
  TRAINING_STEP(dropout)                                                                                               \
  STEP(add)                                                                                                            \
  STEP(copy)                                                                                                           \
  STEP(softmax)                                                                                                        \
  TRAINING_STEP(cross_entropy)                                                                                         \
  STEP(fill_zero)                                                                                                      \
  TRAINING_STEP(reduce_lanes)                                                                                          \
  TRAINING_STEP(clip_gradient)                                                                                         \
  TRAINING_STEP(adamw)                                                                                                 \
  TRAINING_STEP(sgd)                                                                                                   \
  STEP(peak)                                                                                                           \
  STEP(resize)                                                                                                         \
  TRAINING_STEP(resize_gradient)                                                                                       \
  TRAINING_STEP(weight_penalty)                                                                                        \
  TRAINING_STEP(update_running)                                                                                        \
  TRAINING_STEP(normalize_parameters_gradient)                                                                         \
  STEP(quantize)                                                                                                       \
  STEP(spread_filters)                                                                                                 \
  STEP(normalization_scales)                                                                                           \
  STEP(crop_one)                                                                                                       \
  STEP(conv2d_one)                                                                                                     \
  STEP(depthwise_conv2d_one)                                                                                           \
  STEP(dense_one)                                                                                                      \
  STEP(normalize_one)                                                                                                  \
  STEP(concatenate_one)                                                                                                \
  STEP(flatten_one)                                                                                                    \
  STEP(softmax_one)

/* A row of the tensor table. Strides and offsets count floats; a position is LANES floats. */
struct tensor {
  int offset, block_stride, channels, height, width, row_stride, channel_stride;
};

/* One block of a tensor. */
typedef struct {
  float *data;
  int channels, height, width, row, channel;
} view;

typedef struct {
  float *arena;
  const struct tensor *tensors;
  int blocks;
} context;

INLINE view view_of(const context *c, int tensor, int block) {
  const struct tensor *t = &c->tensors[tensor];
  view v = {c->arena + t->offset + (long)block * t->block_stride, t->channels, t->height, t->width,
            t->row_stride,  t->channel_stride};
  return v;
}

INLINE float *row_of(view v, int channel, int y) { return v.data + (long)channel * v.channel + (long)y * v.row; }

/* The sides of a window, its stride and the rows and columns of padding before the input. */
typedef struct {
  int height, width, stride, pad_y, pad_x;
} window;

/* Arguments of several steps: tensors by their row in the table. */
struct unary {
  int in, out;
};

struct unary_gradient {
  int dy, dx;
};
