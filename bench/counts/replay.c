/* Runs a program that bench/counts.js recorded: `replay FILE`. Without a file it names its compiler. */
#define _POSIX_C_SOURCE 200112L
#include <stdio.h>
#include <stdlib.h>

void evopatch_run_avx2(float *arena, int tensors, int program, int blocks);

/* The head of the file, which the arena follows. */
struct head {
  int tensors, program, blocks, words;
};

int main(int count, char **arguments) {
  struct head head;
  void *arena;
  FILE *file;
  if (count < 2) {
#ifdef __clang__
    printf("clang %d.%d.%d", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    printf("gcc %d.%d.%d", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
    return 0;
  }
  file = fopen(arguments[1], "rb");
  if (!file || fread(&head, sizeof head, 1, file) != 1) return 1;
  if (posix_memalign(&arena, 64, 4 * (size_t)head.words)) return 1;
  if (fread(arena, 4, head.words, file) != (size_t)head.words) return 1;
  evopatch_run_avx2(arena, head.tensors, head.program, head.blocks);
  return 0;
}
