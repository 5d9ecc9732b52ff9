/* Work space that a thread keeps between calls, freed when the thread ends. */
#include "CKernels.h"
#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 4 };
struct scratch { void *memory[SLOTS]; size_t bytes[SLOTS]; void *stand_in[SLOTS]; size_t stand_in_bytes[SLOTS]; };

static _Thread_local struct scratch mine;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Runs in the thread that ends, whose `mine` is still there. */
static void release(void *value) {
    struct scratch *scratch = value;
    for (int slot = 0; slot < SLOTS; slot++) {
        free(scratch->memory[slot]);
        if (scratch->stand_in[slot]) lathe_memory_free_stand_in(scratch->stand_in[slot], scratch->stand_in_bytes[slot]);
    }
    *scratch = (struct scratch){0};
}

static void make_key(void) { pthread_key_create(&key, release); }

void *lathe_scratch(size_t bytes, int slot) {
    if (mine.bytes[slot] >= bytes) return mine.memory[slot];
    pthread_once(&once, make_key);
    pthread_setspecific(key, &mine);
    size_t rounded = (bytes + (bytes >> 2) + 4095) & ~(size_t)4095;
    free(mine.memory[slot]);
    mine.memory[slot] = aligned_alloc(64, rounded);
    mine.bytes[slot] = mine.memory[slot] ? rounded : 0;
    if (mine.memory[slot]) return mine.memory[slot];
    lathe_memory_note();
    if (mine.stand_in_bytes[slot] < bytes) {
        if (mine.stand_in[slot]) lathe_memory_free_stand_in(mine.stand_in[slot], mine.stand_in_bytes[slot]);
        mine.stand_in[slot] = lathe_memory_stand_in(bytes);
        mine.stand_in_bytes[slot] = bytes;
    }
    return mine.stand_in[slot];
}
