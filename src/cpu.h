/* What this processor can run. */
#ifndef ACT_CPU_H
#define ACT_CPU_H

/* In rising order on each architecture. */
typedef enum act__isa_level { ACT__PORTABLE, ACT__AVX2, ACT__AVX512, ACT__NEON, ACT__ISA_LEVELS } act__isa_level;

int act__cpu_supports(act__isa_level level);

#endif
