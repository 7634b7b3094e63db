/*
 * The table of act/tanh_shrink.c, made by float_tables.py: for each interval the centre c, f(c) and the coefficients
 * of P in f(c + d) = f(c) + d P(d), f being 2^24 (a - tanh(a)) / a^3; relative error 2^-27 up to a = 8.
 */
#ifndef ACT_SIMD_TANH_SHRINK_TABLE_H
#define ACT_SIMD_TANH_SHRINK_TABLE_H

static const float tanh_shrink_table[7][32] = {
    {0x1.492410p+0f, 0x1.9248dcp+0f, 0x1.db6eccp+0f, 0x1.12490cp+1f, 0x1.36db4cp+1f, 0x1.5b6d7ep+1f, 0x1.80003ap+1f,
     0x1.a491f8p+1f, 0x1.db6ddep+1f, 0x1.12487ap+2f, 0x1.36db30p+2f, 0x1.5b6d68p+2f, 0x1.7ffce8p+2f, 0x1.a492b6p+2f,
     0x1.c9233ap+2f, 0x1.edb6a6p+2f, 0x1.1249bcp+3f, 0x1.36dad2p+3f, 0x1.5b6d76p+3f, 0x1.800004p+3f, 0x1.a4927cp+3f,
     0x1.c92546p+3f, 0x1.edb67ap+3f, 0x1.09252cp+4f, 0x1.249192p-4f, 0x1.b6db62p-3f, 0x1.6db760p-2f, 0x1.ffffa8p-2f,
     0x1.492480p-1f, 0x1.924908p-1f, 0x1.db6ddcp-1f, 0x1.124936p+0f},
    {0x1.9c25b2p+21f, 0x1.5941a2p+21f, 0x1.2145e8p+21f, 0x1.e70c10p+20f, 0x1.9ced9ep+20f, 0x1.60edb0p+20f,
     0x1.302814p+20f, 0x1.08419ep+20f, 0x1.b21e6cp+19f, 0x1.55fc2ep+19f, 0x1.13c22ep+19f, 0x1.c58efep+18f,
     0x1.7b481cp+18f, 0x1.41aa56p+18f, 0x1.142cb2p+18f, 0x1.df4084p+17f, 0x1.89f7e4p+17f, 0x1.377f82p+17f,
     0x1.f8c314p+16f, 0x1.a12f60p+16f, 0x1.5e88a8p+16f, 0x1.2aa4e4p+16f, 0x1.0178a0p+16f, 0x1.c07d00p+15f,
     0x1.54a360p+22f, 0x1.4f2da8p+22f, 0x1.44c5eap+22f, 0x1.36561ep+22f, 0x1.24fe50p+22f, 0x1.11e472p+22f,
     0x1.fc1cc6p+21f, 0x1.d49bbcp+21f},
    {-0x1.f89cb8p+20f, -0x1.ae2a52p+20f, -0x1.628424p+20f, -0x1.1fe3f4p+20f, -0x1.d1c29ap+19f, -0x1.79a078p+19f,
     -0x1.33e658p+19f, -0x1.f9ce6ap+18f, -0x1.7e4a4cp+18f, -0x1.0ecc44p+18f, -0x1.8b649ap+17f, -0x1.287cb2p+17f,
     -0x1.c7289cp+16f, -0x1.647350p+16f, -0x1.1c2462p+16f, -0x1.cbfe02p+15f, -0x1.576b38p+15f, -0x1.e39f1ap+14f,
     -0x1.61109ap+14f, -0x1.097b3ap+14f, -0x1.992a22p+13f, -0x1.41e43cp+13f, -0x1.01c154p+13f, -0x1.a31d7cp+12f,
     -0x1.36c9cep+18f, -0x1.c32ff0p+19f, -0x1.60bcf2p+20f, -0x1.c26376p+20f, -0x1.01b1b0p+21f, -0x1.12badep+21f,
     -0x1.16c2b8p+21f, -0x1.10eb18p+21f},
    {0x1.d7010cp+18f,  0x1.0fe18cp+19f,  0x1.f8225ap+18f,  0x1.aa2604p+18f,  0x1.59088cp+18f,  0x1.120928p+18f,
     0x1.b06e20p+17f,  0x1.5554b4p+17f,  0x1.e2e8d8p+16f,  0x1.380076p+16f,  0x1.a011aep+15f,  0x1.1e1318p+15f,
     0x1.94a25ep+14f,  0x1.25601ep+14f,  0x1.b311ccp+13f,  0x1.48fca0p+13f,  0x1.bec8a2p+12f,  0x1.188680p+12f,
     0x1.716082p+11f,  0x1.f9ad5cp+10f,  0x1.658a46p+10f,  0x1.03d02ap+10f,  0x1.828f5cp+9f,   0x1.256d02p+9f,
     -0x1.0db348p+21f, -0x1.e7f7cap+20f, -0x1.8cdf2ap+20f, -0x1.1ce624p+20f, -0x1.566bfap+19f, -0x1.1917a8p+18f,
     0x1.4361bcp+15f,  0x1.1019a8p+18f},
    {0x1.82e5c0p+17f,  0x1.d55b94p+7f,   -0x1.3a31f6p+16f, -0x1.83bd6ep+16f, -0x1.67f0ecp+16f, -0x1.2cc77ap+16f,
     -0x1.df8738p+15f, -0x1.76303cp+15f, -0x1.fd3e3cp+14f, -0x1.329fd8p+14f, -0x1.7a3912p+13f, -0x1.e0b298p+12f,
     -0x1.3ad944p+12f, -0x1.a82cfep+11f, -0x1.254936p+11f, -0x1.9f197ap+10f, -0x1.00d894p+10f, -0x1.2010cap+9f,
     -0x1.566968p+8f,  -0x1.ab0434p+7f,  -0x1.152804p+7f,  -0x1.743202p+6f,  -0x1.014d22p+6f,  -0x1.6cc75ap+5f,
     0x1.f41132p+17f,  0x1.59756ap+19f,  0x1.e99890p+19f,  0x1.0e17d4p+20f,  0x1.fd818cp+19f,  0x1.aa9514p+19f,
     0x1.424d7ap+19f,  0x1.b803f0p+18f},
    {-0x1.d6a002p+17f, -0x1.bb7150p+16f, -0x1.21dad0p+15f, -0x1.9e98ecp+10f, 0x1.60f008p+13f,  0x1.b703d4p+13f,
     0x1.930070p+13f,  0x1.4c4874p+13f,  0x1.cba46cp+12f,  0x1.0b8bc8p+12f,  0x1.373244p+11f,  0x1.71ab26p+10f,
     0x1.c39edep+9f,   0x1.1bed10p+9f,   0x1.6f3b8ap+8f,   0x1.e772fcp+7f,   0x1.14be64p+7f,   0x1.156adcp+6f,
     0x1.29c546p+5f,   0x1.524facp+4f,   0x1.93258ap+3f,   0x1.f43dacp+2f,   0x1.41597ep+2f,   0x1.a96c50p+1f,
     0x1.ab741cp+19f,  0x1.483b1cp+19f,  0x1.5536e0p+18f,  0x1.5d1126p+14f,  -0x1.b1333ap+17f, -0x1.570bb8p+18f,
     -0x1.7375e2p+18f, -0x1.5014b4p+18f},
    {0x1.8d98e6p+16f,  0x1.18fd2cp+16f,  0x1.1f5ba2p+15f,  0x1.d60b08p+13f,  0x1.16739cp+12f,  0x1.308f00p+6f,
     -0x1.5ce2e4p+10f, -0x1.9eeb42p+10f, -0x1.522b8cp+10f, -0x1.99b566p+9f,  -0x1.d0507cp+8f,  -0x1.06642ap+8f,
     -0x1.2e2ddap+7f,  -0x1.652d56p+6f,  -0x1.b224eap+5f,  -0x1.0f26eap+5f,  -0x1.1a0a22p+4f,  -0x1.fb4d82p+2f,
     -0x1.ecf2f0p+1f,  -0x1.ff20b4p+0f,  -0x1.17ea08p+0f,  -0x1.413c26p-1f,  -0x1.7fc3dap-2f,  -0x1.dab7bcp-3f,
     -0x1.2c39f2p+17f, -0x1.81cd50p+18f, -0x1.d60456p+18f, -0x1.948850p+18f, -0x1.005cb6p+18f, -0x1.95ddeap+16f,
     0x1.b696bap+13f,  0x1.35f420p+16f},
};

#endif
