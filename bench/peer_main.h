/* What a peer_<name> file gives to peer_main.c. */
#ifndef BENCH_PEER_MAIN_H
#define BENCH_PEER_MAIN_H

#include "peer.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const peer *const the_peer;

#ifdef __cplusplus
}
#endif

#endif
