#ifndef LATHE_CEMBEDDED_H
#define LATHE_CEMBEDDED_H
#include <stddef.h>

/// A file that ships inside the program. `bytes` lives as long as the process.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} lathe_embedded_file;

/// How many files are embedded.
size_t lathe_embedded_count(void);

/// The file at `index`; `index` must be below `lathe_embedded_count()`.
lathe_embedded_file lathe_embedded_at(size_t index);
#endif
