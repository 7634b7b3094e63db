/* What one sees in the findings, in words that follow from the measured numbers. */
#ifndef DIGITS_SENTENCES_H
#define DIGITS_SENTENCES_H

#include "digits_findings.h"

#include <stdio.h>

/* Each writes one paragraph of HTML. */
void write_accuracy_sentences(FILE *file, const struct findings *findings, const struct dataset *data);
void write_slope_sentences(FILE *file, const struct findings *findings);
void write_loss_sentences(FILE *file, const struct findings *findings);
void write_deep_sentences(FILE *file, const struct findings *findings, const struct dataset *data);
void write_dying_sentences(FILE *file, const struct findings *findings);

/* A positive number as HTML, with a power of ten where it is small or great. */
void write_number(FILE *file, double value);

#endif
