/* What marks a public function. Callers need to define nothing. */
#ifndef ACTIVATIONS_EXPORT_H
#define ACTIVATIONS_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define ACT_API       __attribute__((visibility("default")))
#define ACT_NODISCARD __attribute__((warn_unused_result))
#else
#define ACT_API
#define ACT_NODISCARD
#endif

#endif
