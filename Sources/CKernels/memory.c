/* What happens when there is no memory: the caller is told, and gets memory that can be written but holds nothing. */
#define _GNU_SOURCE
#include "CKernels.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

void *lathe_memory_stand_in(size_t bytes) {
    size_t size = whole(bytes), step = piece(bytes);
#if defined(__linux__)
    int file = memfd_create("lathe", MFD_CLOEXEC);
    if (file < 0) return NULL;
    char *start = MAP_FAILED;
    if (ftruncate(file, (off_t)step) == 0) start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start != MAP_FAILED)
        for (size_t place = 0; place < size; place += step)
            if (mmap(start + place, step, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED) {
                munmap(start, size);
                start = MAP_FAILED;
                break;
            }
    close(file);
#else
    char *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
#endif
    return start == MAP_FAILED ? NULL : start;
}

void lathe_memory_free_stand_in(void *memory, size_t bytes) {
    munmap(memory, whole(bytes));
}
