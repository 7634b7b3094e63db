/*
 * Defines the table V_TABLE of V_ROWS rows and V_COLUMNS columns for table.h from V_TABLE_FILE, a V_ROW(...) a row:
 * column by column where these are looked up in registers, else row by row, filled up with zeros.
 */
#if defined(ACT_ISA_AVX512)
#define V_COLUMN_0(a, ...)                      a,
#define V_COLUMN_1(a, b, ...)                   b,
#define V_COLUMN_2(a, b, c, ...)                c,
#define V_COLUMN_3(a, b, c, d, ...)             d,
#define V_COLUMN_4(a, b, c, d, e, ...)          e,
#define V_COLUMN_5(a, b, c, d, e, f, ...)       f,
#define V_COLUMN_6(a, b, c, d, e, f, g, ...)    g,
#define V_COLUMN_7(a, b, c, d, e, f, g, h, ...) h,

static const float V_TABLE[V_COLUMNS][V_ROWS] = {
    {
#define V_ROW(...) V_COLUMN_0(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
    {
#define V_ROW(...) V_COLUMN_1(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
#if V_COLUMNS == 8
    {
#define V_ROW(...) V_COLUMN_2(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
    {
#define V_ROW(...) V_COLUMN_3(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
    {
#define V_ROW(...) V_COLUMN_4(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
    {
#define V_ROW(...) V_COLUMN_5(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
    {
#define V_ROW(...) V_COLUMN_6(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
    {
#define V_ROW(...) V_COLUMN_7(__VA_ARGS__, 0, 0, 0)
#include V_TABLE_FILE
#undef V_ROW
    },
#endif
};
#undef V_COLUMN_0
#undef V_COLUMN_1
#undef V_COLUMN_2
#undef V_COLUMN_3
#undef V_COLUMN_4
#undef V_COLUMN_5
#undef V_COLUMN_6
#undef V_COLUMN_7
#else
#define V_ROW(...) {__VA_ARGS__},
static const float V_TABLE[V_ROWS][V_COLUMNS] = {
#include V_TABLE_FILE
};
#undef V_ROW
#endif
#undef V_TABLE
#undef V_ROWS
#undef V_COLUMNS
#undef V_TABLE_FILE
