/* Telephone calls by SIP and RTP, on libre and spandsp: all that Swift sees of them.
   In: a configuration, answers, 20 ms of sound to say for each 20 ms heard. Out: events, and the caller's sound.
   One thread owns libre. Both callbacks run on it and must not wait; every function here may be called from any other. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cl_line cl_line;

/* Sound by SRTP, its keys told in SDP: never; where the caller wants it and signals by TLS; or nothing else. */
typedef enum { CL_PLAIN = 0, CL_SRTP_OFFERED, CL_SRTP_REQUIRED } cl_srtp;

typedef enum {
    CL_INCOMING = 1, /* a call rings: code is the samples a second that its codec brings */
    CL_ANSWERED,     /* sound flows from now on; code as above */
    CL_KEY,          /* key */
    CL_HELD,         /* code 1: put on hold, 0: taken back */
    CL_ENDED,        /* the last of a call; code: SIP status, an errno, or 0 for a plain BYE */
    CL_TRANSFER,     /* what became of a transfer; code: SIP status, 200 is success */
    CL_REGISTERED,   /* code: SIP status of the registrar, or a negative errno */
    CL_CHANGED,      /* code: 0, or the errno that `cl_change` came to */
    CL_STOPPED       /* nothing comes after it */
} cl_kind;

typedef struct {
    int32_t kind;
    uint64_t call; /* 0: the line itself */
    int32_t code;
    char key;
    char codec[8];
    char peer[64];      /* address and port of the other side's signalling */
    char from[96];      /* the user of From, as the other side says it */
    char asserted[96];  /* the user of P-Asserted-Identity; empty where there is none */
    uint32_t heard, lost; /* packets and 10 ms pieces of the call, at its end */
} cl_event;

typedef struct {
    const char *_Nullable address; /* to listen on; must be there */
    uint16_t port, tls_port; /* tls_port 0: no TLS */
    bool tcp;
    uint16_t rtp_low, rtp_high;
    const char *_Nullable media_address; /* told to the other side instead of the interface's own */
    const char *_Nonnull const *_Nullable networks;
    int32_t network_count;
    const char *_Nullable user, *_Nullable password; /* lets others than the networks in, by digest */
    const char *_Nullable certificate;               /* PEM, with the key */
    const char *_Nullable registrar, *_Nullable account, *_Nullable login, *_Nullable login_password;
    const char *_Nullable authorities; /* PEM: who may vouch for the registrar's certificate; must be there for TLS */
    int32_t max_calls, pending_per_source, invites_per_minute;
    int32_t keep_alive_ms; /* so often a registrar by UDP gets a sign of life */
    bool wideband;
    int32_t srtp; /* a cl_srtp */
} cl_config;

/* Since the line was started. */
typedef struct {
    uint64_t sent, sent_late; /* packets; late: more than 10 ms behind their moment */
    uint64_t heard, late, stray, resynced, lost;
    uint64_t forged, replayed; /* encrypted packets that are not the caller's, or come a second time */
    uint64_t ignored, refused, failed_digests; /* requests */
    int32_t calls;
    uint64_t alive; /* milliseconds since the thread was last seen at work */
} cl_statistics;

typedef void (*cl_event_fn)(const cl_event *_Nonnull event, void *_Nullable context);
/* 20 ms: `heard` came, `say` is zeroed and may be filled; both have `count` samples. */
typedef void (*cl_frame_fn)(uint64_t call, const int16_t *_Nonnull heard, int16_t *_Nonnull say, int32_t count,
                            void *_Nullable context);

/* Whether `text` is an address, or a network such as 192.0.2.0/24 or 2001:db8::/32. */
bool cl_is_network(const char *_Nonnull text);
/* NULL where it fails; *error is an errno then. Copies what it needs of the configuration. */
cl_line *_Nullable cl_start(const cl_config *_Nonnull config, cl_event_fn _Nonnull event, cl_frame_fn _Nonnull frame,
                            void *_Nullable context, int32_t *_Nonnull error);
/* Takes other settings for calls from now on, and registers anew where the account is another; address, ports and transports of
   signalling stay as they were. CL_CHANGED says what came of it: where it fails, nothing has changed. */
void cl_change(cl_line *_Nonnull line, const cl_config *_Nonnull config);
/* Hangs up every call, waits for the thread and frees the line. */
void cl_stop(cl_line *_Nonnull line);

void cl_answer(cl_line *_Nonnull line, uint64_t call);
/* Hangs up; `code` is for a call that was not answered. */
void cl_hang_up(cl_line *_Nonnull line, uint64_t call, uint16_t code);
/* Calls `uri`; events come under the number that it gives. */
uint64_t cl_dial(cl_line *_Nonnull line, const char *_Nonnull uri);
/* Sends the other side of `call` to `uri`, or to the other side of the call `other` where that is not 0. */
void cl_transfer(cl_line *_Nonnull line, uint64_t call, const char *_Nonnull uri, uint64_t other);
/* The counters, as they are now. */
void cl_count(cl_line *_Nonnull line, cl_statistics *_Nonnull statistics);
