/*
 * The table of sigmoid.h: points c and 1 / (1 + exp(c)). Made by coefficients.py.
 */
#ifndef ACT_SIMD_LOGISTIC_TABLE_H
#define ACT_SIMD_LOGISTIC_TABLE_H

#include "simd/table.h"

static const float logistic_table V_SHAPE(32, 2) = {
    V_ROW2(0, 0, 0x1p-1f),
    V_ROW2(1, 0x1.55474p-2f, 0x1.ab7624p-2f),
    V_ROW2(2, 0x1.555cfp-1f, 0x1.5b5f46p-2f),
    V_ROW2(3, 0x1.0003c8p+0f, 0x1.136268p-2f),
    V_ROW2(4, 0x1.5550ep+0f, 0x1.ab40d6p-3f),
    V_ROW2(5, 0x1.aa9eap+0f, 0x1.456a0ap-3f),
    V_ROW2(6, 0x1.ffffap+0f, 0x1.e841f4p-4f),
    V_ROW2(7, 0x1.2aaa7cp+1f, 0x1.6a164p-4f),
    V_ROW2(8, 0x1.5556c8p+1f, 0x1.0a1a4cp-4f),
    V_ROW2(9, 0x1.7ff814p+1f, 0x1.849a2cp-5f),
    V_ROW2(10, 0x1.aaa4bp+1f, 0x1.1a398ap-5f),
    V_ROW2(11, 0x1.d5581p+1f, 0x1.985422p-6f),
    V_ROW2(12, 0x1.000086p+2f, 0x1.26ad44p-6f),
    V_ROW2(13, 0x1.15559p+2f, 0x1.a8763ep-7f),
    V_ROW2(14, 0x1.2aaddap+2f, 0x1.3134e2p-7f),
    V_ROW2(15, 0x1.40030ap+2f, 0x1.b68ab8p-8f),
    V_ROW2(16, 0x1.5550a8p+2f, 0x1.3af948p-8f),
    V_ROW2(17, 0x1.6aaa38p+2f, 0x1.c3e06cp-9f),
    V_ROW2(18, 0x1.80008cp+2f, 0x1.4414b4p-9f),
    V_ROW2(19, 0x1.95567cp+2f, 0x1.d0bcap-10f),
    V_ROW2(20, 0x1.aaad3p+2f, 0x1.4d235ap-10f),
    V_ROW2(21, 0x1.c0034cp+2f, 0x1.dd8ea4p-11f),
    V_ROW2(22, 0x1.d5569cp+2f, 0x1.5650b4p-11f),
    V_ROW2(23, 0x1.eaa67ep+2f, 0x1.ead02cp-12f),
    V_ROW2(24, 0x1.000022p+3f, 0x1.5fa268p-12f),
    V_ROW2(25, 0x1.0aa764p+3f, 0x1.f82bf6p-13f),
    V_ROW2(26, 0x1.15516cp+3f, 0x1.694eb6p-13f),
    V_ROW2(27, 0x1.1ffc0ep+3f, 0x1.02e6dep-13f),
    V_ROW2(28, 0x1.2aaf5p+3f, 0x1.72a58ap-14f),
    V_ROW2(29, 0x1.3556b8p+3f, 0x1.09b13ap-14f),
    V_ROW2(30, 0x1.3ffdaep+3f, 0x1.7ceeccp-15f),
    V_ROW2(31, 0x1.4aa866p+3f, 0x1.10f3bap-15f),
};

#endif
