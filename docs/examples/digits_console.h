/* What the demo says to a person besides its results: complaints, and progress on a terminal. */
#ifndef DIGITS_CONSOLE_H
#define DIGITS_CONSOLE_H

#include <activations/activations.h>

#include <stdbool.h>
#include <stddef.h>

/* Prints "digits: " and the message to standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether a call of the library went well; if it did not, says which call and why. */
bool went_well(act_status status, const char *call);

/* calloc() of count elements, at least one, that says so when there is no memory; sizes that overflow count as such.
 */
void *allocate(size_t count, size_t size);

/* One line on standard error, written over the last one; nothing where standard error is no terminal. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));
void progress_clear(void);

#endif
