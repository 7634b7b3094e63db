/* Objects with odd parameters; see subject.h. */
#include "accuracy/subject.h"

#include <math.h>

#include "support.h"

enum { SETS = 12 };

static const struct {
    const char *name;
    double sets[SETS][ACT__MAX_PARAMS];
    int count;
} odd[] = {
    {"affine", {{-3, 0.7}, {0, 2}, {1e-30, 0}, {0.3, -1e-20}, {1e30, 1}}, 5},
    {"clipped_relu", {{1}, {1e-3}, {1e30}}, 3},
    {"relu_general", {{0.1, 6, 0}, {-0.5, 8, -2}, {0.25, 3, 1}, {0, 5, -1}}, 4},
    {"threshold", {{0, 0}, {-1.5, 20}, {0.7, -2}, {1, 1}}, 4},
    {"leaky_relu", {{0}, {-0.5}, {1.5}, {0.25}, {1e-30}}, 5},
    {"hard_tanh", {{-2, 0.5}, {0, 6}, {1, 1}, {-INFINITY, 0.2}, {0.1, INFINITY}}, 5},
    {"hard_sigmoid", {{0.2, 0.5}, {-0.3, 0.25}, {0, 0.5}, {0, 2}, {7, -3}, {3e38, 3e38}}, 6},
    {"hard_swish", {{0.2, 0.5}, {-0.3, 0.25}, {0.5, 0.75}, {0, 0.5}, {7, -3}}, 5},
    {"hard_shrink", {{0}, {2.7}}, 2},
    {"soft_shrink", {{0}, {2.7}}, 2},
    {"shrink", {{0.5, 0.5}, {1.7, -0.3}, {0, 1}, {-1, 0.5}}, 4},
    {"scaled_tanh", {{0.5, 1}, {2.0 / 3, 1.7159}, {-3, 2}, {0, 1}, {1e-3, -1e3}, {1, 1e-40}}, 6},
    {"softplus", {{-1}, {0.1}, {20}, {1e-30}, {-0.3}, {1e30}}, 6},
    {"swish", {{0}, {1.702}, {-0.7}, {1e-3}, {30}, {1e-30}, {1e30}}, 7},
    {"elu", {{-1.5}, {0}, {0.3}, {1.6732632}, {1e-30}, {3e38}, {-1e-40}}, 7},
    {"celu", {{0.5}, {3}, {1e-3}, {1e30}, {1e-40}, {0.7}}, 6},
    {"squareplus", {{0}, {1}, {1e-10}, {1e4}, {1e-40}, {3e38}}, 6},
    {"snake", {{0}, {-0.5}, {5}, {0.01}, {1e-30}}, 5},
    {"xielu",
     {{0.5, 1.25, 0.3, -1e-6},
      {-0.8, 0.2, 0.5, -1e-6},
      {0.5, 0.5, 0, -1e-6},
      {0.1, 2, -0.7, -1e-6},
      {-1.4353, 1, -0.073, -1e-6},
      {1.89618535925581513, 1, 0.119005487108101379, -1e-6}},
     6},
    {"sin", {{30}, {-0.5}, {0}, {1e-3}}, 4},
    {"pow", {{0.5}, {3}, {-1.5}, {0}, {1}, {2.7}, {-1}, {1.0 / 3}, {-2}, {4}}, 10},
};

static const double *odd_set(const char *name, int set) {
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        if (strcmp(odd[i].name, name) == 0)
            return set < odd[i].count ? odd[i].sets[set] : NULL;
    return NULL;
}

int subject_is_elementwise(act_kind kind) {
    return act__isa_at(ACT__PORTABLE)->elementwise[ACT__REAL32][kind] != NULL;
}

/* The oracle must know the kind, and its parameters in their order. */
static const oracle *oracle_of(act_kind kind) {
    const act__kind_row *row = act__kind_row_of(kind);
    const oracle *o = oracle_find(row->name);
    if (!o)
        fail_msg("%s has no oracle", row->name);
    char names[128] = "";
    for (int i = 0; i < row->param_count; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), i ? " %s" : "%s", row->param[i].name);
    assert_string_equal(names, o->params);
    return o;
}

void subject_of(subject *s, act_activation *a) {
    s->a = a;
    s->o = oracle_of(a->kind);
    s->name = a->row->name;
    for (int i = 0; i < ACT__MAX_PARAMS; i++) {
        s->params[ACT__REAL32][i] = a->param32_wide[i];
        s->params[ACT__REAL64][i] = a->param[i];
    }
}

static void set_params(act_activation *a, const double *params) {
    double all[ACT__MAX_PARAMS] = {0};
    for (int i = 0; i < a->row->param_count; i++) {
        all[i] = params[i];
        assert_ok(act__param_check(a->row, i, all[i]));
    }
    assert_true(!a->row->family->check || a->row->family->check(a, all) == ACT_OK);
    act__activation_assign(a, all);
}

int subject_make(subject *s, act_kind kind, int set) {
    const double *params = set > 0 ? odd_set(act_kind_name(kind), set - 1) : NULL;
    if (set > 0 && !params)
        return 0;
    act_activation *a = make_kind(kind);
    if (params)
        set_params(a, params);
    subject_of(s, a);
    return 1;
}

void subject_free(subject *s) { act_activation_destroy(s->a); }

const act__kernels *subject_kernels(const subject *s, act__isa_level level, int real) {
    return act__isa_at(level)->elementwise[real][s->a->kind];
}

void subject_run64(const subject *s, int slope, int real, const double *x, double *result, int64_t n) {
    const act__kernels *kernels = act__isa_in_use()->elementwise[ACT__REAL64][s->a->kind];
    if (!slope) {
        kernels->forward(x, result, n, s->params[real]);
        return;
    }
    double one[256];
    for (int i = 0; i < 256; i++)
        one[i] = 1;
    for (int64_t i = 0; i < n; i += 256)
        kernels->backward_input(x + i, one, result + i, n - i < 256 ? n - i : 256, s->params[real]);
}
