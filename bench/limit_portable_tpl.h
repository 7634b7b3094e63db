/* Strided copies of elements of type WORD; included by limit_portable.c once for each size. */

static void NAMED(every_second)(char *to, const char *from, const char *other, size_t elements) {
    WORD *out = (WORD *)(void *)to;
    const WORD *in = (const WORD *)(const void *)from, *more = (const WORD *)(const void *)other;
    for (size_t i = 0; i < elements; i++)
        out[i] = (WORD)(in[2 * i] + (more ? more[i] : 0));
}

static void NAMED(block)(const limit_transpose *t, int64_t row, int64_t column) {
    WORD *to = (WORD *)(void *)t->to;
    const WORD *from = (const WORD *)(const void *)t->from, *other = (const WORD *)(const void *)t->other;
    for (int64_t i = row; i < row + BLOCK && i < t->last; i++)
        for (int64_t j = column; j < column + BLOCK && j < t->columns; j++)
            to[i * t->columns + j] = (WORD)(from[j * t->rows + i] + (other ? other[i * t->columns + j] : 0));
}

static void NAMED(transpose)(const limit_transpose *t) {
    for (int64_t row = t->first; row < t->last; row += BLOCK)
        for (int64_t column = 0; column < t->columns; column += BLOCK)
            NAMED(block)(t, row, column);
}

#undef WORD
#undef NAMED
