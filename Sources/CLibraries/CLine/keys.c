/* The keys that sound is sealed with: SDES (RFC 4568), in offers and answers that came by TLS. In: lines "a=crypto" of the other
   side. Out: ours, and both directions of SRTP. A key is made for each call, written into no log, and wiped behind it. */
#include "line.h"
#include "secure.h"

#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#define SUITE "AES_CM_128_HMAC_SHA1_80"

enum { LIFETIME_BITS = 24 /* no call lasts for so many packets: four days */ };

struct search {
    uint8_t key[SECURE_KEY];
    char tag[10];
};

/* What is written behind the key: nothing, or for how many packets it may be used at most. A key that is only one of several, by
   number (MKI), and sound that is only signed or only encrypted are not taken. */
static bool is_usable(const char *rest) {
    unsigned bits = 0;
    int end = 0;
    if (!*rest) return true;
    return sscanf(rest, "|2^%2u%n", &bits, &end) == 1 && !rest[end] && bits >= LIFETIME_BITS;
}

static bool on_crypto(const char *name, const char *value, void *arg) {
    struct search *search = arg;
    char tag[10], suite[40], text[41];
    uint8_t key[48];
    size_t size = sizeof key;
    int end = 0;
    (void)name;
    const bool found = sscanf(value, "%9[0-9] %39s inline:%40[A-Za-z0-9+/=]%n", tag, suite, text, &end) == 3 && end &&
                       !strcmp(suite, SUITE) && is_usable(value + end) &&
                       !base64_decode(text, strlen(text), key, &size) && size == SECURE_KEY;
    if (found) {
        memcpy(search->key, key, SECURE_KEY);
        str_ncpy(search->tag, tag, sizeof search->tag);
    }
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(text, sizeof text);
    return found;
}

int keys_tell(struct call *call, const char *tag) {
    if (!call->sealing) return 0;
    return sdp_media_set_lattr(call->audio, true, "crypto", "%s " SUITE " inline:%s", tag, call->own_key);
}

/* Sealed packets are opened before anybody looks at them; whoever cannot seal one is not the other side. */
static bool on_packet(struct sa *source, struct mbuf *packet, void *arg) {
    struct call *call = arg;
    size_t size = mbuf_get_left(packet);
    (void)source;
    switch (call->opening ? secure_open(call->opening, mbuf_buf(packet), &size) : FORGED) {
    case OPENED: packet->end = packet->pos + size; return false;
    case FORGED: call->line->forged++; return true;
    case REPLAYED: call->line->replayed++; return true;
    }
    return true;
}

int keys_make(struct call *call) {
    uint8_t key[SECURE_KEY];
    size_t size = sizeof call->own_key - 1;
    int error = RAND_bytes(key, sizeof key) == 1 ? base64_encode(key, sizeof key, call->own_key, &size) : EIO;
    if (!error && !(call->sealing = secure_new(key))) error = ENOMEM;
    OPENSSL_cleanse(key, sizeof key);
    if (!error) error = udp_register_helper(&call->helper, rtp_sock(call->rtp), 0, NULL, on_packet, call);
    return error;
}

int keys_agree(struct call *call, bool is_answer) {
    struct search search;
    if (!call->sealing) return 0;
    int error = sdp_media_rattr_apply(call->audio, "crypto", on_crypto, &search) ? 0 : EPROTO;
    if (!error && is_answer && strcmp(search.tag, KEYS_TAG)) error = EPROTO;
    if (!error) error = keys_tell(call, search.tag);
    /* The same key again goes on where it was: begun anew, old packets could be played once more. */
    if (!error && (!call->opening || memcmp(search.key, call->peer_key, SECURE_KEY))) {
        struct secure *opening = secure_new(search.key);
        if (opening) {
            secure_free(call->opening);
            call->opening = opening;
            memcpy(call->peer_key, search.key, SECURE_KEY);
        } else {
            error = ENOMEM;
        }
    }
    OPENSSL_cleanse(&search, sizeof search);
    return error;
}

void keys_forget(struct call *call) {
    call->helper = mem_deref(call->helper);
    secure_free(call->sealing);
    secure_free(call->opening);
    call->sealing = call->opening = NULL;
    OPENSSL_cleanse(call->own_key, sizeof call->own_key);
    OPENSSL_cleanse(call->peer_key, sizeof call->peer_key);
}
