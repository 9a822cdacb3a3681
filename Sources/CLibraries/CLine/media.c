/* Sound of one call. In: RTP packets, early, late, lost or forged; 20 ms to say. Out: 20 ms heard each 20 ms, keys, RTP. */
#include "line.h"

#include <time.h>

const struct codec_entry codecs[CODECS] = {
    [PCMU] = {"PCMU", "0", 0, 8000},
    [PCMA] = {"PCMA", "8", 8, 8000},
    /* Its RTP clock says 8,000, though it carries 16,000 samples a second (RFC 3551). */
    [G722] = {"G722", "9", 9, 16000},
};

enum {
    LATE_US = 10000,
    SILENT_US = 30000000,      /* without a packet for so long the other side is gone */
    HELD_US = 900000000,       /* held for longer than this, too */
    LATE_LIMIT = 5,            /* so many late packets in a row: the sender's clock has jumped */
    /* Ticks that the packets of a second at least come ahead of their reading. 160 of them are the packet itself; 10 to 30 ms
       more are enough where packets come evenly, and what is more makes every answer that much later. Where some have come too
       late it is more, for a while after. */
    PACKET = 160,
    SPARE_LEAST = 80,
    SPARE_MOST = 480,
    SPARE_ROOM = 160,
    CALM = 1000,               /* pieces without a late packet after which it waits 10 ms less again: ten seconds */
    LEAD_LIMIT = BEHIND + 800, /* what is more than this does not wait for a pause */
    GAP_MOST = 1600,           /* what comes up to this late is heard all the same: 200 ms */
    LATE_MOST = 320,           /* packets that come later than this after their reading are an accident, not the network's way */
    WINDOW = 50,               /* pieces in which the least lead is looked for, and in those before: half a second each */
    IDLE = 8,                  /* A-law's least values, which it says silence with */
    QUIET = 400,               /* no sample beyond this is quiet, -38 dBFS... */
    PAUSE = 20                 /* ...and so many pieces of it are a pause: the stop inside a word is shorter */
};

uint64_t now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* Reading begins a little behind `stamp`, so that what comes late still finds its place. */
static void synchronise(struct call *call, uint32_t stamp) {
    memset(call->have, 0, sizeof call->have);
    call->reading = stamp - BEHIND;
    call->written = stamp;
    call->late = 0;
    call->least_lead = call->least_before = INT32_MAX;
    call->pieces = call->quiet = call->calm = 0;
    if (!call->seen) call->spare = SPARE_LEAST;
    call->shift = 0;
    call->gap = false;
    call->line->resynced += call->seen;
    call->seen = true;
}

static void move_reading(struct call *call, int32_t ticks) {
    call->reading += (uint32_t)ticks;
    if (call->least_lead != INT32_MAX) call->least_lead -= ticks;
    if (call->least_before != INT32_MAX) call->least_before -= ticks;
}

static void put(struct call *call, const struct rtp_header *header, const uint8_t *bytes, size_t count) {
    int32_t offset = (int32_t)(header->ts - call->reading);
    if (!call->seen || header->ssrc != call->ssrc || offset < -RING / 2 || offset > RING - 1024) {
        call->ssrc = header->ssrc;
        synchronise(call, header->ts);
        offset = BEHIND;
    }
    const uint32_t end = header->ts + (uint32_t)count;
    /* What fills the gap that is being concealed is heard late, and not lost: it has been waited for anyway. */
    const uint32_t missing = (int32_t)(header->ts - call->gap_begin) > 0 ? header->ts : call->gap_begin;
    const int32_t back = (int32_t)(call->reading - missing);
    if (call->gap && (int32_t)(end - missing) > 0 && back > 0 && back <= GAP_MOST) {
        move_reading(call, -back);
        offset += back;
        if (call->spare < SPARE_MOST) call->spare += PIECE;
        call->calm = 0;
    }
    const int32_t lead = (int32_t)(end - call->reading);
    if (lead < call->least_lead && lead > PACKET - LATE_MOST) call->least_lead = lead;
    if (offset + (int32_t)count <= 0) {
        call->line->late++;
        if (++call->late < LATE_LIMIT) return;
        synchronise(call, header->ts);
        offset = BEHIND;
    } else {
        call->late = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (offset + (int32_t)i < 0) continue;
        const uint32_t place = (header->ts + (uint32_t)i) % RING;
        call->bytes[place] = bytes[i];
        call->have[place] = true;
    }
    if ((int32_t)(end - call->written) > 0) call->written = end;
}

/* Follows how evenly packets come, and two clocks that are never the same. Where packets come too late it waits for them from now
   on, at once; all else has time until a pause: what is left out of a word costs the word. */
static void follow_clock(struct call *call, bool quiet) {
    call->quiet = quiet ? call->quiet + 1 : 0;
    if (call->least_lead < PACKET) {
        move_reading(call, -PIECE);
        if (call->spare < SPARE_MOST) call->spare += PIECE;
        call->calm = 0;
    } else if (++call->calm >= CALM) {
        if (call->spare > SPARE_LEAST) call->spare -= PIECE;
        call->calm = 0;
    }
    if (++call->pieces >= WINDOW) {
        const int32_t least = PACKET + call->spare;
        const int32_t lead = call->least_lead < call->least_before ? call->least_lead : call->least_before;
        call->shift = 0;
        if (lead < least) call->shift = -PIECE;
        if (lead > least + SPARE_ROOM && lead != INT32_MAX) call->shift = (lead - least) / PIECE * PIECE;
        if (lead > LEAD_LIMIT && lead != INT32_MAX) move_reading(call, PIECE);
        call->least_before = call->least_lead;
        call->least_lead = INT32_MAX;
        call->pieces = 0;
    }
    if (call->quiet < PAUSE) return;
    move_reading(call, call->shift);
    call->shift = 0;
}

static bool is_within(int limit, const int16_t *samples, int count) {
    for (int i = 0; i < count; i++) {
        if (samples[i] > limit || samples[i] < -limit) return false;
    }
    return true;
}

/* The next 10 ms of the caller. */
static void get(struct call *call, int16_t *samples) {
    const int count = PIECE * codecs[call->codec].rate / 8000;
    uint8_t bytes[PIECE];
    bool whole = call->seen;
    for (uint32_t i = 0; i < PIECE; i++) {
        const uint32_t place = (call->reading + i) % RING;
        whole = whole && call->have[place];
        call->have[place] = false;
        bytes[i] = call->bytes[place];
    }
    if (!call->seen) {
        memset(samples, 0, sizeof *samples * (size_t)count);
        return;
    }
    if ((int32_t)(call->written - call->reading) > 0 && !whole) {
        call->lost++;
        call->line->lost++;
    }
    if (!whole && !call->gap) call->gap_begin = call->reading;
    call->gap = !whole;
    call->reading += PIECE;
    if (!whole) {
        conceal_fill(&call->concealer, samples, count, codecs[call->codec].rate);
    } else {
        switch (call->codec) {
        case PCMU: for (int i = 0; i < PIECE; i++) samples[i] = g711_ulaw2pcm(bytes[i]); break;
        case PCMA: for (int i = 0; i < PIECE; i++) samples[i] = g711_alaw2pcm(bytes[i]); break;
        case G722: g722_decode(call->decoder, samples, bytes, PIECE); break;
        case CODECS: break;
        }
        /* Who sends silence means nothing, but only some codings have a zero; what is heard behind knows nothing by its zeros. */
        if (is_within(IDLE, samples, count)) memset(samples, 0, sizeof *samples * (size_t)count);
        conceal_take(&call->concealer, samples, count);
    }
    follow_clock(call, is_within(QUIET, samples, count));
}

static void take_key(struct call *call, const struct rtp_header *header, struct mbuf *packet) {
    /* All packets of a key bear the moment of its beginning (RFC 4733): one of them is enough, and counts once. */
    if (mbuf_get_left(packet) < 4) return;
    const uint8_t event = mbuf_read_u8(packet);
    if (event > 15 || (call->key_seen && (int32_t)(header->ts - call->key_stamp) <= 0)) return;
    call->key_seen = true;
    call->key_stamp = header->ts;
    call_tell(call, CL_KEY, 0, "0123456789*#ABCD"[event], NULL);
}

static void receive(const struct sa *source, const struct rtp_header *header, struct mbuf *packet, void *arg) {
    struct call *call = arg;
    if (!call->up) return;
    if (call->latched) {
        if (!sa_cmp(source, &call->peer, SA_ALL)) {
            call->line->stray++;
            return;
        }
    } else {
        /* Behind a translator of addresses the port, or all of it, is another than was told: the signalling's will do. */
        if (!sa_cmp(source, &call->peer, SA_ADDR) && !sa_cmp(source, &call->source, SA_ADDR)) {
            call->line->stray++;
            return;
        }
        call->latched = true;
        call->peer = *source;
    }
    call->last_heard = now_us();
    if (header->pt == call->key_pt) return take_key(call, header, packet);
    if (header->pt != call->pt) return;
    call->heard++;
    call->line->heard++;
    const size_t count = mbuf_get_left(packet);
    put(call, header, mbuf_buf(packet), count > 960 ? 960 : count);
}

static void say(struct call *call, const int16_t *samples) {
    enum { COUNT = 2 * PIECE };
    struct mbuf *packet = mbuf_alloc(RTP_HEADER_SIZE + COUNT + SECURE_TAG);
    if (packet) {
        uint8_t *bytes = packet->buf + RTP_HEADER_SIZE;
        switch (call->codec) {
        case PCMU: for (int i = 0; i < COUNT; i++) bytes[i] = g711_pcm2ulaw(samples[i]); break;
        case PCMA: for (int i = 0; i < COUNT; i++) bytes[i] = g711_pcm2alaw(samples[i]); break;
        case G722: g722_encode(call->encoder, bytes, samples, 2 * COUNT); break;
        case CODECS: break;
        }
        packet->end = RTP_HEADER_SIZE + COUNT;
        rtp_encode(call->rtp, false, !call->marked, (uint8_t)call->pt, call->stamp, packet);
        packet->pos = 0;
        if (call->sealing) packet->end = secure_seal(call->sealing, packet->buf, packet->end);
        if (packet->end) udp_send(rtp_sock(call->rtp), &call->peer, packet);
        call->marked = true;
        mem_deref(packet);
        call->line->sent++;
    }
    call->stamp += COUNT;
}

static void tick(void *arg) {
    struct call *call = arg;
    struct cl_line *line = call->line;
    const uint64_t now = now_us();
    if (now - call->last_heard > (call->held ? HELD_US : SILENT_US)) return call_hang_up(call, 408);
    if (!call->held) {
        int16_t heard[4 * PIECE], answer[4 * PIECE] = {0};
        const int count = FRAME_US / 1000 * codecs[call->codec].rate / 1000;
        get(call, heard);
        get(call, heard + count / 2);
        if (now > call->due + LATE_US) line->sent_late++;
        line->frame(call->id, heard, answer, count, line->context);
        say(call, answer);
    }
    call->due += FRAME_US;
    int64_t wait = (int64_t)(call->due - now_us());
    if (wait < -5 * FRAME_US) {
        /* The machine was asleep or overloaded: what was missed is not sent all at once. */
        call->due = now_us();
        wait = 0;
    }
    tmr_start(&call->tick, wait > 0 ? (uint64_t)(wait + 500) / 1000 : 0, tick, call);
}

int media_open(struct call *call, const struct sa *local) {
    tmr_init(&call->tick);
    call->encoder = g722_encode_init(NULL, 64000, 0);
    call->decoder = g722_decode_init(NULL, 64000, 0);
    if (!call->encoder || !call->decoder) return ENOMEM;
    return rtp_listen(&call->rtp, IPPROTO_UDP, local, call->line->config.rtp_low, call->line->config.rtp_high, false,
                      receive, NULL, call);
}

void media_codec(struct call *call, enum codec codec) {
    call->codec = codec;
    call->pt = codecs[codec].pt;
}

/* Takes what was agreed on, now or anew: payload types, where sound goes, whether it flows. */
void media_apply(struct call *call) {
    const struct sdp_format *sound = call_format(call->audio, call->codec);
    const struct sdp_format *keys = sdp_media_rformat(call->audio, telev_rtpfmt);
    if (sound) call->pt = sound->pt;
    call->key_pt = keys ? keys->pt : -1;
    const struct sa *address = sdp_media_raddr(call->audio);
    const bool held = sdp_media_dir(call->audio) != SDP_SENDRECV || sa_is_any(address) || !sdp_media_rport(call->audio);
    if (!held && !sa_cmp(address, &call->peer, SA_ALL)) {
        call->peer = *address;
        call->latched = false;
    }
    if (call->up && held != call->held) {
        call->held = held;
        call->last_heard = call->due = now_us();
        call_tell(call, CL_HELD, held, 0, NULL);
    }
    call->held = held;
}

void media_begin(struct call *call) {
    call->up = true;
    call->due = call->last_heard = now_us();
    tick(call);
}

void media_close(struct call *call) {
    tmr_cancel(&call->tick);
    keys_forget(call);
    call->rtp = mem_deref(call->rtp);
    if (call->encoder) g722_encode_free(call->encoder);
    if (call->decoder) g722_decode_free(call->decoder);
    call->encoder = NULL;
    call->decoder = NULL;
}
