#define _GNU_SOURCE
#include "notes.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

enum { object_limit = 96, name_size = 64 };
struct object { unsigned long base, start, end; char name[name_size]; };
static struct object objects[object_limit];
static int object_count;

static int remember_object(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size; (void)unused;
    if (object_count == object_limit) return 1;
    struct object *object = &objects[object_count];
    object->base = info->dlpi_addr;
    object->start = ~0UL;
    object->end = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD) continue;
        unsigned long start = info->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
        if (start < object->start) object->start = start;
        if (end > object->end) object->end = end;
    }
    // The program itself comes first and has no name.
    const char *path = object_count == 0 ? "program" : info->dlpi_name, *last = strrchr(path, '/');
    strncpy(object->name, last ? last + 1 : path, name_size - 1);
    object_count++;
    return 0;
}

void lathe_crash_remember_objects(void) {
    object_count = 0;
    dl_iterate_phdr(remember_object, NULL);
}

const char *lathe_crash_object(unsigned long address, unsigned long *offset) {
    for (int i = 0; i < object_count; i++) {
        if (address < objects[i].start || address >= objects[i].end) continue;
        *offset = address - objects[i].base;
        return objects[i].name;
    }
    return NULL;
}

/// Two words of memory that may not be there: the kernel copies them or says EFAULT.
static int read_words(int ends[2], unsigned long address, unsigned long words[2]) {
    if (address == 0 || address % sizeof(unsigned long) != 0) return -1;
    if (write(ends[1], (const void *)address, 2 * sizeof *words) != (ssize_t)(2 * sizeof *words)) return -1;
    return read(ends[0], words, 2 * sizeof *words) == (ssize_t)(2 * sizeof *words) ? 0 : -1;
}

int lathe_crash_calls(void *context, unsigned long *addresses, int limit) {
    unsigned long frame, place;
    const ucontext_t *state = context;
#if defined(__x86_64__)
    place = (unsigned long)state->uc_mcontext.gregs[REG_RIP];
    frame = (unsigned long)state->uc_mcontext.gregs[REG_RBP];
#elif defined(__aarch64__)
    place = (unsigned long)state->uc_mcontext.pc;
    frame = (unsigned long)state->uc_mcontext.regs[29];
#else
    (void)state;
    return 0;
#endif
    int count = 0, ends[2];
    if (count < limit) addresses[count++] = place;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return count;
    // A frame holds the caller's frame and the address to return to; callers lie higher.
    unsigned long words[2];
    while (count < limit && read_words(ends, frame, words) == 0 && words[1] != 0) {
        addresses[count++] = words[1];
        if (words[0] <= frame) break;
        frame = words[0];
    }
    close(ends[0]);
    close(ends[1]);
    return count;
}
