/* One call: its session, what is agreed on in it, its transfer, its end. In: SIP requests and answers, commands of the
   line. Out: events. A call is freed by whatever ends it, and is not touched after that. */
#include "line.h"

#include <sys/socket.h>
#include <unistd.h>

static void call_free(void *arg) {
    struct call *call = arg;
    if (call->le.list) {
        list_unlink(&call->le);
        call->line->call_count--;
    }
    media_close(call);
    mem_deref(call->transfer);
    mem_deref(call->session);
    mem_deref(call->sdp);
}

/* What names somebody in a message: the user of its URI, or the number of a tel: URI. */
static void user_of(char *text, size_t size, const struct uri *uri) {
    pl_strcpy(pl_strcasecmp(&uri->scheme, "tel") ? &uri->user : &uri->host, text, size);
}

void call_tell(struct call *call, cl_kind kind, int code, char key, const struct sip_msg *msg) {
    cl_event event = {.kind = kind, .call = call->id, .code = code, .key = key, .heard = call->heard, .lost = call->lost};
    str_ncpy(event.codec, codecs[call->codec].name, sizeof event.codec);
    re_snprintf(event.peer, sizeof event.peer, "%J", &call->source);
    if (msg && msg->req) {
        user_of(event.from, sizeof event.from, &msg->from.uri);
        const struct sip_hdr *asserted = sip_msg_hdr(msg, SIP_HDR_P_ASSERTED_IDENTITY);
        struct sip_addr address;
        if (asserted && !sip_addr_decode(&address, &asserted->val))
            user_of(event.asserted, sizeof event.asserted, &address.uri);
    }
    call->line->event(&event, call->line->context);
}

static void finish(struct call *call, int code) {
    call_tell(call, CL_ENDED, code, 0, NULL);
    mem_deref(call);
}

struct call *call_find(struct cl_line *line, uint64_t id) {
    for (struct le *le = list_head(&line->calls); le; le = le->next)
        if (((struct call *)le->data)->id == id) return le->data;
    return NULL;
}

/* MARK: what is agreed on */

static int add_formats(struct sdp_media *audio, const enum codec *wanted, int count) {
    int error = 0;
    for (int i = 0; i < count && !error; i++) {
        const struct codec_entry *entry = &codecs[wanted[i]];
        error = sdp_format_add(NULL, audio, false, entry->id, entry->name, 8000, 1, NULL, NULL, NULL, false, NULL);
    }
    return error;
}

static int preferred(const struct cl_line *line, enum codec *wanted) {
    int count = 0;
    if (line->config.wideband) wanted[count++] = G722;
    wanted[count++] = PCMA;
    wanted[count++] = PCMU;
    return count;
}

/* What the other side calls a codec. The names of numbers below 96 are known to everybody, and may be left out. */
const struct sdp_format *call_format(const struct sdp_media *audio, enum codec codec) {
    for (struct le *le = list_head(sdp_media_format_lst(audio, false)); le; le = le->next) {
        const struct sdp_format *format = le->data;
        if (format->name ? !str_casecmp(format->name, codecs[codec].name) : format->pt == codecs[codec].pt) return format;
    }
    return NULL;
}

/* The best codec that both have. Only that one is agreed on: who is given several may change between them. */
static bool choose(const struct cl_line *line, const struct sdp_media *audio, enum codec *chosen) {
    enum codec wanted[CODECS];
    const int count = preferred(line, wanted);
    if (!sdp_media_rport(audio)) return false;
    for (int i = 0; i < count; i++) {
        if (!call_format(audio, wanted[i])) continue;
        *chosen = wanted[i];
        return true;
    }
    return false;
}

/* Whether sound can be agreed on in `profile`. Looks through an offer without a call. */
static bool fits(const struct cl_line *line, const struct sip_msg *msg, const char *profile, enum codec *chosen) {
    struct sdp_session *sdp = NULL;
    struct sdp_media *audio = NULL;
    struct sa any;
    enum codec wanted[CODECS];
    const int count = preferred(line, wanted);
    const size_t position = msg->mb->pos;
    sa_set_str(&any, "127.0.0.1", 0);
    bool found = !sdp_session_alloc(&sdp, &any) && !sdp_media_add(&audio, sdp, sdp_media_audio, 9, profile) &&
                 !add_formats(audio, wanted, count) && !sdp_decode(sdp, msg->mb, true) && choose(line, audio, chosen);
    msg->mb->pos = position;
    mem_deref(sdp);
    return found;
}

/* False where nothing in an offer can be taken: video, other codecs, encryption that we or the way of the offer are not up to.
   Keys that do not come by TLS are no secrets. */
static bool acceptable(const struct cl_line *line, const struct sip_msg *msg, enum codec *chosen, bool *secured) {
    const bool is_secret = line->config.srtp != CL_PLAIN && msg->tp == SIP_TRANSP_TLS;
    const bool is_free = line->config.srtp != CL_SRTP_REQUIRED;
    const bool has_offer = mbuf_get_left(msg->mb) > 0;
    *secured = is_secret && (has_offer ? fits(line, msg, sdp_proto_rtpsavp, chosen) : !is_free);
    return *secured || (is_free && (!has_offer || fits(line, msg, sdp_proto_rtpavp, chosen)));
}

static int open_sdp(struct call *call, const struct sa *local, const enum codec *wanted, int count, bool secured) {
    const struct sa *told = sa_isset(&call->line->media_address, SA_ADDR) ? &call->line->media_address : local;
    int error = media_open(call, local);
    if (!error) error = sdp_session_alloc(&call->sdp, told);
    if (!error)
        error = sdp_media_add(&call->audio, call->sdp, sdp_media_audio, sa_port(rtp_local(call->rtp)),
                              secured ? sdp_proto_rtpsavp : sdp_proto_rtpavp);
    if (!error && secured) error = keys_make(call);
    if (!error) error = keys_tell(call, KEYS_TAG);
    if (!error) error = add_formats(call->audio, wanted, count);
    if (!error)
        error = sdp_format_add(NULL, call->audio, false, "101", telev_rtpfmt, 8000, 1, NULL, NULL, NULL, false, "0-15");
    if (!error) error = sdp_media_set_lattr(call->audio, true, "ptime", "20");
    return error;
}

/* MARK: what the session says */

static int on_offer(struct mbuf **answer, const struct sip_msg *msg, void *arg) {
    struct call *call = arg;
    const bool asks = !mbuf_get_left(msg->mb);
    int error = asks ? keys_tell(call, KEYS_TAG) : sdp_decode(call->sdp, msg->mb, true);
    if (error) return error;
    if (asks) return sdp_encode(answer, call->sdp, true);
    /* Whoever drops the codec that is in use is told no; the call stays as it is. */
    if (!call_format(call->audio, call->codec)) return EPROTO;
    error = keys_agree(call, false);
    if (error) return error;
    media_apply(call);
    return sdp_encode(answer, call->sdp, false);
}

static int on_answer(const struct sip_msg *msg, void *arg) {
    struct call *call = arg;
    int error = sdp_decode(call->sdp, msg->mb, false);
    if (!error) error = keys_agree(call, true);
    if (error) return error;
    enum codec chosen;
    if (!call->up) {
        if (!choose(call->line, call->audio, &chosen)) return EPROTO;
        media_codec(call, chosen);
    }
    media_apply(call);
    return 0;
}

static void on_established(const struct sip_msg *msg, void *arg) {
    struct call *call = arg;
    if (call->up) return;
    if (call->outgoing) {
        call->source = msg->src;
        pl_strcpy(&msg->callid, call->callid, sizeof call->callid);
        pl_strcpy(&msg->from.tag, call->local_tag, sizeof call->local_tag);
        pl_strcpy(&msg->to.tag, call->remote_tag, sizeof call->remote_tag);
    }
    call_tell(call, CL_ANSWERED, codecs[call->codec].rate, 0, NULL);
    media_begin(call);
}

/* Some exchanges send keys beside the sound: "Signal=5". */
static void on_info(struct sip *sip, const struct sip_msg *msg, void *arg) {
    struct call *call = arg;
    sip_treply(NULL, sip, msg, 200, "OK");
    struct pl key = PL_INIT;
    if (!re_regex((const char *)mbuf_buf(msg->mb), mbuf_get_left(msg->mb), "Signal=[ ]*[0-9A-D*#]1", NULL, &key) && key.l)
        call_tell(call, CL_KEY, 0, *key.p, NULL);
}

static void on_close(int error, const struct sip_msg *msg, void *arg) {
    finish(arg, msg && !msg->req ? msg->scode : error == ECONNRESET ? 0 : error);
}

/* MARK: a call comes in */

void call_incoming(const struct sip_msg *msg, void *arg) {
    struct cl_line *line = arg;
    if (!guard_invite(line, msg)) return;
    enum codec chosen = PCMA;
    const bool has_offer = mbuf_get_left(msg->mb) > 0;
    bool secured = false;
    if (!acceptable(line, msg, &chosen, &secured)) {
        line->refused++;
        sip_treply(NULL, line->sip, msg, 488, "Not Acceptable Here");
        return;
    }
    struct call *call = mem_zalloc(sizeof *call, call_free);
    if (!call) return;
    call->line = line;
    call->id = ++line->next_call;
    call->source = msg->src;
    call->key_pt = -1;
    media_codec(call, chosen);
    struct sa local;
    int error = sip_transp_laddr(line->sip, &local, msg->tp, &msg->src);
    sa_set_port(&local, 0);
    if (!error) error = open_sdp(call, &local, &chosen, 1, secured);
    if (!error && has_offer) error = sdp_decode(call->sdp, msg->mb, true);
    if (!error && has_offer) error = keys_agree(call, false);
    if (!error && has_offer) media_apply(call);
    if (!error)
        error = sipsess_accept(&call->session, line->sessions, msg, 180, "Ringing", "rozmova", "application/sdp", NULL,
                               NULL, NULL, false, on_offer, on_answer, on_established, on_info, NULL, on_close, call,
                               NULL);
    if (error) {
        line->refused++;
        if (error == EPROTO) sip_treply(NULL, line->sip, msg, 488, "Not Acceptable Here");
        else sip_treply(NULL, line->sip, msg, 500, "Server Internal Error");
        mem_deref(call);
        return;
    }
    list_append(&line->calls, &call->le, call);
    line->call_count++;
    call_tell(call, CL_INCOMING, codecs[chosen].rate, 0, msg);
}

void call_answer(struct call *call) {
    struct mbuf *description = NULL;
    if (call->answered || call->outgoing) return;
    call->answered = true;
    const bool is_offer = !sdp_media_rport(call->audio);
    int error = sdp_encode(&description, call->sdp, is_offer);
    if (!error) error = sipsess_answer(call->session, 200, "OK", description, NULL);
    mem_deref(description);
    if (error) call_hang_up(call, 500);
}

void call_hang_up(struct call *call, uint16_t code) {
    if (!call->up && !call->outgoing && !call->answered) sipsess_reject(call->session, code, "Declined", NULL);
    finish(call, code);
}

/* MARK: a call goes out */

/* The own address that the way to `there` begins at: the kernel knows, once a socket is bound for it. */
static int local_towards(const struct sa *there, struct sa *local) {
    const int file = socket(there->u.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file < 0) return errno;
    int error = connect(file, &there->u.sa, there->len) ? errno : 0;
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    if (!error) error = getsockname(file, (struct sockaddr *)&name, &size) ? errno : 0;
    close(file);
    return error ? error : sa_set_sa(local, (struct sockaddr *)&name);
}

/* Whether keys may be told to `uri`: the connection is encrypted, and leads to who it should. */
static bool is_secret(const struct cl_line *line, const char *uri) {
    struct uri parts;
    struct pl text;
    pl_set_str(&text, uri);
    return line->proves && !uri_decode(&parts, &text) && is_by_tls(&parts);
}

static int local_for(const struct cl_line *line, const char *uri, struct sa *local) {
    struct uri parts;
    struct pl text;
    struct sa there;
    pl_set_str(&text, uri);
    if (!sa_set_str(local, line->config.address, 0) && !sa_is_any(local)) return 0;
    if (!uri_decode(&parts, &text) && !sa_set(&there, &parts.host, 5060)) return local_towards(&there, local);
    if (sa_isset(&line->registrar, SA_ADDR)) return local_towards(&line->registrar, local);
    return net_default_source_addr_get(AF_INET, local);
}

void call_dial(struct cl_line *line, uint64_t id, const char *uri) {
    struct mbuf *offer = NULL;
    struct sa local;
    char from[256];
    enum codec wanted[CODECS];
    struct call *call = mem_zalloc(sizeof *call, call_free);
    if (!call) return;
    call->line = line;
    call->id = id;
    call->outgoing = true;
    call->key_pt = -1;
    list_append(&line->calls, &call->le, call);
    line->call_count++;
    const bool secured = line->config.srtp == CL_SRTP_REQUIRED;
    if (secured && !is_secret(line, uri)) return finish(call, 488);
    int error = local_for(line, uri, &local);
    sa_set_port(&local, 0);
    if (!error) error = open_sdp(call, &local, wanted, preferred(line, wanted), secured);
    if (!error) error = sdp_encode(&offer, call->sdp, true);
    if (line->config.account) str_ncpy(from, line->config.account, sizeof from);
    else re_snprintf(from, sizeof from, "sip:rozmova@%j", &local);
    if (!error)
        error = sipsess_connect(&call->session, line->sessions, uri, NULL, from, "rozmova", NULL, 0, "application/sdp",
                                offer, line_login, line, false, on_offer, on_answer, NULL, on_established, on_info, NULL,
                                on_close, call, NULL);
    mem_deref(offer);
    if (error) finish(call, error);
}

/* MARK: a call goes elsewhere */

static void transferred(struct call *call, int code) {
    call->transfer = mem_deref(call->transfer);
    call_tell(call, CL_TRANSFER, code, 0, NULL);
}

/* A NOTIFY bears the first line of what the person's telephone answered: "SIP/2.0 180 Ringing". */
static void on_notify(struct sip *sip, const struct sip_msg *msg, void *arg) {
    struct call *call = arg;
    struct pl code = PL_INIT;
    sip_treply(NULL, sip, msg, 200, "OK");
    if (re_regex((const char *)mbuf_buf(msg->mb), mbuf_get_left(msg->mb), "SIP/2.0 [0-9]3", &code)) return;
    const uint32_t status = pl_u32(&code);
    if (status >= 200 && call->transfer) transferred(call, (int)status);
}

static void on_transfer_closed(int error, const struct sip_msg *msg, const struct sipevent_substate *state, void *arg) {
    struct call *call = arg;
    (void)state;
    if (call->transfer) transferred(call, msg && !msg->req ? msg->scode : error ? 500 : 408);
}

void call_transfer(struct call *call, const char *uri, const struct call *other) {
    char target[512];
    if (!call->up || call->transfer || (other && !other->up)) return call_tell(call, CL_TRANSFER, 491, 0, NULL);
    if (other) {
        const struct pl callid = {other->callid, strlen(other->callid)};
        /* The person's telephone knows itself by the tag that is remote to us. */
        re_snprintf(target, sizeof target, "%s?Replaces=%H%%3Bto-tag%%3D%s%%3Bfrom-tag%%3D%s", uri, uri_header_escape,
                    &callid, other->remote_tag, other->local_tag);
    } else {
        str_ncpy(target, uri, sizeof target);
    }
    const int error =
        sipevent_drefer(&call->transfer, call->line->events, sipsess_dialog(call->session), "rozmova", line_login,
                        call->line, false, on_notify, on_transfer_closed, call,
                        "Refer-To: <%s>\r\nReferred-By: <sip:rozmova@%j>\r\nContent-Length: 0\r\n\r\n", target,
                        rtp_local(call->rtp));
    if (error) call_tell(call, CL_TRANSFER, 500, 0, NULL);
}
