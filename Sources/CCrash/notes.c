#define _GNU_SOURCE
#include "notes.h"
#include "CCrash.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { note_count = 96, note_size = 200 };

struct note {
    /// One more than the ordinal of what stands here; 0 while it is written.
    atomic_ullong number;
    struct timespec time;
    unsigned length;
    char text[note_size];
};

static struct note notes[note_count];
static atomic_ullong next_note;

void lathe_crash_note(const char *bytes, long count) {
    if (count < 0) return;
    unsigned long long number = atomic_fetch_add(&next_note, 1);
    struct note *note = &notes[number % note_count];
    atomic_store(&note->number, 0);
    unsigned length = count > note_size ? note_size : (unsigned)count;
    // No half of a character at the end.
    if (length < (unsigned long)count) while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80) length--;
    for (unsigned i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        note->text[i] = byte < 0x20 || byte == 0x7F ? ' ' : (char)byte;
    }
    note->length = length;
    clock_gettime(CLOCK_REALTIME, &note->time);
    atomic_store(&note->number, number + 1);
}

void lathe_crash_write_notes(void (*write_note)(const struct timespec *time, const char *text, unsigned length)) {
    unsigned long long end = atomic_load(&next_note), start = end > note_count ? end - note_count : 0;
    for (unsigned long long number = start; number < end; number++) {
        const struct note *note = &notes[number % note_count];
        if (atomic_load(&note->number) == number + 1 && note->length <= note_size) write_note(&note->time, note->text, note->length);
    }
}
