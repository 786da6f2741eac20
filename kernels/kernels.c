/* All kernels as one unit, and the loop that runs a program. Compiled once for each target; VARIANT names it. */
#include "program.h"

#include "conv2d.c"
#include "conv2d_gradient.c"
#include "crop.c"
#include "dense.c"
#include "depthwise.c"
#include "elementwise.c"
#include "loss.c"
#include "normalization.c"
#include "one_face.c"
#include "optimizer.c"
#include "pool.c"
#include "resize.c"
#include "winograd.c"
#include "winograd_gradient.c"

typedef void step(const context *c, const int *words, int block);

/* Stand-ins for the two steps that the loop below handles itself. */
static void step_end(const context *c, const int *words, int block) { (void)c, (void)words, (void)block; }
static void step_each_block(const context *c, const int *words, int block) { (void)c, (void)words, (void)block; }

#define NUMBER(name) number_##name,
enum { STEPS(NUMBER, NUMBER) };
#define FUNCTION(name) step_##name,
#ifdef PREDICTION_ONLY
/* Pages only predict: the compiler leaves out the steps of trainings, which nothing names then. */
static void step_absent(const context *c, const int *words, int block) {
  (void)c, (void)words, (void)block;
  __builtin_trap();
}
#define ABSENT(name) step_absent,
static step *const steps[] = {STEPS(FUNCTION, ABSENT)};
#else
static step *const steps[] = {STEPS(FUNCTION, FUNCTION)};
#endif

static void run_steps(const context *c, const int *code, const int *end, int block) {
  for (; code < end; code += 2 + code[1]) steps[code[0]](c, code + 2, block);
}

/*
 * Runs the steps in the next `words` words block by block, from the block `first` on and `stride` apart (a thread's share
 * of the blocks); other steps process the whole batch.
 */
struct each_block {
  int words, first, stride;
};

#define JOIN(a, b) a##b
#define ENTRY(variant) JOIN(evopatch_run_, variant)
/* Runs the program at word `program` of the arena until its `end`. */
__attribute__((visibility("default"))) void ENTRY(VARIANT)(float *arena, int tensors, int program, int blocks) {
  context c = {arena, (const struct tensor *)(arena + tensors), blocks};
  const int *code = (const int *)(arena + program);
  while (code[0] != number_end) {
    const int *next = code + 2 + code[1];
    if (code[0] == number_each_block) {
      const struct each_block *a = (const void *)(code + 2);
      for (int block = a->first; block < blocks; block += a->stride) run_steps(&c, next, next + a->words, block);
      next += a->words;
    } else {
      run_steps(&c, code, next, 0);
    }
    code = next;
  }
}
