/* Ranges of float patterns; see range.h. */
#include "accuracy/range.h"

#include <math.h>

#include "accuracy/block_error.h"
#include "reference/ulp.h"
#include "support.h"

enum { BLOCK = 2048, BLOCKS_A_CHECK = 512 };

/* What the float64 kernel may be off, in units in the last place of a float. */
static const double GOOD = 0x1p-8;

static block_error_function *const errors[ACT__ISA_LEVELS] = {
    [ACT__PORTABLE] = block_error_portable,
#ifdef ACT_HAVE_AVX2
    [ACT__AVX2] = block_error_avx2,
#endif
#ifdef ACT_HAVE_AVX512
    [ACT__AVX512] = block_error_avx512,
#endif
#ifdef ACT_HAVE_NEON
    [ACT__NEON] = block_error_neon,
#endif
};

typedef struct block {
    float x[BLOCK], got[BLOCK];
    double wide[BLOCK], exact[BLOCK];
} block;

static void fill(block *b, uint32_t first) {
    for (uint32_t i = 0; i < BLOCK; i++) {
        const uint32_t bits = first + i;
        memcpy(&b->x[i], &bits, sizeof bits);
    }
    for (int i = 0; i < BLOCK; i++)
        b->wide[i] = (double)b->x[i];
}

static void compute(block *b, const subject *s, int derivative) {
    const act__kernels *kernels = subject_kernels(s, act__isa_in_use()->level, ACT__REAL32);
    subject_run64(s, derivative, ACT__REAL32, b->wide, b->exact, BLOCK);
    if (!derivative) {
        kernels->forward(b->x, b->got, BLOCK, s->a->param32);
        return;
    }
    for (int i = 0; i < BLOCK; i++)
        b->got[i] = 1;
    kernels->backward_input(b->x, b->got, b->got, BLOCK, s->a->param32);
}

/* Too large for a float, both; or near enough. */
static int is_good(const mpfr_t exact, double got) {
    const double rounded = oracle_round(exact, ORACLE_FLOAT);
    return isinf(rounded) ? (double)(float)got == rounded : oracle_error(exact, got, ORACLE_FLOAT) <= GOOD;
}

static int is_doubtful(const block *b, const subject *s, int derivative, int64_t i) {
    mpfr_t exact;
    mpfr_init(exact);
    oracle_evaluate(exact, s->o, derivative ? ORACLE_DERIVATIVE : ORACLE_VALUE, b->wide[i], s->params[ACT__REAL32]);
    const int sees_no_x = derivative && isnan(b->x[i]);
    const int bad = !sees_no_x && !is_good(exact, b->exact[i]);
    mpfr_clear(exact);
    return bad;
}

static uint32_t first_with(const block *b, double error, uint32_t first) {
    uint32_t i = 0;
    while (i < BLOCK - 1 && ulp_error(b->exact[i], b->got[i]) < error)
        i++;
    return first + i;
}

worst_case range_worst(const subject *s, int derivative, uint32_t first, uint64_t count, int *doubtful) {
    worst_case worst = {0, first};
    uint64_t seed = first;
    block b;
    for (uint64_t done = 0; done < count; done += BLOCK) {
        const uint32_t from = first + (uint32_t)done;
        fill(&b, from);
        compute(&b, s, derivative);
        const double error = errors[act__isa_in_use()->level](b.exact, b.got, BLOCK);
        if (error > worst.error)
            worst = (worst_case){error, first_with(&b, error, from)};
        if (done / BLOCK % BLOCKS_A_CHECK == 0)
            *doubtful += is_doubtful(&b, s, derivative, random_between(&seed, 0, BLOCK - 1));
    }
    return worst;
}
