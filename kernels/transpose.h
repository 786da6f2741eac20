/* A square of numbers with its rows and columns exchanged. */
#pragma once
#include "lanes.h"

#if defined(__clang__)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (ivec){__VA_ARGS__})
#endif

/*
 * Exchanges the off-diagonal halves of all squares of `2 · side` rows and columns. Lane l of the upper row keeps its number in the first
 * half of a square, and takes that of lane l − side of the lower row in the second; `UPPER` and `LOWER` list the lanes.
 */
#define EXCHANGE(side, UPPER, LOWER)                                                                                   \
  for (int i = 0; i < VEC; i++) {                                                                                      \
    if (i & side) continue;                                                                                            \
    vec upper = rows[i], lower = rows[i + side];                                                                       \
    rows[i] = SHUFFLE(upper, lower, UPPER);                                                                            \
    rows[i + side] = SHUFFLE(upper, lower, LOWER);                                                                     \
  }
#define LANES_OF(...) __VA_ARGS__

INLINE void transpose(vec rows[VEC]) {
#if VEC == 16
  EXCHANGE(8, LANES_OF(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
           LANES_OF(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
  EXCHANGE(4, LANES_OF(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
           LANES_OF(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
  EXCHANGE(2, LANES_OF(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
           LANES_OF(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  EXCHANGE(1, LANES_OF(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
           LANES_OF(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#elif VEC == 8
  EXCHANGE(4, LANES_OF(0, 1, 2, 3, 8, 9, 10, 11),
           LANES_OF(4, 5, 6, 7, 12, 13, 14, 15))
  EXCHANGE(2, LANES_OF(0, 1, 8, 9, 4, 5, 12, 13),
           LANES_OF(2, 3, 10, 11, 6, 7, 14, 15))
  EXCHANGE(1, LANES_OF(0, 8, 2, 10, 4, 12, 6, 14),
           LANES_OF(1, 9, 3, 11, 5, 13, 7, 15))
#else
  EXCHANGE(2, LANES_OF(0, 1, 4, 5),
           LANES_OF(2, 3, 6, 7))
  EXCHANGE(1, LANES_OF(0, 4, 2, 6),
           LANES_OF(1, 5, 3, 7))
#endif
}
#undef EXCHANGE
#undef LANES_OF
#undef SHUFFLE
