/* The findings as text for a terminal of 80 columns. */
#ifndef DIGITS_TABLE_H
#define DIGITS_TABLE_H

#include "digits_findings.h"

#include <stdbool.h>

void print_introduction(const struct settings *settings, const struct dataset *data);
void print_contest(const struct findings *findings, bool show_times);
void print_deep(const struct findings *findings);
void print_dying(const struct findings *findings);

#endif
