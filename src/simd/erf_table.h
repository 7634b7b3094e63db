/*
 * The table of erf_f32.h: for each interval the centre c, erf(c), which is within 2^-7 of half a unit, and the
 * coefficients of P in erf(c + d) = erf(c) + d P(d), the first in two parts; 1 from 4 on. Relative error 2^-27.3, and
 * 2^-26.2 where it is 1. Made by float_tables.py.
 */
#ifndef ACT_SIMD_ERF_TABLE_H
#define ACT_SIMD_ERF_TABLE_H

#include "simd/table.h"

static const float erf_table V_SHAPE(32, 8) = {
    V_ROW8(0, 0x1.20008p+0f, 0x1.c6db24p-1f, 0x1.45e82ep-2f, -0x1.b584d4p-27f, -0x1.6ea624p-2f, 0x1.4cb3ep-3f,
           0x1.cf37dp-6f, -0x1.f4d392p-5f),
    V_ROW8(1, 0x1.5fffe2p+0f, 0x1.e57682p-1f, 0x1.5ce606p-3f, 0x1.a3d232p-30f, -0x1.dfbd02p-3f, 0x1.437504p-3f,
           -0x1.eca5bp-6f, -0x1.f5e52cp-6f),
    V_ROW8(2, 0x1.9fffdp+0f, 0x1.f4f68cp-1f, 0x1.499e1p-4f, 0x1.a02bep-30f, -0x1.0bd0e2p-3f, 0x1.d66434p-4f,
           -0x1.94fde4p-5f, -0x1.279c1p-9f),
    V_ROW8(3, 0x1.dffff2p+0f, 0x1.fbe61ep-1f, 0x1.12ceecp-5f, -0x1.24a1e8p-32f, -0x1.01a24ap-4f, 0x1.143da8p-4f,
           -0x1.59887p-5f, 0x1.74748ep-7f),
    V_ROW8(4, 0x1.0fffb8p+1f, 0x1.fea41ep-1f, 0x1.946616p-7f, -0x1.917a6p-32f, -0x1.adab72p-6f, 0x1.0ea6aap-5f,
           -0x1.b07b04p-6f, 0x1.9840d6p-7f),
    V_ROW8(5, 0x1.2fffc4p+1f, 0x1.ff996p-1f, 0x1.0693d4p-8f, 0x1.ed2eecp-39f, -0x1.37cd52p-7f, 0x1.c1ef26p-7f,
           -0x1.b05894p-7f, 0x1.11ee6ap-7f),
    V_ROW8(6, 0x1.4fff62p+1f, 0x1.ffe514p-1f, 0x1.2cf036p-10f, 0x1.213158p-35f, -0x1.8af4cep-9f, 0x1.4085c2p-8f,
           -0x1.65bb86p-8f, 0x1.154b54p-8f),
    V_ROW8(7, 0x1.6fff2ep+1f, 0x1.fff9bap-1f, 0x1.305ec6p-12f, 0x1.561c82p-37f, -0x1.b57b9p-11f, 0x1.89eb8ap-10f,
           -0x1.f33258p-10f, 0x1.c3d58cp-10f),
    V_ROW8(8, 0x1.a00c8p+1f, 0x1.ffff7p-1f, 0x1.e87ff6p-16f, 0x1.c8473ep-41f, -0x1.8b91fp-14f, 0x1.993c7p-13f,
           -0x1.41d7aep-12f, 0x1.56fd64p-12f),
    V_ROW8(9, 0x1.df49p+1f, 0x1.fffffcp-1f, 0x1.ed5e0cp-21f, -0x1.4fbc68p-47f, -0x1.ca9588p-19f, 0x1.162f6p-17f,
           -0x1.0bac04p-16f, 0x1.4bf294p-16f),
    V_ROW8(10, 0x1p+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(11, 0x1.2p+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(12, 0x1.4p+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(13, 0x1.6p+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(14, 0x1.8p+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(15, 0x1.ap+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(16, 0x1.cp+2f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(17, 0x1p+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(18, 0x1.2p+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(19, 0x1.4p+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(20, 0x1.6p+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(21, 0x1.8p+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(22, 0x1.ap+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(23, 0x1.cp+3f, 0x1p+0f, 0, 0, 0, 0, 0, 0),
    V_ROW8(24, 0, 0, 0x1.20dd76p+0f, -0x1.fbf1b8p-25f, 0x1.a79d88p-23f, -0x1.812a72p-2f, 0x1.00691cp-12f,
           0x1.c73bc6p-4f),
    V_ROW8(25, 0x1.80001cp-3f, 0x1.ac4602p-3f, 0x1.16e2d6p+0f, -0x1.933394p-26f, -0x1.a2544ap-3f, -0x1.59b3cep-2f,
           0x1.97e05ap-4f, 0x1.7fcac6p-4f),
    V_ROW8(26, 0x1.3ffffcp-2f, 0x1.5da9fp-2f, 0x1.05fd4p+0f, -0x1.20ab28p-25f, -0x1.477c7cp-2f, -0x1.1917b4p-2f,
           0x1.31b384p-3f, 0x1.048cb8p-4f),
    V_ROW8(27, 0x1.bffffp-2f, 0x1.db080ep-2f, 0x1.dd1682p-1f, 0x1.a590a6p-26f, -0x1.a17394p-2f, -0x1.889a98p-3f,
           0x1.6babc2p-3f, 0x1.b066dap-6f),
    V_ROW8(28, 0x1.1fffd6p-1f, 0x1.25b886p-1f, 0x1.a50774p-1f, 0x1.f844a2p-26f, -0x1.d9a81p-2f, -0x1.9c42d4p-4f,
           0x1.75477ep-3f, -0x1.6273c2p-7f),
    V_ROW8(29, 0x1.5fffbcp-1f, 0x1.569214p-1f, 0x1.682034p-1f, 0x1.e3e34ep-30f, -0x1.ef2bdcp-2f, -0x1.a4313p-7f,
           0x1.52cbc4p-3f, -0x1.54e00ep-5f),
    V_ROW8(30, 0x1.a0001cp-1f, 0x1.7fb9dp-1f, 0x1.2a8db4p-1f, 0x1.587312p-27f, -0x1.e5266p-2f, 0x1.fe0854p-5f,
           0x1.0f7258p-3f, -0x1.f95f2ap-5f),
    V_ROW8(31, 0x1.e00062p-1f, 0x1.a15548p-1f, 0x1.dfc97ap-2f, 0x1.8a396ep-27f, -0x1.c1cd3ep-2f, 0x1.e4ca9ep-4f,
           0x1.747046p-4f, -0x1.1cc6c6p-4f),
};

#endif
