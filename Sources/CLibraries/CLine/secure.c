/* SRTP with the suite that everybody has: AES-128 in counter mode, HMAC-SHA1 cut to 80 bits. In: a master key, packets.
   Out: packets sealed, or opened where they are genuine and new.
   libre's SRTP counts on before it has looked whether a packet is genuine: one forged packet could deafen a call. Here nothing
   changes until a packet is known to be the other side's. */
#include "secure.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum {
    MASTER = 16, SALT = 14, BLOCK = 16, AUTH = 20,
    HEADER = 12,
    WINDOW = 64, /* packets behind the latest that may still come */
    STREAMS = 4  /* sources that one key is used for; none is forgotten, or its packets could be played again */
};

struct stream {
    bool known;
    uint32_t ssrc;
    int64_t latest; /* index of the packet that is furthest: turns of the sequence number, and the number */
    uint64_t seen;  /* bit n: the packet n before it has come */
};

struct secure {
    EVP_CIPHER_CTX *cipher;
    uint8_t auth[AUTH], salt[SALT];
    struct stream streams[STREAMS];
};

/* The cipher's key stream from `counter` on, over `count` bytes in place. */
static bool encrypt(EVP_CIPHER_CTX *cipher, const uint8_t counter[BLOCK], uint8_t *bytes, int count) {
    int done = 0;
    return EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, counter) == 1 &&
           EVP_EncryptUpdate(cipher, bytes, &done, bytes, count) == 1 && done == count;
}

/* A key for one purpose, of the master key and a label (RFC 3711, 4.3.1; keys are derived once). */
static bool derive(EVP_CIPHER_CTX *cipher, const uint8_t *salt, uint8_t label, uint8_t *key, int count) {
    uint8_t counter[BLOCK] = {0};
    memcpy(counter, salt, SALT);
    counter[7] ^= label;
    memset(key, 0, (size_t)count);
    return encrypt(cipher, counter, key, count);
}

struct secure *secure_new(const uint8_t key[SECURE_KEY]) {
    struct secure *secure = calloc(1, sizeof *secure);
    if (!secure) return NULL;
    uint8_t cipher_key[MASTER];
    const uint8_t *salt = key + MASTER;
    secure->cipher = EVP_CIPHER_CTX_new();
    const bool made = secure->cipher && EVP_EncryptInit_ex(secure->cipher, EVP_aes_128_ctr(), NULL, key, NULL) == 1 &&
                      derive(secure->cipher, salt, 0, cipher_key, MASTER) &&
                      derive(secure->cipher, salt, 1, secure->auth, AUTH) &&
                      derive(secure->cipher, salt, 2, secure->salt, SALT) &&
                      EVP_EncryptInit_ex(secure->cipher, NULL, NULL, cipher_key, NULL) == 1;
    OPENSSL_cleanse(cipher_key, sizeof cipher_key);
    if (made) return secure;
    secure_free(secure);
    return NULL;
}

void secure_free(struct secure *secure) {
    if (!secure) return;
    /* It wipes the key that it holds. */
    EVP_CIPHER_CTX_free(secure->cipher);
    OPENSSL_cleanse(secure, sizeof *secure);
    free(secure);
}

static uint32_t number(const uint8_t *bytes, int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; i++) value = value << 8 | bytes[i];
    return value;
}

static void write(uint8_t *bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* What comes before the sound: it is sealed, but can be read. 0 where a packet is none. */
static size_t header_of(const uint8_t *packet, size_t count) {
    if (count < HEADER || packet[0] >> 6 != 2) return 0;
    size_t size = HEADER + 4 * (size_t)(packet[0] & 15);
    if (packet[0] & 0x10) {
        if (count < size + 4) return 0;
        size += 4 + 4 * (size_t)number(packet + size + 2, 2);
    }
    return size <= count ? size : 0;
}

/* The place of a source, known or free; NULL where there are too many. */
static struct stream *stream_of(struct secure *secure, uint32_t ssrc) {
    for (int i = 0; i < STREAMS; i++)
        if (!secure->streams[i].known || secure->streams[i].ssrc == ssrc) return &secure->streams[i];
    return NULL;
}

/* How often the sequence number has begun anew is not in a packet: the index is the one next to the latest (RFC 3711, 3.3.1). */
static int64_t index_of(const struct stream *stream, uint32_t sequence) {
    if (!stream->known) return sequence;
    int64_t index = (stream->latest & ~(int64_t)0xffff) | sequence;
    if (index - stream->latest > 0x8000) index -= 0x10000;
    else if (stream->latest - index >= 0x8000) index += 0x10000;
    return index;
}

/* The packet and the turn of its number, which stands behind it for as long as this takes. */
static bool sign(const struct secure *secure, uint8_t *packet, size_t count, int64_t index, uint8_t tag[EVP_MAX_MD_SIZE]) {
    write(packet + count, (uint32_t)(index >> 16));
    return HMAC(EVP_sha1(), secure->auth, AUTH, packet, count + 4, tag, NULL) != NULL;
}

static bool convert(struct secure *secure, uint8_t *packet, size_t header, size_t count, int64_t index) {
    uint8_t counter[BLOCK] = {0};
    memcpy(counter, secure->salt, SALT);
    for (int i = 0; i < 4; i++) counter[4 + i] ^= packet[8 + i];
    for (int i = 0; i < 6; i++) counter[8 + i] ^= (uint8_t)(index >> (40 - 8 * i));
    return encrypt(secure->cipher, counter, packet + header, (int)(count - header));
}

size_t secure_seal(struct secure *secure, uint8_t *packet, size_t count) {
    const size_t header = header_of(packet, count);
    struct stream *stream = header ? stream_of(secure, number(packet + 8, 4)) : NULL;
    if (!stream) return 0;
    const int64_t index = index_of(stream, number(packet + 2, 2));
    /* A counter that is used twice gives both packets away. */
    if (stream->known && index <= stream->latest) return 0;
    *stream = (struct stream){.known = true, .ssrc = number(packet + 8, 4), .latest = index};
    uint8_t tag[EVP_MAX_MD_SIZE];
    if (!convert(secure, packet, header, count, index) || !sign(secure, packet, count, index, tag)) return 0;
    memcpy(packet + count, tag, SECURE_TAG);
    return count + SECURE_TAG;
}

enum opened secure_open(struct secure *secure, uint8_t *packet, size_t *count) {
    if (*count < HEADER + SECURE_TAG) return FORGED;
    const size_t size = *count - SECURE_TAG, header = header_of(packet, size);
    struct stream *stream = header ? stream_of(secure, number(packet + 8, 4)) : NULL;
    if (!stream) return FORGED;
    const int64_t index = index_of(stream, number(packet + 2, 2));
    if (index < 0) return FORGED;
    uint8_t given[SECURE_TAG], tag[EVP_MAX_MD_SIZE];
    memcpy(given, packet + size, SECURE_TAG);
    if (!sign(secure, packet, size, index, tag) || CRYPTO_memcmp(given, tag, SECURE_TAG)) return FORGED;
    const int64_t ahead = stream->known ? index - stream->latest : WINDOW;
    if (ahead <= -WINDOW || (ahead <= 0 && stream->seen >> -ahead & 1)) return REPLAYED;
    if (!convert(secure, packet, header, size, index)) return FORGED;
    if (ahead > 0) {
        stream->seen = (ahead < WINDOW ? stream->seen << ahead : 0) | 1;
        stream->latest = index;
    } else {
        stream->seen |= 1ull << -ahead;
    }
    stream->known = true;
    stream->ssrc = number(packet + 8, 4);
    *count = size;
    return OPENED;
}
