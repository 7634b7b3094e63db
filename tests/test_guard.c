/*
 * No kernel reads or writes a byte that is not its own: operands that end or begin at pages without access, inputs on
 * pages that cannot be written, every length up to several vectors and around blocks, every misalignment, every
 * kernel of every instruction set. The same through the interface, with the library's own blocks fenced too.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "views.h"

/* Memory with no access on either side; `writable` is the same memory without fences. */
typedef struct fence {
    char *begin, *end, *writable;
} fence;

enum { FENCED = 64 * 1024 };

static void fence_make(fence *f, int protection) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const int file = memfd_create("fence", 0);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, FENCED), 0);
    f->writable = mmap(NULL, FENCED, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *reserved = mmap(NULL, FENCED + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(f->writable != MAP_FAILED && reserved != MAP_FAILED);
    f->begin = mmap(reserved + page, FENCED, protection, MAP_SHARED | MAP_FIXED, file, 0);
    assert_true(f->begin != MAP_FAILED);
    f->end = f->begin + FENCED;
    close(file);
}

static void fence_free(fence *f) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    munmap(f->writable, FENCED);
    munmap(f->begin - page, FENCED + 2 * page);
}

/* Where something of so many bytes goes: against the end, or so many bytes from the beginning. */
enum { AT_END = -1 };
static char *place(const fence *f, size_t bytes, int64_t from_begin) {
    return from_begin == AT_END ? f->end - bytes : f->begin + from_begin;
}

static char *writable(const fence *f, const char *placed) { return f->writable + (placed - f->begin); }

/* What lies next to an output. */
enum { NEAR = 64 };
static void near(const fence *f, const char *placed, size_t bytes, int check) {
    char *data = writable(f, placed);
    const size_t before = placed - f->begin < NEAR ? (size_t)(placed - f->begin) : NEAR;
    const size_t left = (size_t)(f->end - placed) - bytes, after = left < NEAR ? left : NEAR;
    if (check) {
        assert_canary(data - before, before);
        assert_canary(data + bytes, after);
    } else {
        set_canary(data - before, before + bytes + after);
    }
}

enum kernel {
    FORWARD,
    BACKWARD_INPUT,
    BACKWARD_OUTPUT,
    FORWARD_BITS,
    BACKWARD_BITS,
    PARAMETER_TERMS, /* of a kind */
    SLOPE_FORWARD,
    SLOPE_BACKWARD,
    SUM_PRODUCTS,
    BACKWARD_SUMS,
    DRAW,
    SUM_TERMS,
    CRELU_FORWARD,
    CRELU_INPUT,
    CRELU_OUTPUT,
    REDUCE,
    SCATTER, /* of none */
    KERNELS
};

enum { INPUTS = 4, PIECES = 2, PERIOD = ACT__SUM_LANES };

/* Elements of each input and of the output, and bytes beside them, for n elements. */
typedef struct shape {
    const char *name;
    int input[INPUTS], output, sums; /* times n; sums: the output is 2 * PERIOD doubles */
    int bits_in, bits_out, bytes_in, bytes_out;
} shape;

static const shape shapes[KERNELS] = {
    [FORWARD] = {"forward", {1}, 1, 0, 0, 0, 0, 0},
    [BACKWARD_INPUT] = {"backward_input", {1, 1}, 1, 0, 0, 0, 0, 0},
    [BACKWARD_OUTPUT] = {"backward_output", {1, 1}, 1, 0, 0, 0, 0, 0},
    [FORWARD_BITS] = {"forward_bits", {1}, 1, 0, 0, 1, 0, 0},
    [BACKWARD_BITS] = {"backward_bits", {1}, 1, 0, 1, 0, 0, 0},
    [PARAMETER_TERMS] = {"parameter_terms", {1, 1}, 1, 0, 0, 0, 0, 0},
    [SLOPE_FORWARD] = {"slope forward", {1, 1}, 1, 0, 0, 0, 0, 0},
    [SLOPE_BACKWARD] = {"slope backward", {1, 1, 1}, 1, 0, 0, 0, 0, 0},
    [SUM_PRODUCTS] = {"sum_products", {1, 1}, 0, 1, 0, 0, 0, 0},
    [BACKWARD_SUMS] = {"backward_sums", {1, 1}, 1, 0, 0, 0, 0, 0},
    [DRAW] = {"draw", {0}, 1, 0, 0, 0, 0, 0},
    [SUM_TERMS] = {"sum_terms", {1}, 0, 1, 0, 0, 0, 0},
    [CRELU_FORWARD] = {"crelu forward", {1}, 2, 0, 0, 0, 0, 0},
    [CRELU_INPUT] = {"crelu backward_input", {1, 1, 1}, 1, 0, 0, 0, 0, 0},
    [CRELU_OUTPUT] = {"crelu backward_output", {1, 1, 1, 1}, 1, 0, 0, 0, 0, 0},
    [REDUCE] = {"reduce", {PIECES, PIECES}, 1, 0, 0, 0, 0, 1},
    [SCATTER] = {"scatter", {1}, PIECES, 0, 0, 0, 1, 0},
};

typedef struct call {
    const act__isa *isa;
    enum kernel kernel;
    int kind, real;
    int64_t n;
    const void *in[INPUTS];
    void *out;
    uint8_t *bytes; /* bits or winners, in or out */
} call;

static void invoke(const call *c) {
    static const double params64[ACT__MAX_PARAMS] = {0.3};
    static const float params32[ACT__MAX_PARAMS] = {0.3f};
    const void *params = c->real ? (const void *)params64 : params32;
    const act__kernels *k = c->isa->elementwise[c->real][c->kind];
    const act__slope_kernels *s = c->isa->slopes[c->real];
    const act__draw draw = {1, 2, 0.1, 0.2, 0.3};
    const act__crelu_kernels *crelu = c->isa->crelu[c->real];
    double *sums = c->out, lanes[2][PERIOD] = {{0}};
    switch (c->kernel) {
    case FORWARD:
        k->forward(c->in[0], c->out, c->n, params);
        break;
    case BACKWARD_INPUT:
        k->backward_input(c->in[0], c->in[1], c->out, c->n, params);
        break;
    case BACKWARD_OUTPUT:
        k->backward_output(c->in[0], c->in[1], c->out, c->n, params);
        break;
    case FORWARD_BITS:
        k->forward_bits(c->in[0], c->out, c->bytes, c->n, params);
        break;
    case BACKWARD_BITS:
        k->backward_bits(c->bytes, c->in[0], c->out, c->n, params);
        break;
    case PARAMETER_TERMS:
        k->parameter_terms(c->in[0], c->in[1], c->out, c->n, params64, 0);
        break;
    case SLOPE_FORWARD:
        s->forward(c->in[0], c->in[1], c->out, c->n);
        break;
    case SLOPE_BACKWARD:
        s->backward(c->in[0], c->in[1], c->in[2], c->out, c->n);
        break;
    case SUM_PRODUCTS:
        s->sum_products(sums, sums + PERIOD, PERIOD, c->n % PERIOD, c->in[0], c->in[1], c->n);
        break;
    case BACKWARD_SUMS:
        s->backward_sums(lanes[0], lanes[1], c->in[0], c->in[1], c->out, params, c->n);
        break;
    case DRAW:
        s->draw(&draw, (uint64_t)c->n * 7, c->out, c->n);
        break;
    case SUM_TERMS:
        s->sum_terms(sums, sums + PERIOD, c->in[0], c->n);
        break;
    case CRELU_FORWARD:
        crelu->forward(c->in[0], c->out, (char *)c->out + c->n * (c->real ? 8 : 4), c->n);
        break;
    case CRELU_INPUT:
        crelu->backward_input(c->in[0], c->in[1], c->in[2], c->out, c->n);
        break;
    case CRELU_OUTPUT:
        crelu->backward_output(c->in[0], c->in[1], c->in[2], c->in[3], c->out, c->n);
        break;
    case REDUCE:
        c->isa->maxout[c->real]->reduce(c->in[0], c->in[1], c->out, c->bytes, c->n, PIECES);
        break;
    default:
        c->isa->maxout[c->real]->scatter(c->in[0], c->bytes, c->out, c->n, PIECES);
        break;
    }
}

static int is_there(const call *c) {
    const act__kernels *k = c->isa->elementwise[c->real][c->kind];
    return (c->kernel != BACKWARD_OUTPUT || k->backward_output) && (c->kernel != FORWARD_BITS || k->forward_bits) &&
           (c->kernel != BACKWARD_BITS || k->backward_bits) && (c->kernel != PARAMETER_TERMS || k->parameter_terms);
}

/* Fenced operands, and plain copies for the reference: the portable kernel. */
typedef struct stage {
    fence in[INPUTS], out, bytes_in, bytes_out;
    char *plain_in[INPUTS], *plain_out;
    uint8_t *plain_bytes;
} stage;

static stage s;

static int set_up(void **state) {
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        fence_make(&s.in[i], PROT_READ);
        s.plain_in[i] = malloc(FENCED);
    }
    fence_make(&s.out, PROT_READ | PROT_WRITE);
    fence_make(&s.bytes_in, PROT_READ);
    fence_make(&s.bytes_out, PROT_READ | PROT_WRITE);
    s.plain_out = malloc(FENCED);
    s.plain_bytes = malloc(FENCED);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        fence_free(&s.in[i]);
        free(s.plain_in[i]);
    }
    fence_free(&s.out);
    fence_free(&s.bytes_in);
    fence_free(&s.bytes_out);
    free(s.plain_out);
    free(s.plain_bytes);
    return 0;
}

static size_t bytes_beside(const call *c) {
    const shape *h = &shapes[c->kernel];
    return h->bits_in || h->bits_out ? (size_t)(c->n + 7) / 8 : h->bytes_in || h->bytes_out ? (size_t)c->n : 0;
}

/* Random operands; what the portable kernel makes of them lies in plain memory after. */
static void reference(const call *c, rng *r) {
    const shape *h = &shapes[c->kernel];
    const act_dtype dtype = c->real ? ACT_FLOAT64 : ACT_FLOAT32;
    call plain = *c;
    plain.isa = isa_number(0);
    for (int i = 0; i < INPUTS; i++) {
        fill_any(s.plain_in[i], dtype, h->input[i] * c->n, r);
        plain.in[i] = s.plain_in[i];
    }
    for (size_t i = 0; i < bytes_beside(c); i++)
        s.plain_bytes[i] = (uint8_t)(h->bytes_in ? rng_below(r, PIECES) : rng_below(r, 256));
    memset(s.plain_out, 0, 2 * PERIOD * sizeof(double));
    plain.out = s.plain_out;
    plain.bytes = s.plain_bytes;
    invoke(&plain);
}

/* The same operands between fences; from_begin in elements, or AT_END. */
static void fenced(const call *c, int64_t from_begin) {
    const shape *h = &shapes[c->kernel];
    const act_dtype dtype = c->real ? ACT_FLOAT64 : ACT_FLOAT32;
    const size_t size = real_size(dtype), beside = bytes_beside(c);
    const size_t out_bytes = h->sums ? 2 * PERIOD * sizeof(double) : (size_t)(h->output * c->n) * size;
    const int64_t skip = from_begin == AT_END ? AT_END : from_begin * (int64_t)size;
    call f = *c;
    for (int i = 0; i < INPUTS; i++) {
        const size_t bytes = (size_t)(h->input[i] * c->n) * size;
        const char *at = place(&s.in[i], bytes, skip);
        memcpy(writable(&s.in[i], at), s.plain_in[i], bytes);
        f.in[i] = at;
    }
    char *out = place(&s.out, out_bytes, h->sums ? (skip == AT_END ? AT_END : 0) : skip);
    near(&s.out, out, out_bytes, 0);
    if (h->sums)
        memset(out, 0, out_bytes);
    f.out = out;
    const int reads = h->bits_in || h->bytes_in;
    const fence *side = reads ? &s.bytes_in : &s.bytes_out;
    char *bytes = place(side, beside, from_begin);
    if (reads)
        memcpy(writable(side, bytes), s.plain_bytes, beside);
    else
        near(side, bytes, beside, 0);
    f.bytes = (uint8_t *)bytes;
    invoke(&f);
    near(&s.out, out, out_bytes, 1);
    check_same(out, s.plain_out, h->sums ? ACT_FLOAT64 : dtype, h->sums ? 2 * PERIOD : h->output * c->n, "output");
    if (!reads)
        near(side, bytes, beside, 1);
    if (beside)
        assert_memory_equal(bytes, s.plain_bytes, beside);
}

static const int64_t lengths_after[] = {100, 127, 128, 129,  255,  256,  257,  510,  511,  512,
                                        513, 514, 520, 1023, 1024, 1025, 1535, 1536, 1537, 2000};

static void check_kernel(call *c, rng *r) {
    const int64_t short_ones = 4 * 16 + 4;
    for (int64_t i = 0; i < short_ones + (int64_t)COUNT_OF(lengths_after); i++) {
        c->n = i < short_ones ? i : lengths_after[i - short_ones];
        test_case_is("%s %s of kind %d, float%d, n %lld", c->isa->name, shapes[c->kernel].name, c->kind,
                     c->real ? 64 : 32, (long long)c->n);
        reference(c, r);
        fenced(c, AT_END);
        for (int64_t skip = 0; skip < 16; skip++)
            if (i % 8 == skip % 8 || c->n < 20)
                fenced(c, skip);
    }
}

static void kernels_keep_to_their_operands(void **state) {
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++) {
        for (int kernel = 0; kernel < KERNELS; kernel++) {
            for (int kind = 0; kind < act_kind_count(); kind++) {
                for (int real = 0; real < ACT__REALS; real++) {
                    rng r = rng_for(71, (uint64_t)(((isa * KERNELS) + kernel) * 64 + kind * 2 + real));
                    call c = {.isa = isa_number(isa), .kernel = (enum kernel)kernel, .kind = kind, .real = real};
                    const int of_a_kind = kernel <= PARAMETER_TERMS;
                    if (kernel == SUM_TERMS && real == ACT__REAL32)
                        continue;
                    if (of_a_kind ? c.isa->elementwise[real][kind] && is_there(&c) : kind == 0)
                        check_kernel(&c, &r);
                }
            }
        }
    }
}

/* Blocks for the library, each against a page without access; what alignment leaves of it holds canaries. */
typedef struct block {
    char *map, *data;
    size_t mapped, size, slack;
} block;

static block blocks[64];

static void *fenced_allocate(void *opaque, size_t size, size_t alignment) {
    (void)opaque;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), rounded = (size + alignment - 1) / alignment * alignment;
    const size_t pages = (rounded + page - 1) / page * page;
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        block *b = &blocks[i];
        if (b->map)
            continue;
        b->mapped = pages + 2 * page;
        b->map = mmap(NULL, b->mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(b->map != MAP_FAILED);
        assert_int_equal(mprotect(b->map + page, pages, PROT_READ | PROT_WRITE), 0);
        b->data = b->map + page + pages - rounded;
        b->size = size;
        b->slack = rounded - size;
        set_canary(b->data, rounded);
        return b->data;
    }
    return NULL;
}

static void fenced_release(void *opaque, void *data, size_t size, size_t alignment) {
    (void)opaque, (void)size, (void)alignment;
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        block *b = &blocks[i];
        if (b->data != data)
            continue;
        assert_canary(b->data + b->size, b->slack);
        munmap(b->map, b->mapped);
        *b = (block){0};
        return;
    }
    fail_msg("a block that was never given");
}

/* A matrix laid flush against a fence, whatever its strides. */
typedef struct matrix {
    int64_t shape[2], strides[2];
} matrix;

static char *place_matrix(const fence *f, const matrix *m, size_t size, int at_end) {
    int64_t low = 0, high = 0;
    for (int d = 0; d < 2; d++) {
        const int64_t reach = (m->shape[d] - 1) * m->strides[d];
        *(reach < 0 ? &low : &high) += reach;
    }
    return at_end ? f->end - (size_t)(high + 1) * size : f->begin + (size_t)-low * size;
}

static matrix layout(int number, int64_t rows, int64_t cols) {
    switch (number) {
    case 0:
        return (matrix){{rows, cols}, {cols, 1}};
    case 1:
        return (matrix){{rows, cols}, {1, rows}};
    case 2:
        return (matrix){{rows, cols}, {cols + 3, 1}};
    case 3:
        return (matrix){{rows, cols}, {-cols, -1}};
    case 4:
        return (matrix){{rows, cols}, {2 * cols + 1, 2}};
    default:
        return (matrix){{rows, cols}, {1, -rows}};
    }
}

static void run_fenced(const char *spec, act_dtype dtype, int number, int64_t rows, int64_t cols, int at_end,
                       rng *r) {
    const matrix m = layout(number, rows, cols), other = layout((number + 1) % 6, rows, cols);
    const size_t size = real_size(dtype);
    act_activation *a = NULL;
    if (strcmp(spec, "maxout") == 0)
        assert_ok(act_maxout_create(&a, cols, cols, 2, dtype, 0, 1));
    else if (strcmp(spec, "prelu") == 0)
        assert_ok(act_prelu_create_channels(&a, size == 2 ? ACT_FLOAT32 : dtype, cols, -1, 0.25));
    else
        a = make_spec(spec);
    act_state *state = make_state(), *copy = NULL;
    fill_any(s.in[0].writable, dtype, FENCED / (int64_t)size, r);
    fill_any(s.in[1].writable, dtype, FENCED / (int64_t)size, r);
    act_tensor x = make_tensor(place_matrix(&s.in[0], &m, size, at_end), dtype, 2, m.shape, m.strides);
    act_tensor dy = make_tensor(place_matrix(&s.in[1], &other, size, at_end), dtype, 2, other.shape, other.strides);
    act_tensor out = make_tensor(place_matrix(&s.out, &other, size, at_end), dtype, 2, other.shape, other.strides);
    assert_ok(act_forward(a, &x, &out, NULL));
    assert_ok(act_forward(a, &x, &out, state));
    assert_ok(act_state_clone(&copy, state));
    assert_ok(act_backward(a, &x, NULL, copy, &dy, &out));
    if (act_backward_needs(a) & ACT_NEEDS_STATE && !(act_backward_needs(a) & ACT_NEEDS_ALL))
        assert_ok(act_backward(a, NULL, NULL, state, &dy, &out));
    act_state_destroy(state);
    act_state_destroy(copy);
    act_activation_destroy(a);
}

static void calls_keep_to_their_memory(void **state) {
    (void)state;
    static const char *const specs[] = {"relu", "leaky_relu", "elu", "tanh", "prelu", "rrelu", "maxout"};
    static const int64_t extents[][2] = {{1, 1},  {1, 7},   {3, 5},   {2, 33},  {7, 8},
                                         {9, 64}, {17, 31}, {1, 512}, {3, 300}, {40, 3}};
    rng r = rng_for(72, 0);
    assert_ok(act_set_allocator(fenced_allocate, fenced_release, NULL));
    for (size_t i = 0; i < COUNT_OF(specs); i++)
        for (size_t e = 0; e < COUNT_OF(extents); e++)
            for (int number = 0; number < 6; number++)
                for (int at_end = 0; at_end < 2; at_end++)
                    for (int isa = 0; isa < isa_count(); isa++) {
                        const int half = strcmp(specs[i], "maxout") != 0 && rng_once_in(&r, 2);
                        const act_dtype dtype = half ? rng_mixable(&r) : rng_dtype(&r);
                        test_case_is("%s, %d by %d, layout %d, type %d", specs[i], (int)extents[e][0],
                                     (int)extents[e][1], number, dtype);
                        act__isa_force(isa_number(isa));
                        run_fenced(specs[i], dtype, number, extents[e][0], extents[e][1], at_end, &r);
                    }
    act__isa_force(NULL);
    assert_ok(act_set_allocator(NULL, NULL, NULL));
    for (size_t i = 0; i < COUNT_OF(blocks); i++)
        assert_null(blocks[i].map);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_keep_to_their_operands),
        cmocka_unit_test(calls_keep_to_their_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
