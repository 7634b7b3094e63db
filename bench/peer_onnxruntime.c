/* onnxruntime: a session for each cell, with inputs and outputs bound to memory once. Forward, contiguous. */
#include "peer_main.h"

#include "activations/activations.h"
#include "onnx_model.h"

#include <fcntl.h>
#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct call {
    OrtSession *session;
    OrtIoBinding *binding;
    OrtValue *x, *w, *y;
} call;

static const struct {
    const char *function, *operator, * attribute;
} known[] = {{"identity", "Identity", NULL},
             {"relu", "Relu", NULL},
             {"leaky_relu", "LeakyRelu", "alpha"},
             {"prelu", "PRelu", NULL},
             {"elu", "Elu", "alpha"},
             {"celu", "Celu", "alpha"},
             {"selu", "Selu", NULL},
             {"sigmoid", "Sigmoid", NULL},
             {"hard_sigmoid", "HardSigmoid", "alpha"},
             {"hard_swish", "HardSwish", NULL},
             {"tanh", "Tanh", NULL},
             {"softsign", "Softsign", NULL},
             {"softplus", "Softplus", NULL},
             {"abs", "Abs", NULL},
             {"sign", "Sign", NULL},
             {"sqrt", "Sqrt", NULL},
             {"exp", "Exp", NULL},
             {"log", "Log", NULL},
             {"sin", "Sin", NULL},
             {"erf", "Erf", NULL}};

static const OrtApi *api;
static OrtEnv *environment;

static bool ok(OrtStatus *status) {
    if (status)
        api->ReleaseStatus(status);
    return !status;
}

/* Debian's build says at length, whatever the logging level, that it registers some schemas twice. */
static int hush(void) {
    const int errors = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
    return errors;
}

static void speak(int errors) {
    dup2(errors, STDERR_FILENO);
    close(errors);
}

static bool start(void) {
    if (environment)
        return true;
    api = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    return api && ok(api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "bench", &environment));
}

static bool open_session(call *k, const void *model, size_t size, int threads) {
    OrtSessionOptions *options;
    if (!ok(api->CreateSessionOptions(&options)))
        return false;
    const bool opened = ok(api->SetIntraOpNumThreads(options, threads)) &&
                        ok(api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL)) &&
                        ok(api->CreateSessionFromArray(environment, model, size, options, &k->session));
    api->ReleaseSessionOptions(options);
    return opened;
}

static bool open_value(OrtValue **value, void *at, const int64_t *shape, int32_t ndim, const cell *c) {
    size_t bytes = cell_dtype_size(c->dtype);
    OrtMemoryInfo *where;
    for (int32_t i = 0; i < ndim; i++)
        bytes *= (size_t)shape[i];
    if (!ok(api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &where)))
        return false;
    const ONNXTensorElementDataType type = c->dtype == ACT_FLOAT64   ? ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE
                                           : c->dtype == ACT_FLOAT16 ? ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16
                                           : c->dtype == ACT_FLOAT32 ? ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
                                                                     : ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16;
    const bool made = ok(api->CreateTensorWithDataAsOrtValue(where, at, bytes, shape, (size_t)ndim, type, value));
    api->ReleaseMemoryInfo(where);
    return made;
}

static bool bind(call *k) {
    return ok(api->CreateIoBinding(k->session, &k->binding)) && ok(api->BindInput(k->binding, "x", k->x)) &&
           (!k->w || ok(api->BindInput(k->binding, "w", k->w))) && ok(api->BindOutput(k->binding, "y", k->y));
}

static void destroy(void *object) {
    call *k = object;
    if (k->binding)
        api->ReleaseIoBinding(k->binding);
    if (k->session)
        api->ReleaseSession(k->session);
    OrtValue *const values[] = {k->x, k->w, k->y};
    for (int i = 0; i < 3; i++)
        if (values[i])
            api->ReleaseValue(values[i]);
    free(k);
}

static bool describe(onnx_operator *op, const cell *c, int64_t *slope_shape) {
    *op = (onnx_operator){.value = (float)c->param[0], .shape = c->x.shape, .ndim = c->x.ndim};
    op->type = c->dtype == ACT_FLOAT32 ? 1 : c->dtype == ACT_FLOAT64 ? 11 : c->dtype == ACT_FLOAT16 ? 10 : 16;
    for (int32_t i = 0; c->slopes && i < c->x.ndim; i++)
        slope_shape[i] = i == c->slope_axis ? c->slopes : 1;
    op->second_shape = c->slopes ? slope_shape : NULL;
    op->second_ndim = c->x.ndim;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].function, c->function)) {
            op->name = known[i].operator;
            op->attribute = known[i].attribute;
        }
    return op->name && c->direction == FORWARD && !c->maxout.rows && cell_view_contiguous(&c->x);
}

static void *prepare_aloud(const cell *c, const arena *memory) {
    unsigned char model[2048];
    int64_t slope_shape[CELL_MAX_NDIM];
    onnx_operator op;
    call *k = calloc(1, sizeof *k);
    if (!k || !describe(&op, c, slope_shape) || !start()) {
        free(k);
        return NULL;
    }
    const size_t size = onnx_model_write(model, sizeof model, &op);
    if (size && open_session(k, model, size, c->threads) &&
        open_value(&k->x, arena_at(memory, c->x.slot), c->x.shape, c->x.ndim, c) &&
        open_value(&k->y, arena_at(memory, c->y.slot), c->y.shape, c->y.ndim, c) &&
        (!c->slopes || open_value(&k->w, arena_at(memory, SLOT_PARAMETERS), slope_shape, c->x.ndim, c)) && bind(k))
        return k;
    destroy(k);
    return NULL;
}

static void *prepare(const cell *c, const arena *memory) {
    const int errors = hush();
    void *object = prepare_aloud(c, memory);
    speak(errors);
    return object;
}

static void run(void *object) {
    const call *k = object;
    OrtStatus *status = api->RunWithBinding(k->session, NULL, k->binding);
    if (status) /* the output stays as it was, which the comparison sees */
        api->ReleaseStatus(status);
}

static const char *version(void) { return OrtGetApiBase()->GetVersionString(); }

static const peer onnxruntime = {.name = "onnxruntime",
                                 .version = version,
                                 .prepare = prepare,
                                 .run = run,
                                 .destroy = destroy,
                                 .float32 = {1e-5, 1e-4},
                                 .float64 = {1e-7, 1e-7},
                                 .half = {1e-3, 2e-2}};
const peer *const the_peer = &onnxruntime;
