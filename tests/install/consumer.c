/* A user's first program, C99: one tensor forward and back, and one Maxout unit. */
#include <activations/activations.h>

#include <stdio.h>

static int fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, act_last_error());
    return 1;
}

int main(void) {
    const float x[6] = {-4, -1, -0.0f, 0, 2, 8};
    const float expected[6] = {-1, -0.25f, 0, 0, 2, 8};
    float y[6], dx[6];
    act_activation *leaky = NULL, *maxout = NULL;
    int i;

    if (act_version() != ACT_VERSION)
        return fail("version");
    if (act_activation_create_from_spec(&leaky, "leaky_relu(slope=0.25)") != ACT_OK)
        return fail("create");
    if (act_forward_1d(leaky, ACT_FLOAT32, x, y, 6) != ACT_OK ||
        act_backward_1d(leaky, ACT_FLOAT32, x, x, dx, 6) != ACT_OK)
        return fail("run");
    for (i = 0; i < 6; i++)
        if (y[i] != expected[i] || dx[i] != expected[i])
            return fail("leaky_relu");
    act_activation_destroy(leaky);

    {
        const double in[3] = {1, 2, 3};
        double out[1];
        const int64_t in_shape[2] = {1, 3}, out_shape[2] = {1, 1};
        act_tensor tx, ty, w;
        if (act_maxout_create(&maxout, 3, 1, 2, ACT_FLOAT64, ACT_MAXOUT_NO_BIAS, 1) != ACT_OK)
            return fail("maxout");
        if (act_activation_parameter(maxout, 0, &w) != ACT_OK)
            return fail("parameter");
        for (i = 0; i < 6; i++)
            ((double *)w.data)[i] = i; /* 0*1+1*2+2*3 = 8, 3*1+4*2+5*3 = 26 */
        if (act_tensor_init(&tx, (void *)in, ACT_FLOAT64, 2, in_shape, NULL) != ACT_OK ||
            act_tensor_init(&ty, out, ACT_FLOAT64, 2, out_shape, NULL) != ACT_OK ||
            act_forward(maxout, &tx, &ty, NULL) != ACT_OK)
            return fail("maxout forward");
        if (out[0] != 26)
            return fail("maxout value");
        act_activation_destroy(maxout);
    }
    return 0;
}
