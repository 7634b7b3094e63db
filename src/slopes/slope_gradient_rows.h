/* Gradients of PReLU whose elements lie row by row, each with one slope. */
#ifndef ACT_SLOPES_SLOPE_GRADIENT_ROWS_H
#define ACT_SLOPES_SLOPE_GRADIENT_ROWS_H

#include "slopes/slope_row.h"
#include "slopes/slope_rows.h"

/* Dense elements of any types. */
typedef struct act__gradient_rows {
    act__slope_rows rows;
    act__slope_arithmetic by;
    char *data[3];   /* source, dy, dx or NULL */
    int64_t size[3]; /* of their elements, bytes */
    const char *slope;
    int64_t block, blocks; /* elements of one slope that have a record, and how many such a slope has */
    double *records;       /* of each slope its blocks, sums then errors */
    int64_t tasks;         /* no more than slopes */
} act__gradient_rows;

act_status act__slope_gradient_rows(act__gradient_rows *rows);

#endif
