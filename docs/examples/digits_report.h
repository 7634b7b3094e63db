/* The findings as a page of HTML: one file that needs no other, no network and no script. */
#ifndef DIGITS_REPORT_H
#define DIGITS_REPORT_H

#include "digits_findings.h"

#include <stdbool.h>

/* False where it has said what was wrong; the file of this name is then as it was. */
bool report_write(const char *path, const struct findings *findings, const struct dataset *data, bool show_times);

#endif
