/* The kernels of one instruction set as one act__isa; included by dispatch.c once for each, with ACT_ISA defined. */
#define ACT_JOIN(stem, isa, bits)   act__##stem##_##isa##_f##bits
#define ACT_SYMBOL(stem, isa, bits) ACT_JOIN(stem, isa, bits)
#define ACT_TABLE_NAME(isa, bits)   ACT_JOIN(table, isa, bits)

#define ACT_SPECIAL(name, number, ...)
#define ACT_ELEMENTWISE(name, number, ...) \
    extern const act__kernels ACT_SYMBOL(name, ACT_ISA, 32), ACT_SYMBOL(name, ACT_ISA, 64);
#include "kinds.def"
#undef ACT_ELEMENTWISE
extern const act__slope_kernels ACT_SYMBOL(slopes, ACT_ISA, 32), ACT_SYMBOL(slopes, ACT_ISA, 64);
extern const act__crelu_kernels ACT_SYMBOL(crelu, ACT_ISA, 32), ACT_SYMBOL(crelu, ACT_ISA, 64);
extern const act__maxout_kernels ACT_SYMBOL(maxout, ACT_ISA, 32), ACT_SYMBOL(maxout, ACT_ISA, 64);
extern const act__convert_kernels ACT_SYMBOL(convert, ACT_ISA, 32), ACT_SYMBOL(convert, ACT_ISA, 64);
extern const act__lookup_kernels ACT_SYMBOL(lookup, ACT_ISA, 32);
extern const act__stage_kernels ACT_SYMBOL(stage, ACT_ISA, 32);
#undef ACT_SPECIAL

#define ACT_SPECIAL(name, number, ...)     [number] = NULL,
#define ACT_ELEMENTWISE(name, number, ...) [number] = &ACT_SYMBOL(name, ACT_ISA, 32),
static const act__kernels *const ACT_TABLE_NAME(ACT_ISA, 32)[] = {
#include "kinds.def"
};
#undef ACT_ELEMENTWISE
#define ACT_ELEMENTWISE(name, number, ...) [number] = &ACT_SYMBOL(name, ACT_ISA, 64),
static const act__kernels *const ACT_TABLE_NAME(ACT_ISA, 64)[] = {
#include "kinds.def"
};
#undef ACT_ELEMENTWISE
#undef ACT_SPECIAL

#define ACT_STRING(token)   #token
#define ACT_NAME_OF(isa)    ACT_STRING(isa)
#define ACT_ISA_JOIN(isa)   isa_##isa
#define ACT_ISA_SYMBOL(isa) ACT_ISA_JOIN(isa)
static const act__isa ACT_ISA_SYMBOL(ACT_ISA) = {
    .name = ACT_NAME_OF(ACT_ISA),
    .level = ACT_LEVEL,
    .elementwise = {ACT_TABLE_NAME(ACT_ISA, 32), ACT_TABLE_NAME(ACT_ISA, 64)},
    .slopes = {&ACT_SYMBOL(slopes, ACT_ISA, 32), &ACT_SYMBOL(slopes, ACT_ISA, 64)},
    .crelu = {&ACT_SYMBOL(crelu, ACT_ISA, 32), &ACT_SYMBOL(crelu, ACT_ISA, 64)},
    .maxout = {&ACT_SYMBOL(maxout, ACT_ISA, 32), &ACT_SYMBOL(maxout, ACT_ISA, 64)},
    .convert = {&ACT_SYMBOL(convert, ACT_ISA, 32), &ACT_SYMBOL(convert, ACT_ISA, 64)},
    .lookup = &ACT_SYMBOL(lookup, ACT_ISA, 32),
    .stage = &ACT_SYMBOL(stage, ACT_ISA, 32),
};
#undef ACT_JOIN
#undef ACT_SYMBOL
#undef ACT_TABLE_NAME
#undef ACT_STRING
#undef ACT_NAME_OF
#undef ACT_ISA_JOIN
#undef ACT_ISA_SYMBOL
#undef ACT_ISA
#undef ACT_LEVEL
