/* What the parts of the shim share. Everything in here belongs to the line's thread, but for what `lock` guards. */
#pragma once
#define HAVE_INTTYPES_H
#define HAVE_STDBOOL_H
#define HAVE_INET6
/* libre's headers warn without these. */
#define DEBUG_MODULE "line"
#define DEBUG_LEVEL 0
#include "CLine.h"
#include "secure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <re/re.h>
#include <rem/rem.h>
/* Not <spandsp.h>: it and librem both have goertzel_*. */
#include <spandsp/telephony.h>
#include <spandsp/g722.h>

enum {
    RING = 8192,   /* RTP ticks (8,000 a second) of the caller's sound that are kept: one second */
    BEHIND = 320,  /* ticks that are waited for late packets at first: 40 ms, until it is known how evenly they come */
    PIECE = 80,    /* 10 ms: what is decoded or concealed at once */
    HISTORY = 640, /* samples that concealment looks back on */
    FRAME_US = 20000,
    MOST_NETWORKS = 64
};

enum codec { PCMU, PCMA, G722, CODECS };
extern const struct codec_entry {
    const char *name, *id;
    uint8_t pt;
    int32_t rate;
} codecs[CODECS];

struct network {
    int family;
    uint8_t bytes[16];
    int bits;
};

struct concealer {
    int16_t history[HISTORY], cycle[HISTORY];
    int period, place, filled;
};

struct call {
    struct le le;
    struct cl_line *line;
    uint64_t id;
    struct sipsess *session;
    struct sdp_session *sdp;
    struct sdp_media *audio;
    struct sipsub *transfer;
    struct sa source; /* where its signalling comes from */
    bool outgoing, answered, up, held;
    char callid[128], local_tag[64], remote_tag[64];

    /* Where sound is encrypted: both directions, our key as it is told, and the other side's. */
    struct secure *sealing, *opening;
    struct udp_helper *helper;
    char own_key[4 * SECURE_KEY / 3 + 1];
    uint8_t peer_key[SECURE_KEY];

    struct rtp_sock *rtp;
    struct sa peer; /* where sound goes, and the only place it may come from once latched */
    bool latched;
    enum codec codec;
    int pt, key_pt;
    g722_encode_state_t *encoder;
    g722_decode_state_t *decoder;
    struct concealer concealer;

    /* The caller's sound as it came, one byte a tick for all three codecs, indexed by RTP timestamp. */
    uint8_t bytes[RING];
    bool have[RING];
    bool seen;
    uint32_t ssrc, reading, written; /* timestamps: read next; behind the last that came */
    bool gap; /* what was read last was not there, since `gap_begin` */
    uint32_t gap_begin;
    int late;
    int32_t least_lead, least_before; /* of this half second, and of the last */
    int32_t spare; /* what the least lead should be beyond a packet */
    uint32_t pieces, quiet, calm;
    int32_t shift; /* by how much reading moves in the next pause */
    uint32_t key_stamp;
    bool key_seen;
    uint32_t heard, lost;

    struct tmr tick;
    uint32_t stamp;
    bool marked;
    uint64_t due, last_heard;
};

struct source {
    uint64_t since; /* when its minute began, by now_us; 0: never */
    uint32_t invites, failures;
};

struct cl_line {
    pthread_t thread;
    pthread_mutex_t lock; /* guards state, error, and nothing else */
    pthread_cond_t changed;
    int state, error;

    cl_config config; /* its texts are this line's own copies */
    struct network networks[MOST_NETWORKS];
    int network_count;
    struct sa media_address;
    cl_event_fn event;
    cl_frame_fn frame;
    void *context;

    struct sip *sip;
    struct sip_lsnr *gate, *rest;
    struct sipsess_sock *sessions;
    struct sipevent_sock *events;
    struct sipreg *registration;
    struct sa registrar; /* where its answers come from; trusted */
    enum sip_transp registrar_transport;
    bool proves; /* connections by TLS that go out lead to the registrar for sure */
    struct tls *tls; /* NULL: no TLS */
    struct dnsc *dns;
    struct mqueue *commands;
    struct tmr pulse, keep_alive, closing, leaving;
    struct list calls;
    struct source sources[256];
    uint8_t secret[16];

    _Atomic uint64_t next_call, last_pulse;
    _Atomic uint64_t sent, sent_late, heard, late, stray, resynced, lost, forged, replayed, ignored, refused, failed_digests;
    _Atomic int32_t call_count;
};

/* guard.c */
bool network_parse(struct network *network, const char *text);
bool guard_admits(struct cl_line *line, const struct sip_msg *msg);
bool guard_invite(struct cl_line *line, const struct sip_msg *msg);

/* media.c */
uint64_t now_us(void);
int media_open(struct call *call, const struct sa *local);
void media_codec(struct call *call, enum codec codec);
void media_apply(struct call *call);
void media_begin(struct call *call);
void media_close(struct call *call);

/* keys.c: telling, agreeing and forgetting do nothing where sound is plain */
#define KEYS_TAG "1" /* the number of our line in our offers */
int keys_make(struct call *call);
int keys_tell(struct call *call, const char *tag); /* in an offer, or in the answer to the line `tag` */
int keys_agree(struct call *call, bool is_answer);
void keys_forget(struct call *call);

/* conceal.c */
void conceal_fill(struct concealer *state, int16_t *samples, int count, int rate);
void conceal_take(struct concealer *state, int16_t *samples, int count);

/* call.c */
const struct sdp_format *call_format(const struct sdp_media *audio, enum codec codec);
void call_tell(struct call *call, cl_kind kind, int code, char key, const struct sip_msg *msg);
void call_incoming(const struct sip_msg *msg, void *arg);
void call_answer(struct call *call);
void call_hang_up(struct call *call, uint16_t code);
void call_dial(struct cl_line *line, uint64_t id, const char *uri);
void call_transfer(struct call *call, const char *uri, const struct call *other);
struct call *call_find(struct cl_line *line, uint64_t id);

/* tls.c */
bool is_by_tls(const struct uri *uri);
int tls_verify(struct tls *tls, const struct pl *host, const char *authorities);
int tls_change(struct tls *tls, const char *certificate, const struct pl *host, const char *authorities);

/* line.c */
int line_login(char **user, char **password, const char *realm, void *arg);
