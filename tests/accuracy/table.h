/* The table of measured errors in docs/numerics.md, between its markers, a row a kind. Called by sweep.c. */
#ifndef ACT_TESTS_TABLE_H
#define ACT_TESTS_TABLE_H

#include <stddef.h>

/* What was measured of a kind: [real][value or derivative]. */
typedef struct table_row {
    const char *name;
    double error[2][2], at[2][2];
} table_row;

/* The row as the document has it, in buffer. */
void table_format(char *buffer, size_t size, const table_row *row);

/* Puts the rows in place of those of the same names, or in the order of kinds; returns 0 where it cannot. */
int table_write(const char *path, const table_row *rows, int count);

#endif
