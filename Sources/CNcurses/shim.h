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
#endif
