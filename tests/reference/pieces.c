/*
 * The piecewise kinds, from their definitions: a point on a kink belongs to the left at 0 and to the flat side at the
 * ends of a clamp. What does not depend on x or on a parameter has no slope in it. Searched by oracle.c.
 */
#include "formulas.h"

#include <stddef.h>

static jet zero(void) { return jet_of(0); }
static jet one(void) { return jet_of(1); }

static jet identity(jet x, const jet *p) {
    (void)p;
    return x;
}

static jet relu(jet x, const jet *p) {
    (void)p;
    return jet_sign(x) > 0 ? x : zero();
}

static int at_least(jet a, jet b) { return jet_sign(jet_sub(a, b)) >= 0; }

static jet clipped_relu(jet x, const jet *p) { return at_least(x, p[0]) ? p[0] : relu(x, p); }

/* A slope of exactly 0 is a flat branch in x, yet varies with the slope. */
static jet sloped(jet x, jet slope) {
    if (jet_sign(slope) != 0 || slope->varies)
        return jet_mul(slope, x);
    return zero();
}

static jet affine(jet x, const jet *p) { return jet_add(sloped(x, p[0]), p[1]); }

static jet leaky_relu(jet x, const jet *p) { return jet_sign(x) > 0 ? x : sloped(x, p[0]); }

static jet relu_general(jet x, const jet *p) {
    if (at_least(p[2], x))
        return sloped(jet_sub(x, p[2]), p[0]);
    return at_least(x, p[1]) ? p[1] : x;
}

static jet threshold(jet x, const jet *p) { return at_least(p[0], x) ? p[1] : x; }

static jet hard_tanh(jet x, const jet *p) {
    if (at_least(p[0], x))
        return p[0];
    return at_least(x, p[1]) ? p[1] : x;
}

/* a x + b; the preset a = 1/6, b = 1/2 means (x + 3) / 6. */
static jet ramp(jet x, const jet *p) {
    const int sixth = jet_compare(p[0], 1.0 / 6) == 0;
    jet general = jet_add(sloped(x, p[0]), p[1]);
    if (!sixth || jet_compare(p[1], 0.5) != 0)
        return general;
    jet exact = jet_div(jet_add(x, jet_of(3)), jet_of(6));
    return x->varies ? exact : jet_with_slope_of(exact, general);
}

static jet hard_sigmoid(jet x, const jet *p) {
    jet t = ramp(x, p);
    if (jet_sign(t) <= 0)
        return zero();
    return at_least(t, one()) ? one() : t;
}

static jet hard_swish(jet x, const jet *p) {
    jet t = ramp(x, p);
    if (jet_sign(t) <= 0)
        return zero();
    return at_least(t, one()) ? x : jet_mul(x, t);
}

static jet hard_mish(jet x, const jet *p) {
    (void)p;
    if (jet_compare(x, -2) <= 0)
        return zero();
    return jet_compare(x, 0) >= 0 ? x : jet_mul(x, jet_div(jet_add(x, jet_of(2)), jet_of(2)));
}

/* x outside [-lambda, lambda], drawn in by bias. */
static jet shrink_by(jet x, jet lambda, jet bias) {
    if (jet_sign(jet_sub(x, lambda)) > 0)
        return jet_sub(x, bias);
    return jet_sign(jet_add(x, lambda)) < 0 ? jet_add(x, bias) : zero();
}

static jet hard_shrink(jet x, const jet *p) { return shrink_by(x, p[0], zero()); }
static jet soft_shrink(jet x, const jet *p) { return shrink_by(x, p[0], p[0]); }
static jet shrink(jet x, const jet *p) { return shrink_by(x, p[0], p[1]); }

static jet sparse_sigmoid(jet x, const jet *p) {
    (void)p;
    if (jet_compare(x, -1) <= 0)
        return zero();
    return jet_compare(x, 1) >= 0 ? one() : jet_div(jet_add(x, one()), jet_of(2));
}

static jet absolute(jet x, const jet *p) {
    (void)p;
    if (jet_sign(x) == 0)
        return zero();
    return jet_sign(x) > 0 ? x : jet_neg(x);
}

static jet step(jet x, const jet *p) {
    (void)p;
    return jet_sign(x) > 0 ? one() : zero();
}

static jet sign(jet x, const jet *p) {
    (void)p;
    return jet_of(jet_sign(x));
}

static jet squared_relu(jet x, const jet *p) {
    (void)p;
    return jet_sign(x) > 0 ? jet_mul(x, x) : zero();
}

static jet sparse_plus(jet x, const jet *p) {
    (void)p;
    if (jet_compare(x, -1) <= 0)
        return zero();
    jet root = jet_add(x, one());
    return jet_compare(x, 1) >= 0 ? x : jet_div(jet_mul(root, root), jet_of(4));
}

const oracle oracle_pieces[] = {
    {"identity", "", identity, ORACLE_LIMIT},
    {"affine", "a b", affine, ORACLE_LIMIT},
    {"relu", "", relu, ORACLE_LIMIT},
    {"clipped_relu", "max", clipped_relu, ORACLE_LIMIT},
    {"relu_general", "slope max theta", relu_general, ORACLE_LIMIT},
    {"threshold", "theta value", threshold, ORACLE_LIMIT},
    {"leaky_relu", "slope", leaky_relu, ORACLE_LIMIT},
    {"hard_tanh", "lo hi", hard_tanh, ORACLE_LIMIT},
    {"hard_sigmoid", "a b", hard_sigmoid, ORACLE_LIMIT},
    {"hard_swish", "a b", hard_swish, ORACLE_LIMIT},
    {"hard_mish", "", hard_mish, ORACLE_LIMIT},
    {"hard_shrink", "lambda", hard_shrink, ORACLE_LIMIT},
    {"soft_shrink", "lambda", soft_shrink, ORACLE_LIMIT},
    {"shrink", "lambda bias", shrink, ORACLE_LIMIT},
    {"sparse_sigmoid", "", sparse_sigmoid, ORACLE_LIMIT},
    {"abs", "", absolute, ORACLE_LIMIT},
    {"step", "", step, ORACLE_LIMIT},
    {"sign", "", sign, ORACLE_LIMIT},
    {"squared_relu", "", squared_relu, ORACLE_LIMIT},
    {"sparse_plus", "", sparse_plus, ORACLE_LIMIT},
    {NULL, NULL, NULL, ORACLE_LIMIT},
};
