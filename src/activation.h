/* The object: a kind, its parameters, what is learned, and the family that runs it. */
#ifndef ACT_ACTIVATION_H
#define ACT_ACTIVATION_H

#include "kinds.h"
#include "memory.h"
#include "parameter.h"
#include "types/call.h"
#include "view.h"

enum { ACT__MAX_LEARNABLE = 2 };

typedef struct act__prelu {
    int32_t axis;     /* with has_axis: the channel axis of x, negative from the end */
    int32_t has_axis; /* else the slopes broadcast from the right */
} act__prelu;

typedef struct act__maxout {
    int64_t in, out, pieces;
} act__maxout;

struct act_activation {
    const act__kind_row *row;
    act_kind kind;
    uint64_t id; /* of this object among all of the process; a state remembers it */
    double param[ACT__MAX_PARAMS];
    float param32[ACT__MAX_PARAMS];
    double param32_wide[ACT__MAX_PARAMS]; /* the same numbers; of hard_sigmoid and hard_swish 1/6 itself */
    int32_t fits32;                       /* whether every param32 is legal */
    int32_t learnable_count;
    uint64_t seed;                           /* the parameter that is one, exactly */
    const act__kernels *kernels[ACT__REALS]; /* elementwise kinds; prelu: leaky_relu's */
    act__half_calls halves[2];               /* theirs, of float16 and of bfloat16; see act__half_calls_of() */
    act__learnable learnable[ACT__MAX_LEARNABLE];
    act__prelu prelu;
    act__maxout maxout;
    act__scratch scratch;
};

/* What act_backward() was given, opened; what was not given is NULL. */
typedef struct act__gradient_call {
    const act__view *x, *y, *dy, *dx;
    const act_state *state;
} act__gradient_call;

struct act__family {
    /* Finishes an object of default parameters; NULL where there is nothing to do. */
    act_status (*create)(act_activation *a);
    /* Judges parameters against each other beyond what kinds.def says; NULL where there is nothing. */
    act_status (*check)(const act_activation *a, const double *param);
    /* Prepares what follows from the parameters; NULL where nothing does. */
    void (*assigned)(act_activation *a);
    /* Why the object cannot be written as a spec, or NULL. NULL function: always can. */
    const char *(*unspeakable)(const act_activation *a);
    uint32_t (*needs)(const act_activation *a);
    act_status (*forward)(const act_activation *a, const act__view *x, const act__view *y, act_state *state);
    act_status (*backward)(act_activation *a, const act__gradient_call *call);
    /* Where its parameters' gradients come from, if not from parameter_terms of its kernels; NULL where they do. */
    const char *parameter_gradients;
    /* E f(z)^2 or E f'(z)^2 for z normal (0, 1). */
    double (*mean_square)(const act_activation *a, act_gain_direction direction);
};

extern const act__family act__elementwise_family, act__prelu_family, act__rrelu_family, act__maxout_family,
    act__crelu_family;

/* An object of default parameters, without family->create; NULL with the message set where memory is out. */
act_activation *act__activation_new(act_kind kind);

/* Takes checked parameters, and rounds them. */
void act__activation_assign(act_activation *a, const double *param);

/* The parameters as the type computes with; fails where one is not legal there. */
act_status act__activation_params(const void **params, const act_activation *a, act_dtype dtype);

static inline const act__half_calls *act__half_calls_of(const act_activation *a, act_dtype dtype) {
    return &a->halves[dtype == ACT_BFLOAT16];
}

static inline int act__real_of(act_dtype dtype) { return dtype == ACT_FLOAT64 ? ACT__REAL64 : ACT__REAL32; }

#endif
