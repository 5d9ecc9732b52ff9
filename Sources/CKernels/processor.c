/* Which build of the kernels runs. */
#include "variants.h"
#include <stdatomic.h>

extern const struct lathe_table lathe_table_baseline_f32, lathe_table_baseline_f64;
#if defined(__x86_64__)
extern const struct lathe_table lathe_table_avx2_f32, lathe_table_avx2_f64, lathe_table_avx512_f32, lathe_table_avx512_f64;
#endif

struct variant {
    const char *name;
    const struct lathe_table *tables[2];
};

static const struct variant variants[] = {
#if defined(__aarch64__)
    { "neon", { &lathe_table_baseline_f32, &lathe_table_baseline_f64 } },
#else
    { "baseline", { &lathe_table_baseline_f32, &lathe_table_baseline_f64 } },
#endif
#if defined(__x86_64__)
    { "avx2", { &lathe_table_avx2_f32, &lathe_table_avx2_f64 } },
    { "avx512", { &lathe_table_avx512_f32, &lathe_table_avx512_f64 } },
#endif
};

int lathe_has_avx512(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

int lathe_variant_count(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi2")) return 1;
    return lathe_has_avx512() ? 3 : 2;
#else
    return 1;
#endif
}

static _Atomic int current = 0;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    current = lathe_variant_count() - 1;
}

const char *lathe_variant_name(int index) {
    return index >= 0 && index < lathe_variant_count() ? variants[index].name : "none";
}

int lathe_variant_current(void) { return current; }

int lathe_variant_select(int index) {
    if (index < 0 || index >= lathe_variant_count()) return -1;
    current = index;
    return 0;
}

#define LATHE_WRAP(name, parameters, arguments) \
    void lathe_##name LATHE_WITH_TYPE parameters { \
        variants[atomic_load_explicit(&current, memory_order_relaxed)].tables[type]->name arguments; \
    }
LATHE_KERNELS(LATHE_WRAP)
