/* Text into a buffer of the caller. */
#ifndef ACT_TEXT_H
#define ACT_TEXT_H

#include "activations/activations.h"

/* The rule of every function with (buffer, size): NULL asks for the size; too small writes the size only. */
act_status act__give_text(const char *text, char *buffer, size_t *size);

#endif
