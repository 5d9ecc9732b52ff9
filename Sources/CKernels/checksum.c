/* CRC-32C (Castagnoli's polynomial, reflected), as TFRecord uses it; zlib has only the other one. The processor's own instruction
   where there is one, else eight bytes a step by tables (Kounavis and Berry, "Novel table lookup-based algorithms for high-performance
   CRC generation", 2008). */
#include "CKernels.h"
#include <string.h>

/* Table k holds the checksum of a byte that k zero bytes follow. */
static uint32_t tables[8][256];
static int has_instruction = 0;

__attribute__((constructor)) static void prepare(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    has_instruction = __builtin_cpu_supports("sse4.2") != 0;
#endif
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? value >> 1 ^ 0x82F63B78u : value >> 1;
        tables[0][byte] = value;
    }
    for (int k = 1; k < 8; k++)
        for (int byte = 0; byte < 256; byte++) tables[k][byte] = tables[k - 1][byte] >> 8 ^ tables[0][tables[k - 1][byte] & 0xFF];
}

static uint32_t by_tables(uint32_t value, const uint8_t *bytes, size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint32_t low = value ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
        value = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^ tables[4][low >> 24]
            ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^ tables[0][bytes[7]];
    }
    for (; count > 0; bytes++, count--) value = value >> 8 ^ tables[0][(value ^ *bytes) & 0xFF];
    return value;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t by_instruction(uint32_t value, const uint8_t *bytes, size_t count) {
    uint64_t wide = value, word;
    for (; count >= 8; bytes += 8, count -= 8) {
        memcpy(&word, bytes, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    value = (uint32_t)wide;
    for (; count > 0; bytes++, count--) value = __builtin_ia32_crc32qi(value, *bytes);
    return value;
}
#endif

uint32_t lathe_crc32c(const uint8_t *bytes, size_t count, int plainly) {
#if defined(__x86_64__)
    if (has_instruction && !plainly) return ~by_instruction(~0u, bytes, count);
#endif
    return ~by_tables(~0u, bytes, count);
}
