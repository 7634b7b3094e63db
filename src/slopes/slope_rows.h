/* Slopes along one axis of dense tensors, as PReLU's of channels are. */
#ifndef ACT_SLOPES_SLOPE_ROWS_H
#define ACT_SLOPES_SLOPE_ROWS_H

#include "activation.h"

/* Rows of elements that lie one after the other: each has one slope, or one row of slopes serves all. */
typedef struct act__slope_rows {
    int64_t slopes, rows, length; /* length: elements of a row */
    int32_t one_each;
} act__slope_rows;

/* Whether slopes with these strides lie so; strides in slopes, 0 where they broadcast, one a dimension of the view.
 */
int act__slope_rows_of(act__slope_rows *rows, const act__view *view, const int64_t *strides);

/* y from x, which are dense and of one type. */
act_status act__slope_rows_forward(const act__slope_rows *rows, const act__learnable *slopes, const act__view *x,
                                   const act__view *y);

#endif
