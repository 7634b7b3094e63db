/*
 * Gains from their definition: E f(z)^2 or E f'(z)^2 over the normal distribution. Elementwise kinds are integrated
 * by Gauss-Legendre panels, halved where the halves say something else, as about a kink; the families that have a
 * closed form know it themselves. Called by users; calls kernels.
 */
#include "activation.h"
#include "elementwise.h"
#include "status.h"

#include <math.h>

/* Halvings end at DEPTH, and altogether after MOST_SPLITS: what oscillates faster than that has an approximate gain.
 */
enum { NODES = 16, PANELS_A_SIDE = 56, DEPTH = 44, MOST_SPLITS = 1 << 14 };
static const double WIDTH = 0.25, TOLERANCE = 1e-13;

typedef struct integral {
    const act_activation *a;
    act_gain_direction direction;
    double node[NODES], weight[NODES];
    int splits;
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
    for (int i = 0; i < NODES; i++)
        sum += width / 2 * q->weight[i] * exp(-z[i] * z[i] / 2) * 0.39894228040143267794 * result[i] * result[i];
    return sum;
}

/* The panel, of which whole is the first estimate, by halves. */
static double refine(integral *q, double low, double width, double whole, int depth) {
    const double left = panel(q, low, width / 2), right = panel(q, low + width / 2, width / 2), sum = left + right;
    if (!(fabs(sum - whole) > TOLERANCE * sum) || depth == 0 || q->splits == 0)
        return sum;
    q->splits--;
    return refine(q, low, width / 2, left, depth - 1) + refine(q, low + width / 2, width / 2, right, depth - 1);
}

double act__elementwise_mean_square(const act_activation *a, act_gain_direction direction) {
    integral q = {.a = a, .direction = direction, .splits = MOST_SPLITS};
    double sum = 0;
    for (int i = 0; i < NODES; i++)
        legendre(i, &q.node[i], &q.weight[i]);
    for (int i = -PANELS_A_SIDE; i < PANELS_A_SIDE; i++)
        sum += refine(&q, WIDTH * i, WIDTH, panel(&q, WIDTH * i, WIDTH), DEPTH);
    return sum;
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
