// The report of a crash: what must work inside the handler of a fatal signal, hence C, static memory and system calls alone.
//
// There is one report a process. Everything may be called from any thread; the report itself is written by the handler.
#ifndef LATHE_CCRASH_H
#define LATHE_CCRASH_H

/// Says where a report goes and what it begins with. `path` is made with its folders when the process crashes, never before.
/// `header` is whole lines. 0, or -1 where one of them is too long (1024 and 4096 bytes). Once a process.
int lathe_crash_prepare(const char *path, const char *header);

/// Installs the handlers of fatal signals once: they write the report where one is prepared, say on standard error where it is,
/// and then let the signal take its former course.
void lathe_crash_catch(void);

/// Notes something that happened: the newest 96 are in the report. At most 200 bytes are kept; control characters become spaces.
/// Some hundred nanoseconds, no lock.
void lathe_crash_note(const char *bytes, long count);

/// What a handler does before it writes the report (gives the terminal back) and after it (lets go of standard error).
void lathe_crash_surround(void (*before)(void), void (*after)(void));

/// Standard error is kept in the file `fd` while the screen is up: its end goes into the report. -1 for none.
void lathe_crash_watch_standard_error(int fd);

/// Gives the calling thread a stack for signal handlers, so that an overflow of its own stack is reported too. Once a thread.
void lathe_crash_protect_thread(void);

/// A name of the program in Swift's own words; nil where it is none. The answer is freed with free().
char *lathe_crash_readable_name(const char *name);

#endif
