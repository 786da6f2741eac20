/*
 * The vector type of all kernels. A kernel is written as if for one sample; the LANES of a value are the samples
 * of a block. A target holds them in PARTS registers of VEC floats each, and a kernel handles one part at a time,
 * so that accumulators stay in registers everywhere.
 *
 * Every sum runs in one fixed order with `vfma`, so all targets with a fused multiply-add give the same bits. Compile
 * with -ffp-contract=off: contraction would let the compiler decide what to fuse.
 */
#pragma once

#define LANES 16

#if defined(__AVX512F__)
#include <immintrin.h>
#define VEC 16
#elif defined(__AVX2__)
#include <immintrin.h>
#define VEC 8
#else
#define VEC 4
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif
#endif

#define PARTS (LANES / VEC)
/* Numbers of a row of `count`, padded with zeros to whole LANES. */
#define padded(count) (((count) + LANES - 1) / LANES * LANES)
#define INLINE static inline __attribute__((always_inline))

typedef float vec __attribute__((vector_size(VEC * 4)));
typedef int ivec __attribute__((vector_size(VEC * 4)));
typedef unsigned uvec __attribute__((vector_size(VEC * 4)));

INLINE vec vload(const float *p) { return *(const vec *)p; }
INLINE void vstore(float *p, vec x) { *(vec *)p = x; }

/* a · b + c, with one rounding if FUSED. */
#if VEC == 16
#define FUSED 1
INLINE vec vset(float x) { return _mm512_set1_ps(x); }
INLINE vec vfma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vec vsqrt(vec a) { return _mm512_sqrt_ps(a); }
INLINE vec vmax(vec a, vec b) { return _mm512_max_ps(a, b); }
#elif VEC == 8
#define FUSED 1
INLINE vec vset(float x) { return _mm256_set1_ps(x); }
INLINE vec vfma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vec vsqrt(vec a) { return _mm256_sqrt_ps(a); }
INLINE vec vmax(vec a, vec b) { return _mm256_max_ps(a, b); }
#elif defined(__SSE2__)
INLINE vec vset(float x) { return _mm_set1_ps(x); }
INLINE vec vsqrt(vec a) { return _mm_sqrt_ps(a); }
INLINE vec vmax(vec a, vec b) { return _mm_max_ps(a, b); }
#if defined(__FMA__)
#define FUSED 1
INLINE vec vfma(vec a, vec b, vec c) { return _mm_fmadd_ps(a, b, c); }
#else
#define FUSED 0
INLINE vec vfma(vec a, vec b, vec c) { return a * b + c; }
#endif
#elif defined(__ARM_NEON)
#define FUSED 1
INLINE vec vset(float x) { return vdupq_n_f32(x); }
INLINE vec vfma(vec a, vec b, vec c) { return vfmaq_f32(c, a, b); }
INLINE vec vsqrt(vec a) { return vsqrtq_f32(a); }
INLINE vec vmax(vec a, vec b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
#elif defined(__wasm_simd128__)
INLINE vec vset(float x) { return wasm_f32x4_splat(x); }
INLINE vec vsqrt(vec a) { return wasm_f32x4_sqrt(a); }
INLINE vec vmax(vec a, vec b) { return wasm_f32x4_pmax(b, a); }
#if defined(__wasm_relaxed_simd__)
#define FUSED 1
INLINE vec vfma(vec a, vec b, vec c) { return wasm_f32x4_relaxed_madd(a, b, c); }
#else
#define FUSED 0
INLINE vec vfma(vec a, vec b, vec c) { return a * b + c; }
#endif
#else
#error "no vector instructions are known for this target"
#endif

/* Keeps a value in a register: the compiler would rather load it again for each use, and loads are what is scarce. */
#if defined(__x86_64__)
#define HOLD(x) __asm__("" : "+v"(x))
#else
#define HOLD(x)
#endif

/* One number at a time, with the same rounding as `vfma`. */
INLINE float fma1(float a, float b, float c) { return vfma(vset(a), vset(b), vset(c))[0]; }
INLINE float sqrt1(float a) { return vsqrt(vset(a))[0]; }

/* `mask` has all bits of a lane set or none, as comparisons give it. */
INLINE vec vselect(ivec mask, vec yes, vec no) { return (vec)((mask & (ivec)yes) | (~mask & (ivec)no)); }

/* `x` where the mask is set, and 0 elsewhere. */
INLINE vec vwhere(ivec mask, vec x) { return (vec)(mask & (ivec)x); }

typedef float quad __attribute__((vector_size(16)));

/* The sum of all lanes by a fixed tree: i + (i+8), then + (i+4), + (i+2), + (i+1). */
INLINE float reduce(const float *lanes) {
  const quad *q = (const quad *)lanes;
  quad sum = (q[0] + q[2]) + (q[1] + q[3]);
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/*
 * Register tiles, measured on each target: output channels × positions of a convolution; of its weight gradient, output
 * channels × rows of taps for kernels of 3×3, wide channels × taps of a row for others, × input channels for 1×1; in
 * Winograd's form, input channels × registers of output channels. WebAssembly engines hold about 14 registers; there an
 * unrolled row of taps spills. A depthwise convolution wants four positions everywhere, and all rows of three at once in its
 * weight gradient.
 */
#if VEC == 16
#define TILE_CHANNELS 4
#define TILE_POSITIONS 4
#define GRADIENT_CHANNELS 2
#define GRADIENT_ROWS 3
#define GRADIENT_WIDE_CHANNELS 4
#define GRADIENT_TAPS 4
#define GRADIENT_INPUTS 4
#define WINOGRAD_INPUTS 8
#define WINOGRAD_VECTORS 1
#elif VEC == 8
#define TILE_CHANNELS 4
#define TILE_POSITIONS 3
#define GRADIENT_CHANNELS 4
#define GRADIENT_ROWS 1
#define GRADIENT_WIDE_CHANNELS 4
#define GRADIENT_TAPS 2
#define GRADIENT_INPUTS 2
#define WINOGRAD_INPUTS 4
#define WINOGRAD_VECTORS 2
#else
#define TILE_CHANNELS 4
#define TILE_POSITIONS 2
#define GRADIENT_CHANNELS 2
#define GRADIENT_ROWS 1
#define GRADIENT_WIDE_CHANNELS 2
#define GRADIENT_TAPS 4
#define GRADIENT_INPUTS 4
#define WINOGRAD_INPUTS 4
#define WINOGRAD_VECTORS 2
#endif
#define GRADIENT_MAX_CHANNELS 4
#define GRADIENT_MAX_ROWS 4
#define GRADIENT_MAX_TAPS 5
#define DEPTHWISE_POSITIONS 4

/* The same for one face: registers of output channels × positions, and the positions of a single register. */
#define ONE_VECTORS 2
#if defined(__wasm__)
#define ONE_POSITIONS 4
#else
#define ONE_POSITIONS 6
#endif
#define MOST_POSITIONS 8

#if defined(__wasm__)
#define KEEP_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define KEEP_ROLLED
#endif
