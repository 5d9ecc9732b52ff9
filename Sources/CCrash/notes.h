// Between the parts of this target.
#ifndef LATHE_CRASH_NOTES_H
#define LATHE_CRASH_NOTES_H

#include <time.h>

/// Calls `write_note` with each note that is whole, oldest first. Safe inside a signal handler.
void lathe_crash_write_notes(void (*write_note)(const struct timespec *time, const char *text, unsigned length));

/// Remembers which program and libraries lie where. Not inside a handler.
void lathe_crash_remember_objects(void);
/// The object that holds an address: its name, and the address within it; NULL where none does.
const char *lathe_crash_object(unsigned long address, unsigned long *offset);

/// The addresses of the calls that led to where a signal came, innermost first. Safe inside a handler: memory that is not there is
/// asked of the kernel, not read.
int lathe_crash_calls(void *context, unsigned long *addresses, int limit);

#endif
