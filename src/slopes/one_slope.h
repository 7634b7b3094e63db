/* leaky_relu with one slope for all elements: PReLU's that is shared, RReLU's mean. */
#ifndef ACT_SLOPES_ONE_SLOPE_H
#define ACT_SLOPES_ONE_SLOPE_H

#include "types/mixed.h"

#include <math.h>

typedef struct act__one_slope {
    const act__kernels *kernels[ACT__REALS];
    float f32[ACT__MAX_PARAMS];
    double f64[ACT__MAX_PARAMS];
} act__one_slope;

/* For tensors of the type, valid as long as what `one` points to. NaN becomes one that bfloat16 can hold. */
static inline act__formula act__one_slope_formula(act__one_slope *one, double given, act_dtype dtype) {
    const act__isa *isa = act__isa_in_use();
    const double slope = isnan(given) ? NAN : given;
    *one = (act__one_slope){
        {isa->elementwise[ACT__REAL32][ACT_LEAKY_RELU], isa->elementwise[ACT__REAL64][ACT_LEAKY_RELU]},
        {(float)slope},
        {dtype == ACT_FLOAT64 ? slope : (double)(float)slope}};
    return (act__formula){.kernels = one->kernels,
                          .params = {one->f32, one->f64},
                          .doubt = {ACT__DOUBT_MIDDLE, ACT__DOUBT_RANGE, ACT__DOUBT_RANGE}};
}

#endif
