/* Who may talk to the line. In: requests and where they come from. Out: yes, no, or a challenge; a stranger gets nothing. */
#include "line.h"

#include <arpa/inet.h>
#include <time.h>

enum {
    MINUTE_US = 60000000,
    MOST_FAILURES = 5, /* wrong digests of a source in a minute */
};

bool network_parse(struct network *network, const char *text) {
    char address[64];
    const char *slash = strchr(text, '/');
    const size_t length = slash ? (size_t)(slash - text) : strlen(text);
    if (length == 0 || length >= sizeof address) return false;
    memcpy(address, text, length);
    address[length] = 0;
    memset(network, 0, sizeof *network);
    if (inet_pton(AF_INET, address, network->bytes) == 1) {
        network->family = AF_INET;
        network->bits = 32;
    } else if (inet_pton(AF_INET6, address, network->bytes) == 1) {
        network->family = AF_INET6;
        network->bits = 128;
    } else {
        return false;
    }
    if (!slash) return true;
    char *end = NULL;
    const long bits = strtol(slash + 1, &end, 10);
    if (slash[1] < '0' || slash[1] > '9' || *end || bits > network->bits) return false;
    network->bits = (int)bits;
    return true;
}

bool cl_is_network(const char *text) {
    struct network network;
    return network_parse(&network, text);
}

static bool contains(const struct network *network, const struct sa *address) {
    uint8_t bytes[16] = {0};
    if (sa_af(address) != network->family) return false;
    if (network->family == AF_INET) {
        const uint32_t in = htonl(sa_in(address));
        memcpy(bytes, &in, 4);
    } else {
        sa_in6(address, bytes);
    }
    const int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(bytes, network->bytes, (size_t)whole)) return false;
    return !rest || (bytes[whole] ^ network->bytes[whole]) >> (8 - rest) == 0;
}

static bool is_trusted(const struct cl_line *line, const struct sa *address) {
    if (sa_isset(&line->registrar, SA_ADDR) && sa_cmp(&line->registrar, address, SA_ADDR)) return true;
    for (int i = 0; i < line->network_count; i++)
        if (contains(&line->networks[i], address)) return true;
    return false;
}

/* Sources share 256 places, by a hash that a stranger cannot foresee; who shares one shares its limits. A minute begins with a
   source's first request. */
static struct source *source_of(struct cl_line *line, const struct sa *address) {
    uint8_t digest[MD5_SIZE];
    const uint64_t now = now_us();
    md5_printf(digest, "%w%j", line->secret, sizeof line->secret, address);
    struct source *source = &line->sources[digest[0]];
    if (!source->since || now - source->since >= MINUTE_US) *source = (struct source){.since = now};
    return source;
}

/* Whether a request is looked at at all. Those of calls that there are come from their own source only. */
bool guard_admits(struct cl_line *line, const struct sip_msg *msg) {
    if (is_trusted(line, &msg->src)) return true;
    for (struct le *le = list_head(&line->calls); le; le = le->next)
        if (sa_cmp(&((struct call *)le->data)->source, &msg->src, SA_ADDR)) return true;
    if (line->config.user && !pl_strcmp(&msg->met, "INVITE") &&
        source_of(line, &msg->src)->failures < MOST_FAILURES) return true;
    line->ignored++;
    return false;
}

/* A nonce is the time, and what only this line can make of it and the caller's address: nothing is kept for it. */
static void nonce_of(struct cl_line *line, const struct sa *address, uint64_t time, char *nonce, size_t size) {
    uint8_t digest[MD5_SIZE];
    md5_printf(digest, "%w:%llx:%j", line->secret, sizeof line->secret, time, address);
    re_snprintf(nonce, size, "%w.%llx", digest, sizeof digest, time);
}

static bool is_authentic(struct cl_line *line, const struct sip_msg *msg) {
    enum { HASH = 2 * MD5_SIZE, NONCE_SECONDS = 60 };
    const uint64_t present = (uint64_t)time(NULL);
    const struct sip_hdr *header = sip_msg_hdr(msg, SIP_HDR_AUTHORIZATION);
    struct httpauth_digest_resp response;
    char nonce[80];
    bool stale = false;
    if (header && !httpauth_digest_response_decode(&response, &header->val) && response.nonce.l > HASH + 1 &&
        response.nonce.l < HASH + 18) {
        const struct pl stamp = {response.nonce.p + HASH + 1, response.nonce.l - HASH - 1};
        const uint64_t made = pl_x64(&stamp);
        nonce_of(line, &msg->src, made, nonce, sizeof nonce);
        const bool ours = !pl_strcmp(&response.nonce, nonce);
        uint8_t secret[MD5_SIZE];
        md5_printf(secret, "%s:rozmova:%s", line->config.user, line->config.password);
        stale = ours && present - made > NONCE_SECONDS;
        if (ours && !stale && !pl_strcmp(&response.username, line->config.user) &&
            !httpauth_digest_response_auth(&response, &msg->met, secret)) return true;
        if (!stale) {
            line->failed_digests++;
            if (++source_of(line, &msg->src)->failures >= MOST_FAILURES) return false;
        }
    }
    nonce_of(line, &msg->src, present, nonce, sizeof nonce);
    sip_treplyf(NULL, NULL, line->sip, msg, false, 401, "Unauthorized",
                "WWW-Authenticate: Digest realm=\"rozmova\", nonce=\"%s\", qop=\"auth\"%s\r\nContent-Length: 0\r\n\r\n",
                nonce, stale ? ", stale=true" : "");
    return false;
}

/* Whether a new call of this source may ring. One that may not has got its answer, which may be none. */
bool guard_invite(struct cl_line *line, const struct sip_msg *msg) {
    const bool trusted = is_trusted(line, &msg->src);
    struct source *source = source_of(line, &msg->src);
    if (++source->invites > (uint32_t)line->config.invites_per_minute) {
        line->ignored++;
        return false;
    }
    if (!trusted && (!line->config.user || !is_authentic(line, msg))) return false;
    /* An INVITE that nobody acknowledges holds its place for half a minute: so many at once, and no more. */
    int pending = 0;
    for (struct le *le = list_head(&line->calls); le; le = le->next) {
        const struct call *call = le->data;
        if (!call->up && !call->outgoing && sa_cmp(&call->source, &msg->src, SA_ADDR)) pending++;
    }
    if (pending < line->config.pending_per_source && list_count(&line->calls) < (uint32_t)line->config.max_calls)
        return true;
    line->refused++;
    sip_treply(NULL, line->sip, msg, 486, "Busy Here");
    return false;
}
