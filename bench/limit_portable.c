/* Limit kernels in plain C, and the C library's memcpy. Called by limit.c. */
#include "limit_kernels.h"

#include <string.h>

enum { BLOCK = 16 };

static bool always(void) { return true; }

static void copy(char *to, const char *from, size_t bytes) { /* to may be from */
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= bytes; i += sizeof word) {
        memcpy(&word, from + i, sizeof word);
        memcpy(to + i, &word, sizeof word);
    }
    for (; i < bytes; i++)
        to[i] = from[i];
}

static void add(char *to, const char *from, const char *other, size_t bytes) {
    size_t i = 0;
    for (uint64_t a, b; i + sizeof a <= bytes; i += sizeof a) {
        memcpy(&a, from + i, sizeof a);
        memcpy(&b, other + i, sizeof b);
        a += b;
        memcpy(to + i, &a, sizeof a);
    }
    for (; i < bytes; i++)
        to[i] = (char)(from[i] + other[i]);
}

#define WORD        uint16_t
#define NAMED(name) name##_2
#include "limit_portable_tpl.h"
#define WORD        uint32_t
#define NAMED(name) name##_4
#include "limit_portable_tpl.h"
#define WORD        uint64_t
#define NAMED(name) name##_8
#include "limit_portable_tpl.h"

const limit_kernels limit_portable = {"portable",
                                      always,
                                      copy,
                                      add,
                                      {every_second_2, every_second_4, every_second_8},
                                      {transpose_2, transpose_4, transpose_8}};

static void libc_copy(char *to, const char *from, size_t bytes) { memcpy(to, from, bytes); }

const limit_kernels limit_memcpy = {.name = "memcpy", .usable = always, .copy = libc_copy};

static volatile uint64_t limit_sink; /* keeps the reads alive */

void limit_touch(const char *from, size_t bytes) {
    uint64_t sum[8] = {0}, word[8];
    size_t i = 0;
    for (; i + sizeof word <= bytes; i += sizeof word) {
        memcpy(word, from + i, sizeof word);
        for (int k = 0; k < 8; k++)
            sum[k] += word[k];
    }
    for (; i < bytes; i++)
        sum[0] += (unsigned char)from[i];
    limit_sink = sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
}
