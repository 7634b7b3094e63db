/* Errors of blocks, in plain loops that compilers vectorise; see block_error.h. Compiled for each instruction set. */
#include "accuracy/block_error.h"

#include "reference/ulp.h"

#define JOIN(stem, isa)   stem##isa
#define SYMBOL(stem, isa) JOIN(stem, isa)

enum { PART = 64 };

double SYMBOL(block_error_, ACT_ISA)(const double *exact, const float *got, int64_t n) {
    int64_t most = 0;
    for (int64_t i = 0; i < n; i += PART) {
        double rounded[PART], widened[PART];
        const int64_t part = n - i < PART ? n - i : PART;
        for (int64_t j = 0; j < part; j++)
            rounded[j] = (double)(float)exact[i + j];
        for (int64_t j = 0; j < part; j++)
            widened[j] = (double)got[i + j];
        for (int64_t j = 0; j < part; j++) {
            const int64_t error = ulp_error_bits(exact[i + j], rounded[j], widened[j]);
            most = error > most ? error : most;
        }
    }
    return ulp_from_bits(most);
}
