/* A table of kernels from flat(), every_second() and transpose(), for one way of storing; included twice by each
 * limit_<isa>.c. */

static void NAMED(copy)(char *to, const char *from, size_t bytes) { flat(to, from, NULL, bytes, STREAMING); }

static void NAMED(add)(char *to, const char *from, const char *other, size_t bytes) {
    flat(to, from, other, bytes, STREAMING);
}

static void NAMED(every_second_2)(char *to, const char *from, const char *other, size_t elements) {
    every_second(to, from, other, elements, 2, STREAMING);
}

static void NAMED(every_second_4)(char *to, const char *from, const char *other, size_t elements) {
    every_second(to, from, other, elements, 4, STREAMING);
}

static void NAMED(every_second_8)(char *to, const char *from, const char *other, size_t elements) {
    every_second(to, from, other, elements, 8, STREAMING);
}

static void NAMED(transpose_4)(const limit_transpose *t) { transpose(t, 4, STREAMING); }
static void NAMED(transpose_8)(const limit_transpose *t) { transpose(t, 8, STREAMING); }

const limit_kernels KERNELS = {KERNELS_NAME,
                               usable,
                               NAMED(copy),
                               NAMED(add),
                               {NAMED(every_second_2), NAMED(every_second_4), NAMED(every_second_8)},
                               {NULL, NAMED(transpose_4), NAMED(transpose_8)}};

#undef STREAMING
#undef NAMED
#undef KERNELS
#undef KERNELS_NAME
