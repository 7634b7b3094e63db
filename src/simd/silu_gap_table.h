/*
 * The table of act/silu.c in float32: rows of gap.h, c, u and P; relative error 2^-26.9. Made by gap_tables.py.
 */
#ifndef ACT_SIMD_SILU_GAP_TABLE_H
#define ACT_SIMD_SILU_GAP_TABLE_H

#include "simd/table.h"

static const float silu_gap_table V_SHAPE(16, 8) = {
    V_ROW8(0, 0, 0x1p-1f, -0x1.79824ep-36f, -0x1p-2f, -0x1.3e927ep-24f, 0x1.555e64p-6f, -0x1.48bad8p-16f,
           -0x1.08fc7cp-9f),
    V_ROW8(1, 0x1.801f9cp-2f, 0x1.38e908p-1f, 0x1.44596ap-2f, -0x1.dd3616p-3f, 0x1.dd9574p-6f, 0x1.11cb62p-6f,
           -0x1.147708p-8f, -0x1.c17924p-11f),
    V_ROW8(2, 0x1.ffb62cp-1f, 0x1.135abp+0f, 0x1.28f59cp-4f, -0x1.35ccfp-3f, 0x1.a45ce2p-5f, 0x1.8c55ccp-11f,
           -0x1.33899ap-8f, 0x1.a196ecp-11f),
    V_ROW8(3, 0x1.801e7ep+0f, 0x1.182f98p+0f, -0x1.52e07ap-5f, -0x1.3fa4f2p-4f, 0x1.63cc3cp-5f, -0x1.ddeb5p-8f,
           -0x1.aa6fap-10f, 0x1.079ebcp-10f),
    V_ROW8(4, 0x1.ffe648p+0f, 0x1.e854p-1f, -0x1.73c594p-4f, -0x1.9aa17cp-6f, 0x1.bb17eep-6f, -0x1.0cf9bep-7f,
           0x1.25ccf4p-11f, 0x1.c30c9cp-12f),
    V_ROW8(5, 0x1.401f7ep+1f, 0x1.8432cp-1f, -0x1.971d0ep-4f, 0x1.17b4f6p-8f, 0x1.a30bd6p-7f, -0x1.7ad91p-8f,
           0x1.29e45ap-10f, 0x1.bb6822p-18f),
    V_ROW8(6, 0x1.801694p+1f, 0x1.2342ap-1f, -0x1.68c87ep-4f, 0x1.08e95ep-6f, 0x1.0447bap-8f, -0x1.9c36dcp-9f,
           0x1.d9e122p-11f, -0x1.04cc9ap-13f),
    V_ROW8(7, 0x1.bff46p+1f, 0x1.a4528p-2f, -0x1.1fe4a8p-4f, 0x1.2dcfap-6f, -0x1.83a6ap-12f, -0x1.64c7fap-10f,
           0x1.1810eap-11f, -0x1.d7d8eep-14f),
    V_ROW8(8, 0x1.001c3ep+2f, 0x1.26507ep-2f, -0x1.aef73ap-5f, 0x1.0c652cp-6f, -0x1.084866p-9f, -0x1.9c3426p-12f,
           0x1.112c1ap-12f, -0x1.26c3p-14f),
    V_ROW8(9, 0x1.2015dp+2f, 0x1.949cp-3f, -0x1.36488p-5f, 0x1.ab2cbcp-7f, -0x1.2e0b0ap-9f, 0x1.554c84p-15f,
           0x1.b88ca4p-14f, -0x1.3b47acp-15f),
    V_ROW8(10, 0x1.403162p+2f, 0x1.117c02p-3f, -0x1.b1fdbap-6f, 0x1.3edf12p-7f, -0x1.0b04d8p-9f, 0x1.96f5dep-13f,
           0x1.d9fcep-16f, -0x1.1283ccp-16f),
    V_ROW8(11, 0x1.6034fp+2f, 0x1.6dcep-4f, -0x1.29d986p-6f, 0x1.c9ec7cp-8f, -0x1.a6a832p-10f, 0x1.c80d1p-13f,
           -0x1.1519ep-18f, -0x1.f782c2p-18f),
    V_ROW8(12, 0x1.800be8p+2f, 0x1.e5d814p-5f, -0x1.93adeep-7f, 0x1.40b868p-8f, -0x1.3b2d04p-10f, 0x1.8f3f98p-13f,
           -0x1.f6635ep-17f, -0x1.d28adap-20f),
    V_ROW8(13, 0x1.9ffd7cp+2f, 0x1.3fc802p-5f, -0x1.0e1a56p-7f, 0x1.b82fe6p-9f, -0x1.c3fef8p-11f, 0x1.3a54aep-13f,
           -0x1.12e596p-16f, 0x1.ffe24ap-22f),
    V_ROW8(14, 0x1.c02716p+2f, 0x1.a117fcp-6f, -0x1.65266cp-8f, 0x1.28efb6p-9f, -0x1.3afbfp-11f, 0x1.d1cc2ep-14f,
           -0x1.dba072p-17f, 0x1.0fb72p-20f),
    V_ROW8(15, 0x1.e0126cp+2f, 0x1.0f6ff2p-6f, -0x1.d633dp-9f, 0x1.8d4f8ep-10f, -0x1.b00724p-12f, 0x1.4d542cp-14f,
           -0x1.74a5c8p-17f, 0x1.22e574p-20f),
};

#endif
