/* Dropout. The mask is a function of (seed, index), so the backward pass makes it again and nothing is stored.
   The mixing is two rounds of multiply and xor-shift in 32 bits (after O'Neill's and Wellons' hash studies:
   constants 0x7feb352d, 0x846ca68b), keyed with both halves of the seed. */
INLINE uint32_t JOIN2(dropout_hash, S)(uint32_t index, uint32_t high, uint32_t k0, uint32_t k1) {
    uint32_t x = index ^ k0;
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x += k1 ^ high;
    x *= 0x846ca68bu;
    x ^= x >> 16;
    x *= 0x9e3779b1u;
    x ^= x >> 15;
    return x;
}

static void K(dropout)(long n, uint64_t seed, long first, uint32_t threshold, double scale_, lathe_in xv, lathe_out yv,
                       int accumulate) {
    const T *x = xv; T *y = yv; T scale = (T)scale_;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (long start = 0; start < n;) {
        uint64_t index = (uint64_t)(first + start);
        uint32_t low = (uint32_t)index, high = (uint32_t)(index >> 32) * 0x85ebca6bu;
        uint64_t room = 0x100000000ull - low;
        long end = (uint64_t)(n - start) < room ? n : start + (long)room;
        const T *from = x + start; T *to = y + start;
        uint32_t count = (uint32_t)(end - start);
        if (accumulate) INDEPENDENT for (uint32_t i = 0; i < count; i++)
            to[i] += JOIN2(dropout_hash, S)(low + i, high, k0, k1) >= threshold ? from[i] * scale : 0;
        else INDEPENDENT for (uint32_t i = 0; i < count; i++)
            to[i] = JOIN2(dropout_hash, S)(low + i, high, k0, k1) >= threshold ? from[i] * scale : 0;
        start = end;
    }
}
