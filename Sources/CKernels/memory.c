/* What happens when there is no memory: the caller is told, and gets memory that can be written but holds nothing. */
#define _GNU_SOURCE
#include "CKernels.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

static pthread_mutex_t pool = PTHREAD_MUTEX_INITIALIZER;
void lathe_memory_lock(void) { pthread_mutex_lock(&pool); }
void lathe_memory_unlock(void) { pthread_mutex_unlock(&pool); }

/* What was refused to this thread since it last asked, and to threads that work for it. */
static _Thread_local _Atomic int mine;
/* The flag of the thread that this one works for; null when it works for itself. */
static _Thread_local _Atomic int *owner;

void lathe_memory_note(void) { atomic_store_explicit(owner ? owner : &mine, 1, memory_order_release); }

int lathe_memory_is_short(void) {
    if (__builtin_expect(!atomic_load_explicit(&mine, memory_order_acquire), 1)) return 0;
    atomic_store_explicit(&mine, 0, memory_order_relaxed);
    return 1;
}

void *lathe_memory_owner(void) { return (void *)(owner ? owner : &mine); }
void lathe_memory_work_for(void *flag) { owner = flag == (void *)&mine ? NULL : flag; }

#define PIECE ((size_t)64 << 20)

/* Pieces of which there are at most 512, since a process has 65,530 mappings. */
static size_t piece(size_t bytes) { return (bytes / 512 / PIECE + 1) * PIECE; }
static size_t whole(size_t bytes) { return (bytes + piece(bytes) - 1) / piece(bytes) * piece(bytes); }

/* `size` bytes of address space, `step` of memory over and over; null when the system has none. Needs no file: what is mapped from a
   shared mapping with an old size of 0 shows the same pages. */
static void *map(size_t bytes) {
    const size_t size = whole(bytes), step = piece(bytes);
#if defined(__linux__)
    char *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) return NULL;
    int mapped = mmap(start, step, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
    for (size_t place = step; mapped && place < size; place += step)
        mapped = mremap(start, 0, step, MREMAP_MAYMOVE | MREMAP_FIXED, start + place) != MAP_FAILED;
    if (mapped) return start;
    munmap(start, size);
    return NULL;
#else
    char *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    return start == MAP_FAILED ? NULL : start;
#endif
}

/* What is kept for stand-ins where address space is limited: they share it, since none of them holds anything. */
static void *kept;
static size_t kept_bytes;

/* Before anything else has taken address space. */
__attribute__((constructor)) void lathe_memory_keep(void) {
    struct rlimit limit;
    if (kept || getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    const size_t third = (size_t)limit.rlim_cur / 3 / PIECE * PIECE;
    kept = third ? map(third) : NULL;
    kept_bytes = kept ? third : 0;
}

size_t lathe_memory_kept(void) { return kept_bytes; }

void *lathe_memory_stand_in(size_t bytes) {
    void *memory = map(bytes);
    if (!memory && bytes <= kept_bytes) memory = kept;
    if (memory) return memory;
    fprintf(stderr, "lathe: the system has no address space left for this process (too many mappings); it cannot go on.\n");
    abort();
}

void lathe_memory_free_stand_in(void *memory, size_t bytes) {
    if (memory != kept) munmap(memory, whole(bytes));
}
