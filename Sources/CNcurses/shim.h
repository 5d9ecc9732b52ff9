#ifndef LATHE_CNCURSES_SHIM_H
#define LATHE_CNCURSES_SHIM_H
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#include <wchar.h>
#include <locale.h>
#include <ncurses.h>
#include <term.h>
#include <stdint.h>

// Calls that are macros, take non-const or variadic arguments, or answer a sentinel instead of NULL.

/// Loads the description of `term`: 1 found, 0 unknown, -1 no database. Never exits, as initscr would.
static inline int lathe_terminfo_load(const char *term, int fd) {
    int status = -1;
    return setupterm((char *)term, fd, &status) == OK ? 1 : status;
}

/// A string capability, NULL where the terminal has none.
static inline const char *lathe_terminfo_string(const char *name) {
    const char *text = tigetstr((char *)name);
    return text == (const char *)(intptr_t)-1 ? NULL : text;
}

static inline int lathe_terminfo_number(const char *name) { return tigetnum((char *)name); }
static inline int lathe_terminfo_flag(const char *name) { return tigetflag((char *)name) > 0; }

/// A string capability with one or two numbers set in.
static inline const char *lathe_terminfo_format(const char *text, int first, int second) {
    return tparm((char *)text, (long)first, (long)second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}
#endif
