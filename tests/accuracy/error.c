/* Errors against MPFR; see error.h. */
#include "accuracy/error.h"

#include <math.h>
#include <string.h>

static int is_hidden_by_root(const points *p, const subject *s, int what, double x, const mpfr_t exact, double got) {
    if (what > ORACLE_DERIVATIVE || p->real == ACT__REAL32 || !points_near_root(p, x))
        return 0;
    if (what == ORACLE_VALUE && strcmp(s->name, "xielu") != 0)
        return 0; /* no other value has a root that moves with the parameters */
    return fabs(mpfr_get_d(exact, MPFR_RNDN) - got) <= 0x1p-53;
}

/* A term that cancels is held to what shows in a sum beside terms of the size of x; an infinite one spoils its sum,
 * and may as well be NaN. */
static int is_hidden_by_sum(int what, double x, const mpfr_t exact, double got) {
    const double rounded = mpfr_get_d(exact, MPFR_RNDN);
    return what >= ORACLE_TERM && (fabs(rounded - got) <= 0x1p-60 * fabs(x) || (isinf(rounded) && isnan(got)));
}

double accuracy_error(const points *p, const subject *s, int what, double x, double got) {
    mpfr_t exact;
    mpfr_init(exact);
    oracle_evaluate(exact, s->o, what, x, s->params[p->real]);
    double error = oracle_error(exact, got, p->real == ACT__REAL32 ? ORACLE_FLOAT : ORACLE_DOUBLE);
    if (what < ORACLE_TERM && !isnan(got) && !signbit(got) != !mpfr_signbit(exact))
        error = INFINITY;
    else if (is_hidden_by_root(p, s, what, x, exact, got) || is_hidden_by_sum(what, x, exact, got))
        error = 0;
    mpfr_clear(exact);
    return error;
}
