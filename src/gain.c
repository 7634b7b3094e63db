/*
 * Gains from their definition: E f(z)^2 or E f'(z)^2 over the normal distribution. Elementwise kinds are integrated
 * by Gauss-Legendre panels between edges that parameters add to, halved where the halves say something else, as about
 * a kink; the families that have a closed form know it themselves. Called by users; calls kernels.
 */
#include "activation.h"
#include "elementwise.h"
#include "status.h"

#include <math.h>
#include <stdlib.h>

/* Halvings end at DEPTH, and altogether after MOST_SPLITS: what oscillates faster than that has an approximate gain.
 * Beyond END the density is 0 in a double. */
enum { NODES = 16, PANELS_A_SIDE = 156, DEPTH = 44, MOST_SPLITS = 1 << 14, SCALES = 4 };
enum {
    MOST_EDGES = 2 * PANELS_A_SIDE + 1 + 2 * (SCALES + 1) * ACT__MAX_PARAMS + 2 * ACT__MAX_PARAMS * ACT__MAX_PARAMS
};
static const double WIDTH = 0.25, END = PANELS_A_SIDE * 0.25, TOLERANCE = 1e-13;

typedef struct integral {
    const act_activation *a;
    act_gain_direction direction;
    double node[NODES], weight[NODES];
    int splits;
    double unresolved; /* by what the deepest halves still differed */
    double least;      /* no difference below shows in the sum, as of the tails' rounding */
    double edge[MOST_EDGES];
    int edges;
} integral;

/* Node i of the Legendre polynomial of degree NODES on (-1, 1) by Newton's method, and its weight. */
static void legendre(int i, double *node, double *weight) {
    double x = cos(3.14159265358979323846 * (i + 0.75) / (NODES + 0.5)), slope = 1;
    for (int round = 0; round < 8; round++) {
        double before = 1, value = x;
        for (int k = 2; k <= NODES; k++) {
            const double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
            before = value;
            value = next;
        }
        slope = NODES * (x * value - before) / (x * x - 1);
        x -= value / slope;
    }
    *node = x;
    *weight = 2 / ((1 - x * x) * slope * slope);
}

static double panel(const integral *q, double low, double width) {
    const act__kernels *kernels = q->a->kernels[ACT__REAL64];
    double z[NODES], one[NODES], result[NODES], sum = 0;
    for (int i = 0; i < NODES; i++) {
        z[i] = low + width * (q->node[i] + 1) / 2;
        one[i] = 1;
    }
    if (q->direction == ACT_GAIN_FORWARD)
        kernels->forward(z, result, NODES, q->a->param);
    else
        kernels->backward_input(z, one, result, NODES, q->a->param);
    for (int i = 0; i < NODES; i++) {
        const double root = result[i] * exp(-z[i] * z[i] / 4);
        sum += width / 2 * q->weight[i] * 0.39894228040143267794 * root * root;
    }
    return sum;
}

/* The panel, of which whole is the first estimate, by halves. */
static double refine(integral *q, double low, double width, double whole, int depth) {
    const double left = panel(q, low, width / 2), right = panel(q, low + width / 2, width / 2), sum = left + right;
    const double relative = TOLERANCE * sum, allowed = relative > q->least ? relative : q->least;
    if (!(fabs(sum - whole) > allowed) || q->splits == 0)
        return sum;
    if (depth == 0) {
        q->unresolved += fabs(sum - whole);
        return sum;
    }
    q->splits--;
    return refine(q, low, width / 2, left, depth - 1) + refine(q, low + width / 2, width / 2, right, depth - 1);
}

/* Where p z is at, unless that is beyond END. */
static void add_edge(integral *q, double at, double p) {
    if (fabs(at) / END < fabs(p))
        q->edge[q->edges++] = at / p;
}

static int ascending(const void *a, const void *b) {
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Regular ones, and where parameters p and r may put a kink, or squeeze all change between two nodes: at p, where p z
 * + r is 0 or 1, and at multiples of 1 / p up to where functions of p z are over. */
static void set_edges(integral *q) {
    static const double scale[SCALES] = {1, 4, 16, 64};
    const double *p = q->a->param;
    const int32_t count = q->a->row->param_count;
    for (int i = -PANELS_A_SIDE; i <= PANELS_A_SIDE; i++)
        q->edge[q->edges++] = WIDTH * i;
    for (int32_t i = 0; i < count; i++) {
        for (int sign = -1; sign <= 1 && isfinite(p[i]); sign += 2) {
            add_edge(q, p[i], sign);
            for (int k = 0; k < SCALES; k++)
                add_edge(q, sign * scale[k], p[i]);
        }
        for (int32_t j = 0; j < count && isfinite(p[i]); j++) {
            add_edge(q, -p[j], p[i]);
            add_edge(q, 1 - p[j], p[i]);
        }
    }
    qsort(q->edge, (size_t)q->edges, sizeof q->edge[0], ascending);
}

/* Infinite where the deepest panels still add to it. */
double act__elementwise_mean_square(const act_activation *a, act_gain_direction direction) {
    integral q = {.a = a, .direction = direction, .splits = MOST_SPLITS};
    double whole[MOST_EDGES], estimate = 0, sum = 0;
    for (int i = 0; i < NODES; i++)
        legendre(i, &q.node[i], &q.weight[i]);
    set_edges(&q);
    for (int i = 0; i + 1 < q.edges; i++) {
        const double width = q.edge[i + 1] - q.edge[i];
        whole[i] = width > 0 ? panel(&q, q.edge[i], width) : 0;
        estimate += whole[i];
    }
    q.least = TOLERANCE / MOST_EDGES * estimate;
    for (int i = 0; i + 1 < q.edges; i++) {
        const double width = q.edge[i + 1] - q.edge[i];
        sum += width > 0 ? refine(&q, q.edge[i], width, whole[i], DEPTH) : 0;
    }
    return q.unresolved > 1e-6 * sum ? INFINITY : sum;
}

act_status act_gain(const act_activation *a, act_gain_direction direction, double *gain) {
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(gain, ACT_ERR_INVALID_ARGUMENT, "gain is NULL");
    ACT_CHECK(direction == ACT_GAIN_FORWARD || direction == ACT_GAIN_BACKWARD, ACT_ERR_INVALID_ARGUMENT,
              "direction is %d, expected ACT_GAIN_FORWARD (0) or ACT_GAIN_BACKWARD (1)", direction);
    const double mean_square = a->row->family->mean_square(a, direction);
    ACT_CHECK(mean_square > 0 && isfinite(mean_square), ACT_ERR_UNSUPPORTED,
              "%s: the mean square is %g with these parameters, which has no gain", a->row->name, mean_square);
    *gain = 1 / sqrt(mean_square);
    return ACT_OK;
}
