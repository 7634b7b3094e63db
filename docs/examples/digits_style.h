/* The style sheet of the report: light and dark, and a colour and a dash for each activation. */
#ifndef DIGITS_STYLE_H
#define DIGITS_STYLE_H

extern const char report_style[];

#endif
