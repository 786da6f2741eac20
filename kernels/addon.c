/* The native engine as a Node-API add-on: the kernels of every target this processor may have, chosen at run time. */
#define _GNU_SOURCE
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

typedef void run_program(float *arena, int tensors, int program, int blocks);

#if defined(__x86_64__)
run_program evopatch_run_avx512, evopatch_run_avx2, evopatch_run_fma128, evopatch_run_sse2;
#elif defined(__aarch64__)
run_program evopatch_run_neon;
#else
#error "the native engine knows x86-64 and ARM64"
#endif

struct variant {
  const char *name;
  run_program *run;
  int fused, supported;
};

/* Best first. */
#if defined(__x86_64__)
#define VARIANTS 4
static void list_variants(struct variant *v) {
  __builtin_cpu_init();
  int fma = __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx");
  int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  v[0] = (struct variant){"avx512", evopatch_run_avx512, 1, fma && avx512};
  v[1] = (struct variant){"avx2", evopatch_run_avx2, 1, fma && __builtin_cpu_supports("avx2")};
  v[2] = (struct variant){"fma128", evopatch_run_fma128, 1, fma};
  v[3] = (struct variant){"sse2", evopatch_run_sse2, 0, 1};
}
#else
#define VARIANTS 1
static void list_variants(struct variant *v) { v[0] = (struct variant){"neon", evopatch_run_neon, 1, 1}; }
#endif

/* variants(): { name, fused }[] of those that this processor can run, best first. */
static napi_value variants(napi_env env, napi_callback_info info) {
  struct variant list[VARIANTS];
  napi_value result;
  unsigned count = 0;
  (void)info;
  list_variants(list);
  napi_create_array(env, &result);
  for (int i = 0; i < VARIANTS; i++) {
    napi_value entry, name, fused;
    if (!list[i].supported) continue;
    napi_create_object(env, &entry);
    napi_create_string_utf8(env, list[i].name, NAPI_AUTO_LENGTH, &name);
    napi_get_boolean(env, list[i].fused, &fused);
    napi_set_named_property(env, entry, "name", name);
    napi_set_named_property(env, entry, "fused", fused);
    napi_set_element(env, result, count++, entry);
  }
  return result;
}

static void free_arena(napi_env env, void *data, void *hint) {
  int64_t released;
  napi_adjust_external_memory(env, -(int64_t)(size_t)hint, &released);
  free(data);
}

#define LARGE_PAGE ((size_t)2 << 20)

/*
 * Asks Linux to put memory that nobody has touched yet on large pages. On small ones the steps that only pass through memory wait
 * for page tables, and prefetching stops at the end of each page.
 */
static void ask_for_large_pages(char *start, size_t bytes) {
#ifdef MADV_HUGEPAGE
  size_t before = -(size_t)start % LARGE_PAGE;
  if (bytes > before) madvise(start + before, (bytes - before) / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
#else
  (void)start, (void)bytes;
#endif
}

/* Zeros that begin on a cache line, or on a large page if they fill one; NULL if there is no memory. */
static void *allocate(size_t bytes) {
  void *data = NULL;
  if (posix_memalign(&data, bytes < LARGE_PAGE ? 64 : LARGE_PAGE, bytes)) return NULL;
  ask_for_large_pages(data, bytes);
  return memset(data, 0, bytes);
}

/* createArena(bytes): an ArrayBuffer of zeros that begins on a cache line. */
static napi_value create_arena(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argument, result;
  int64_t bytes = 0, now;
  void *data = NULL;
  napi_get_cb_info(env, info, &argc, &argument, NULL, NULL);
  if (napi_get_value_int64(env, argument, &bytes) != napi_ok || bytes <= 0 || !(data = allocate(bytes))) {
    napi_throw_error(env, NULL, "the memory for an arena cannot be had");
    return NULL;
  }
  if (napi_create_external_arraybuffer(env, data, bytes, free_arena, (void *)(size_t)bytes, &result) != napi_ok) {
    free(data);
    napi_throw_error(env, NULL, "this runtime takes no external memory");
    return NULL;
  }
  napi_adjust_external_memory(env, bytes, &now);
  return result;
}

/* Start of a typed array, which may lie in shared memory. */
static char *start_of(napi_env env, napi_value array) {
  void *data = NULL;
  napi_get_typedarray_info(env, array, NULL, NULL, &data, NULL, NULL);
  return data;
}

/* largePages(bytes): asks for large pages for a new Uint8Array. */
static napi_value large_pages(napi_env env, napi_callback_info info) {
  size_t argc = 1, length = 0;
  napi_value argument;
  void *data = NULL;
  napi_get_cb_info(env, info, &argc, &argument, NULL, NULL);
  napi_get_typedarray_info(env, argument, NULL, &length, &data, NULL, NULL);
  ask_for_large_pages(data, length);
  return NULL;
}

/* untilLine(array): bytes from its start to the next cache line. */
static napi_value until_line(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argument, result;
  napi_get_cb_info(env, info, &argc, &argument, NULL, NULL);
  napi_create_uint32(env, -(size_t)start_of(env, argument) % 64, &result);
  return result;
}

/* run(variant, arena, tensors, program, blocks): `variant` is an index in the list of `variants()`. */
static napi_value run(napi_env env, napi_callback_info info) {
  size_t argc = 5;
  napi_value argv[5];
  int numbers[5];
  struct variant list[VARIANTS];
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  float *arena = (float *)start_of(env, argv[1]);
  for (int i = 0; i < 5; i++)
    if (i != 1) napi_get_value_int32(env, argv[i], &numbers[i]);
  list_variants(list);
  for (int i = 0, number = 0; i < VARIANTS; i++)
    if (list[i].supported && number++ == numbers[0]) list[i].run(arena, numbers[2], numbers[3], numbers[4]);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor properties[] = {
      {"variants", NULL, variants, NULL, NULL, NULL, napi_enumerable, NULL},
      {"createArena", NULL, create_arena, NULL, NULL, NULL, napi_enumerable, NULL},
      {"largePages", NULL, large_pages, NULL, NULL, NULL, napi_enumerable, NULL},
      {"untilLine", NULL, until_line, NULL, NULL, NULL, napi_enumerable, NULL},
      {"run", NULL, run, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties);
  return exports;
}
