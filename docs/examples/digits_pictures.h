/* Some of the test images as small pictures, with what the best network took them for. */
#ifndef DIGITS_PICTURES_H
#define DIGITS_PICTURES_H

#include "digits_findings.h"

#include <stdio.h>

void write_pictures(FILE *file, const struct findings *findings, const struct dataset *data);

#endif
