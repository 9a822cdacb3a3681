/* Sound that nobody can hear or forge on its way: SRTP (RFC 3711), by OpenSSL. Knows nothing of calls or of libre. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
    SECURE_KEY = 16 + 14, /* a master key and its salt */
    SECURE_TAG = 10       /* bytes that a sealed packet is longer by */
};

enum opened { OPENED, FORGED, REPLAYED };

struct secure;

/* One direction of one call. NULL where there is no memory. */
struct secure *secure_new(const uint8_t key[SECURE_KEY]);
void secure_free(struct secure *secure);
/* Seals a packet, behind which there is room for the tag; gives its size, 0 where it cannot be sent. */
size_t secure_seal(struct secure *secure, uint8_t *packet, size_t count);
/* Opens a packet and takes the tag off its size. */
enum opened secure_open(struct secure *secure, uint8_t *packet, size_t *count);
