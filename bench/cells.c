/* Which cells there are. Called by main.c; asks the library for its kinds, so that a new one appears by itself. */
#include "cells.h"

#include "activations/activations.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = 1024, PADDING = 16, SIDE = 4096, CHANNELS = 64 };

static const int64_t sizes[] = {16, 1 << 10, 1 << 12, 1 << 14, 1 << 18, 1 << 22, 1 << 26};
/* Of an activation that stands for others: what lies around a formula is the same for all. */
static const int64_t few_sizes[] = {16, 1 << 12, 1 << 18, 1 << 22};
static const int64_t quick_sizes[] = {1 << 12, 1 << 18, 1 << 22};
static const int64_t in_place_sizes[] = {1 << 14, 1 << 18, 1 << 22};
static const int64_t strided_sizes[] = {1 << 18, 1 << 22};
static const int64_t transposed_sizes[] = {(int64_t)SIDE * SIDE};
static const int64_t quick_strided_sizes[] = {1 << 18};
static const cell_maxout maxout_shapes[] = {{128, 256, 256, 2}, {1024, 1024, 1024, 4}, {64, 4096, 1024, 8}};
static const int32_t dtypes[] = {ACT_FLOAT32, ACT_FLOAT64, ACT_FLOAT16, ACT_BFLOAT16};

/* Kinds measured in every layout, size and number of threads: those with loops of their own, and of the elementwise
 * ones the cheapest, the dearest and those with most peers. --all measures every kind like these. */
static const char *const thorough[] = {"identity", "relu", "leaky_relu", "prelu", "rrelu", "tanh", "gelu", "maxout"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- views ---- */

static cell_view view_of(slot where, int32_t ndim, const int64_t *shape) {
    cell_view view = {.slot = where, .ndim = ndim};
    int64_t next = 1;
    for (int32_t i = ndim - 1; i >= 0; i--) {
        view.shape[i] = shape[i];
        view.strides[i] = next;
        next *= shape[i];
    }
    return view;
}

static void set_views(cell *c, int32_t ndim, const int64_t *shape) {
    c->x = view_of(SLOT_X, ndim, shape);
    c->y = view_of(SLOT_Y, ndim, shape);
    c->dy = view_of(SLOT_DY, ndim, shape);
    c->dx = view_of(SLOT_DX, ndim, shape);
}

/* The strides of a matrix in this layout. */
static void stride(cell_view *view, const char *layout) {
    const int64_t rows = view->shape[0], columns = view->shape[1];
    if (!strcmp(layout, "transposed")) {
        view->strides[0] = 1;
        view->strides[1] = rows;
    } else if (!strcmp(layout, "sliced")) {
        view->strides[0] = 2 * columns;
        view->strides[1] = 2;
    } else if (!strcmp(layout, "row_padded")) {
        view->strides[0] = columns + PADDING;
    } else {
        view->strides[0] = 0;
    }
}

/* The layout is that of the tensor read first: x, the y that was kept, or dy where nothing else is read. */
static void set_layout(cell *c) {
    if (!strcmp(c->layout, "contiguous") || !strcmp(c->layout, "in_place")) {
        set_views(c, 1, &c->elements);
        c->in_place = c->layout[0] == 'i';
        if (c->in_place)
            *(c->direction == FORWARD ? &c->y.slot : &c->dx.slot) = c->direction == FORWARD ? SLOT_X : SLOT_DY;
        return;
    }
    const int64_t columns = !strcmp(c->layout, "transposed") ? SIDE : ROW;
    set_views(c, 2, (const int64_t[]){c->elements / columns, columns});
    if (c->direction == FORWARD || c->needs_x)
        stride(&c->x, c->layout);
    else
        stride(c->needs_y ? &c->y : &c->dy, c->layout);
}

static void set_prelu(cell *c) {
    const int64_t n = c->elements, plane = n >= 1 << 14 ? 256 : n >= 1 << 10 ? 64 : 4;
    const int64_t channels = n / plane < CHANNELS ? n / plane : CHANNELS, side = plane == 4    ? 2
                                                                                 : plane == 64 ? 8
                                                                                               : 16;
    const int64_t images = n / (plane * channels);
    if (!strcmp(c->layout, "nchw"))
        set_views(c, 4, (const int64_t[]){images, channels, side, side});
    else if (!strcmp(c->layout, "nhwc"))
        set_views(c, 4, (const int64_t[]){images, side, side, channels});
    else
        set_views(c, 1, &n);
    c->slope_axis = !strcmp(c->layout, "nchw") ? 1 : !strcmp(c->layout, "nhwc") ? 3 : -1;
    c->slopes = c->slope_axis < 0 ? 1 : channels;
}

static void set_maxout(cell *c) {
    const cell_maxout *m = &c->maxout;
    snprintf(c->layout, sizeof c->layout, "%" PRId64 "x%" PRId64 "x%" PRId64 "x%" PRId64, m->rows, m->in, m->out,
             m->pieces);
    set_views(c, 2, (const int64_t[]){m->rows, m->out});
    c->x = view_of(SLOT_X, 2, (const int64_t[]){m->rows, m->in});
    c->dx = view_of(SLOT_DX, 2, (const int64_t[]){m->rows, m->in});
    c->elements = m->rows * m->out;
}

/* ---- which ---- */

typedef struct lister {
    cell_list *list;
    const cell_options *options;
    regex_t *filter;
    bool failed;
} lister;

static void add(lister *l, const cell *c) {
    char name[CELL_NAME_SIZE];
    cell_name(name, c);
    if (l->filter && regexec(l->filter, name, 0, NULL, 0) != 0)
        return;
    cell_list *list = l->list;
    if (list->count == list->room) {
        const size_t room = list->room ? 2 * list->room : 1024;
        cell *grown = realloc(list->at, room * sizeof *grown);
        l->failed |= !grown;
        if (!grown)
            return;
        list->at = grown;
        list->room = room;
    }
    list->at[list->count++] = *c;
}

static bool is_thorough(const lister *l, const cell *c) {
    bool yes = l->options->all;
    for (size_t i = 0; i < COUNT(thorough); i++)
        yes |= !strcmp(thorough[i], c->function);
    return yes;
}

static void add_threads(lister *l, cell *c) {
    const bool everywhere = !l->options->quick && is_thorough(l, c);
    for (int32_t i = 0; i < l->options->thread_counts; i++) {
        c->threads = l->options->threads[i];
        if (everywhere || i == 0 || c->elements == 1 << 22)
            add(l, c);
    }
}

static void add_layout(lister *l, cell *c, const char *layout, const int64_t *size, size_t count) {
    for (size_t i = 0; i < count; i++) {
        snprintf(c->layout, sizeof c->layout, "%s", layout);
        c->elements = size[i];
        c->in_place = false;
        if (!strcmp(c->function, "prelu"))
            set_prelu(c);
        else
            set_layout(c);
        add_threads(l, c);
    }
}

static void add_layouts(lister *l, cell *c) {
    const bool quick = l->options->quick, prelu = !strcmp(c->function, "prelu");
    if (!is_thorough(l, c)) {
        if (!quick)
            add_layout(l, c, "contiguous", few_sizes, COUNT(few_sizes));
        else if (c->dtype == ACT_FLOAT32 && c->direction <= BACKWARD_FROM_INPUT)
            add_layout(l, c, "contiguous", &few_sizes[1], 1);
        return;
    }
    if (quick && c->dtype != ACT_FLOAT32) {
        add_layout(l, c, prelu ? "shared" : "contiguous", quick_strided_sizes, COUNT(quick_strided_sizes));
        return;
    }
    const int64_t *main_sizes = quick ? quick_sizes : sizes, *more = quick ? quick_strided_sizes : strided_sizes;
    const size_t main_count = quick ? COUNT(quick_sizes) : COUNT(sizes),
                 more_count = quick ? 1 : COUNT(strided_sizes);
    if (prelu) {
        add_layout(l, c, "shared", main_sizes, main_count);
        add_layout(l, c, "nchw", quick ? more : sizes, quick ? more_count : COUNT(sizes));
        add_layout(l, c, "nhwc", quick ? more : sizes, quick ? more_count : COUNT(sizes));
        return;
    }
    add_layout(l, c, "contiguous", main_sizes, main_count);
    add_layout(l, c, "in_place", quick ? more : in_place_sizes, quick ? more_count : COUNT(in_place_sizes));
    add_layout(l, c, "sliced", more, more_count);
    add_layout(l, c, "row_padded", more, more_count);
    add_layout(l, c, "broadcast", more, more_count);
    if (!quick || c->direction == FORWARD)
        add_layout(l, c, "transposed", transposed_sizes, COUNT(transposed_sizes));
}

static void add_maxout(lister *l, cell *c) {
    for (size_t i = 0; i < COUNT(maxout_shapes); i++) {
        c->maxout = maxout_shapes[i];
        set_maxout(c);
        if (!l->options->quick || (i == 0 && c->dtype == ACT_FLOAT32))
            add_threads(l, c);
    }
}

/* ---- what the library has ---- */

static bool supported(int32_t dtype) {
    act_activation *a = NULL;
    const double x = 0;
    double y;
    const bool yes = act_activation_create(&a, ACT_RELU) == ACT_OK && act_forward_1d(a, dtype, &x, &y, 1) == ACT_OK;
    act_activation_destroy(a);
    return yes;
}

/* The flags of act_backward_needs() of a new object; maxout needs sizes to be made. */
static uint32_t needs_of(int32_t kind) {
    act_activation *a = NULL;
    if (act_activation_create(&a, kind) != ACT_OK && act_maxout_create(&a, 1, 1, 2, ACT_FLOAT32, 0, 0) != ACT_OK)
        return 0;
    const uint32_t needs = act_backward_needs(a);
    act_activation_destroy(a);
    return needs;
}

static void read_params(cell *c) {
    act_param_info info = {.struct_size = sizeof info};
    for (int32_t i = 0; i < CELL_MAX_PARAMS && act_kind_param_info(&info, c->kind, i) == ACT_OK; i++)
        c->param[i] = info.default_value;
}

/* Whether this direction exists, and what it reads. */
static bool set_direction(cell *c, cell_direction direction, uint32_t needs) {
    const bool all = needs & ACT_NEEDS_ALL;
    c->direction = direction;
    c->needs_x = direction == BACKWARD_FROM_INPUT && needs != 0;
    c->needs_y = direction == BACKWARD_FROM_OUTPUT;
    switch (direction) {
    case FORWARD:
        return true;
    case BACKWARD_FROM_INPUT:
        return needs == 0 || (!all && (needs & ACT_NEEDS_INPUT));
    case BACKWARD_FROM_OUTPUT:
        return !all && (needs & ACT_NEEDS_OUTPUT);
    default:
        c->needs_x = all && (needs & ACT_NEEDS_INPUT);
        return needs & ACT_NEEDS_STATE;
    }
}

static void add_kind(lister *l, int32_t kind) {
    cell c = {.kind = kind};
    snprintf(c.function, sizeof c.function, "%s", act_kind_name(kind));
    read_params(&c);
    const uint32_t needs = needs_of(kind);
    /* Where nothing can stand in for the state, forward is worth measuring with it. */
    c.trains = (needs & ACT_NEEDS_ALL) && (needs & ACT_NEEDS_STATE);
    for (size_t i = 0; i < COUNT(dtypes); i++) {
        c.dtype = dtypes[i];
        for (cell_direction d = FORWARD; supported(c.dtype) && d < DIRECTION_COUNT; d++)
            if (!set_direction(&c, d, needs))
                continue;
            else if (!strcmp(c.function, "crelu")) /* two calls of relu, with an output of another shape */
                continue;
            else if (!strcmp(c.function, "maxout"))
                add_maxout(l, &c);
            else
                add_layouts(l, &c);
    }
}

const char *cells_list(cell_list *list, const cell_options *options) {
    regex_t filter;
    lister l = {list, options, NULL, false};
    *list = (cell_list){0};
    if (options->filter && regcomp(&filter, options->filter, REG_EXTENDED | REG_NOSUB) != 0)
        return "--filter is not an extended regular expression";
    if (options->filter)
        l.filter = &filter;
    for (int32_t kind = 0; kind < act_kind_count(); kind++)
        add_kind(&l, kind);
    if (options->filter)
        regfree(&filter);
    return l.failed ? "out of memory" : NULL;
}
