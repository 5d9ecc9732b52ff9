// Data that ships inside the binary, so that one file is the whole program. docs/data.md names the
// origin and licence of each. A new file: put it into `data/`, add an array and a row here.
#include "CEmbedded.h"

static const unsigned char digits[] = {
#embed "data/digits.csv.gz"
};

#define ROW(name, array) { name, array, sizeof array }

static const lathe_embedded_file files[] = {
    ROW("digits.csv.gz", digits),
};

size_t lathe_embedded_count(void) { return sizeof files / sizeof files[0]; }

lathe_embedded_file lathe_embedded_at(size_t index) { return files[index]; }
