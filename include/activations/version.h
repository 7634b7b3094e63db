/* Version of the header; act_version() is the version of the library that was loaded. */
#ifndef ACTIVATIONS_VERSION_H
#define ACTIVATIONS_VERSION_H

#define ACT_VERSION_MAJOR 0
#define ACT_VERSION_MINOR 1
#define ACT_VERSION_PATCH 0

/* SONAME of the shared library: counts incompatible changes of the ABI, apart from the release. */
#define ACT_ABI_VERSION 0

/* One number that grows with each release: 0.1.0 is 100, 1.2.3 is 10203. */
#define ACT_VERSION (ACT_VERSION_MAJOR * 10000 + ACT_VERSION_MINOR * 100 + ACT_VERSION_PATCH)

#endif
