/* The table in docs/numerics.md; see table.h. */
#include "accuracy/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char BEGIN[] = "<!-- sweep: begin -->\n", END[] = "<!-- sweep: end -->\n";

static void format_cell(char *buffer, size_t size, double error, double at) {
    if (error == 0)
        snprintf(buffer, size, "0");
    else
        snprintf(buffer, size, "%.3f at %.9g", error, at);
}

void table_format(char *buffer, size_t size, const table_row *row) {
    char cell[4][64];
    for (int i = 0; i < 4; i++)
        format_cell(cell[i], sizeof cell[i], row->error[i / 2][i % 2], row->at[i / 2][i % 2]);
    snprintf(buffer, size, "| `%s` | %s | %s | %s | %s |\n", row->name, cell[0], cell[1], cell[2], cell[3]);
}

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(size + 1, 1);
    if (text && fread(text, 1, size, file) != size) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* Whether the line is the row of a kind, and of which of rows: an index, or -1. */
static int row_of(const char *line, const table_row *row, int count) {
    for (int i = 0; i < count; i++) {
        const size_t length = strlen(row[i].name);
        if (strncmp(line, "| `", 3) == 0 && strncmp(line + 3, row[i].name, length) == 0 && line[3 + length] == '`')
            return i;
    }
    return -1;
}

static void put_row(FILE *file, const table_row *row) {
    char line[512];
    table_format(line, sizeof line, row);
    fputs(line, file);
}

/* The lines from begin to end, those that rows have replaced, the rest of rows after them. */
static void put_table(FILE *file, const char *begin, const char *end, const table_row *rows, int count) {
    char *written = calloc((size_t)count + 1, 1);
    for (const char *line = begin; written && line < end; line = strchr(line, '\n') + 1) {
        const int i = row_of(line, rows, count);
        if (i < 0) {
            fwrite(line, 1, (size_t)(strchr(line, '\n') + 1 - line), file);
            continue;
        }
        put_row(file, &rows[i]);
        written[i] = 1;
    }
    for (int i = 0; written && i < count; i++)
        if (!written[i])
            put_row(file, &rows[i]);
    free(written);
}

int table_write(const char *path, const table_row *rows, int count) {
    char *text = read_all(path);
    char *begin = text ? strstr(text, BEGIN) : NULL, *end = begin ? strstr(begin, END) : NULL;
    FILE *file = end ? fopen(path, "wb") : NULL;
    if (file) {
        fwrite(text, 1, (size_t)(begin - text), file);
        put_table(file, begin, end, rows, count);
        fputs(end, file);
        fclose(file);
    }
    free(text);
    return file != NULL;
}
