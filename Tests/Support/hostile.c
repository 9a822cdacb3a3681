/* A hostile network for the telephone line, to be built with the address sanitizer together with CLine's sources.
   In: how many mutated messages and packets to send. Out: status 0 where the line still answers afterwards, and holds
   no more calls than it may. The random numbers are the same in every run. */
#include "CLine.h"
#include "secure.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 25990, MOST_CALLS = 6, CHANGES = 10 };

static uint64_t seed = 88172645463325252u;
static uint32_t chance(uint32_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 11) % below;
}

static cl_line *_Atomic line;
static _Atomic int keys, frames, changes;

static void on_event(const cl_event *event, void *context) {
    (void)context;
    if (event->kind == CL_INCOMING && line) cl_answer(line, event->call);
    if (event->kind == CL_KEY) keys++;
    if (event->kind == CL_CHANGED && !event->code) changes++;
}

static void on_frame(uint64_t call, const int16_t *heard, int16_t *say, int32_t count, void *context) {
    (void)call;
    (void)context;
    frames++;
    memcpy(say, heard, (size_t)count * sizeof *say);
}

static int udp(void) {
    const int file = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(file, (struct sockaddr *)&name, sizeof name)) exit(2);
    return file;
}

static int port_of(int file) {
    struct sockaddr_in name;
    socklen_t size = sizeof name;
    getsockname(file, (struct sockaddr *)&name, &size);
    return ntohs(name.sin_port);
}

static void send_to(int file, int port, const void *bytes, size_t count) {
    const struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sendto(file, bytes, count, 0, (const struct sockaddr *)&name, sizeof name);
}

static int receive(int file, char *bytes, size_t size, int wait) {
    struct pollfd waiting = {.fd = file, .events = POLLIN};
    if (poll(&waiting, 1, wait) != 1) return 0;
    const ssize_t count = recv(file, bytes, size - 1, 0);
    bytes[count > 0 ? count : 0] = 0;
    return (int)count;
}

static size_t request(char *text, size_t size, const char *method, int own, int number, int sound, const char *to) {
    char body[512] = "";
    if (sound)
        snprintf(body, sizeof body,
                 "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 9 8 0 101\r\n"
                 "a=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
                 "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n", sound);
    return (size_t)snprintf(
        text, size,
        "%s sip:line@127.0.0.1:%d SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%d;rport\r\nMax-Forwards: 70\r\n"
        "From: \"x\" <sip:100@192.0.2.1>;tag=t%d\r\nTo: <sip:line@127.0.0.1>%s\r\nCall-ID: c%d\r\nCSeq: 1 %s\r\n"
        "Contact: <sip:raw@127.0.0.1:%d>\r\nP-Asserted-Identity: <sip:+380671234567@192.0.2.1>\r\n%sContent-Length: %zu\r\n\r\n%s",
        method, PORT, own, number, number, to, number, method, own, sound ? "Content-Type: application/sdp\r\n" : "",
        strlen(body), body);
}

/* Bytes changed, taken out, put in, repeated. */
static size_t mutate(unsigned char *bytes, size_t count, size_t room, uint32_t most) {
    for (uint32_t times = 1 + chance(most); times && count; times--) {
        const size_t place = chance((uint32_t)count);
        size_t length = 1 + chance(40);
        switch (chance(5)) {
        case 0: bytes[place] = (unsigned char)chance(256); break;
        case 1:
            if (place + length > count) length = count - place;
            memmove(bytes + place, bytes + place + length, count - place - length);
            count -= length;
            break;
        case 2:
            if (count + length > room) break;
            memmove(bytes + place + length, bytes + place, count - place);
            for (size_t i = 0; i < length; i++) bytes[place + i] = (unsigned char)chance(256);
            count += length;
            break;
        case 3:
            for (uint32_t copies = 1 + chance(30); copies && place + length <= count && count + length <= room; copies--) {
                memmove(bytes + place + length, bytes + place, count - place);
                count += length;
            }
            break;
        case 4: {
            static const char *const nasty[] = {"%s%n", "4294967296", "-1", "\r\n", ";", "\"", "<", ":::", "\0", "99999999999999999999"};
            const char *text = nasty[chance(10)];
            length = strlen(text) ? strlen(text) : 1;
            if (place + length <= count) memcpy(bytes + place, text, length);
        }
        }
    }
    return count;
}

enum { SOUND = 160, SEALED = 12 + SOUND + SECURE_TAG };

static void write_packet(unsigned char *packet, uint32_t ssrc, int number) {
    const unsigned char header[12] = {0x80, 8, (unsigned char)(number >> 8), (unsigned char)number, [8] = (unsigned char)(ssrc >> 24),
                                      (unsigned char)(ssrc >> 16), (unsigned char)(ssrc >> 8), (unsigned char)ssrc};
    memcpy(packet, header, sizeof header);
    memset(packet + 12, number, SOUND);
}

/* SRTP against known bytes (libsrtp's own reference packet), and over 200,000 packets that are lost, late, repeated and forged, so
   that the sequence number begins anew three times. */
static bool seals(int messages) {
    static const uint8_t key[SECURE_KEY] = {
        0xe1, 0xf9, 0x7a, 0x0d, 0x3e, 0x01, 0x8b, 0xe0, 0xd6, 0x4f, 0xa3, 0x2c, 0x06, 0xde, 0x41, 0x39,
        0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe, 0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6};
    static const uint8_t known[] = {0x4e, 0x55, 0xdc, 0x4c, 0xe7, 0x99, 0x78, 0xd8, 0x8c, 0xa4, 0xd2, 0x15, 0x94,
                                    0x9d, 0x24, 0x02, 0xb7, 0x8d, 0x6a, 0xcc, 0x99, 0xea, 0x17, 0x9b, 0x8d, 0xbb};
    unsigned char packet[2000] = {0x80, 0x0f, 0x12, 0x34, 0xde, 0xca, 0xfb, 0xad, 0xca, 0xfe, 0xba, 0xbe}, kept[SEALED] = {0};
    memset(packet + 12, 0xab, 16);
    struct secure *there = secure_new(key), *here = secure_new(key);
    bool right = there && here && secure_seal(there, packet, 28) == 38 && !memcmp(packet + 12, known, sizeof known);
    size_t size = 38;
    right = right && secure_open(here, packet, &size) == OPENED && size == 28 && packet[12] == 0xab;
    for (int i = 65000; i < 265000 && right; i++) {
        write_packet(packet, 7, i);
        right = secure_seal(there, packet, 12 + SOUND) == SEALED;
        /* The next one is sent twice, and behind the one that follows it. */
        if (i % 10 == 4) memcpy(kept, packet, SEALED);
        if (i % 10 == 4 || i % 50 == 7) continue;
        size = SEALED;
        right = right && secure_open(here, packet, &size) == OPENED && packet[12] == (unsigned char)i;
        if (i % 10 != 5) continue;
        for (int times = 0; times < 2; times++) {
            memcpy(packet, kept, SEALED);
            size = SEALED;
            right = right && secure_open(here, packet, &size) == (times ? REPLAYED : OPENED);
        }
    }
    for (int i = 0; i < messages && right; i++) {
        const int number = 3 * i;
        write_packet(packet, 8, number);
        right = secure_seal(there, packet, 12 + SOUND) == SEALED;
        memcpy(kept, packet, SEALED);
        packet[chance(12)] ^= (unsigned char)(1 + chance(255));
        size = mutate(packet, SEALED, sizeof packet, 4);
        right = right && secure_open(here, packet, &size) == FORGED;
        memcpy(packet, kept, SEALED);
        size = SEALED;
        right = right && secure_open(here, packet, &size) == OPENED;
    }
    secure_free(there);
    secure_free(here);
    return right;
}

/* In the manner of RFC 4475: valid but strange, and invalid. */
static const char *const torture[] = {
    "", "\r\n\r\n", "INVITE", "INVITE sip:a SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 -5 No\r\nVia: SIP/2.0/UDP x\r\n\r\n",
    "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\nTO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
    "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\nMaX-fOrWaRdS: 0068\r\n"
    "Call-ID: wsinv.ndaksdj@192.0.2.1\r\nContent-Length   : 150\r\ncseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n"
    "    192.0.2.2;branch=390skdjuw\r\ns :\r\nNewFangledHeader:   newfangled value\r\n continued newfangled value\r\n\r\n",
    "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\r\nTo: \"BEL:\\\x07\" <sip:x@y>\r\nFrom: token1~` token2'+_ <sip:m@z>;tag=_\r\n"
    "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\r\nCSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\r\n"
    "Max-Forwards: 255\r\nContent-Length: 0\r\n\r\n",
    "INVITE sip:user@example.com SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKa\r\nTo: <sip:a@b>\r\nFrom: <sip:c@d>;tag=1\r\n"
    "Call-ID: n\r\nCSeq: 4294967300 INVITE\r\nMax-Forwards: 300\r\nExpires: 1000000000000000\r\nContent-Length: -999\r\n\r\nv=0\r\n",
    "OPTIONS sip:user@example.com SIP/7.0\r\nVia: SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw\r\nMax-Forwards: 70\r\nFrom: A <sip:a@x>;tag=a\r\n"
    "To: B <sip:b@x>\r\nCall-ID: b\r\nCSeq: 31417 OPTIONS\r\n\r\n",
    "REGISTER sip:example.com SIP/2.0\r\nTo: sip:a@x\r\nFrom: sip:a@x;tag=1\r\nVia: SIP/2.0/UDP ,,,;;,;\r\nContact: \"\" <> ;,\r\nCSeq: 1 REGISTER\r\nCall-ID: q\r\n\r\n",
    "BYE sip:line@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKb\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: zz\r\nCSeq: 2 BYE\r\n\r\n",
};

int main(int count, char **words) {
    const int messages = count > 1 ? atoi(words[1]) : 10000;
    if (!seals(messages)) {
        fprintf(stderr, "hostile: SRTP does not open what is genuine, or opens what is not\n");
        return 1;
    }
    const char *networks[] = {"127.0.0.1"};
    const cl_config config = {.address = "127.0.0.1", .port = PORT, .tcp = true, .rtp_low = 26000, .rtp_high = 26998,
                              .networks = networks, .network_count = 1, .max_calls = MOST_CALLS,
                              .pending_per_source = 3, .invites_per_minute = 1000000, .keep_alive_ms = 1000, .wideband = true};
    cl_config registered = config;
    registered.registrar = "sip:127.0.0.1:9";
    registered.account = "sip:line@127.0.0.1";
    registered.login = registered.login_password = "line";
    int wanted = 0;
    int32_t error = 0;
    line = cl_start(&config, on_event, on_frame, NULL, &error);
    if (!line) {
        fprintf(stderr, "hostile: no line: %s\n", strerror(error));
        return 2;
    }
    char text[70000], answer[70000];

    /* A call that stands, so that there is something to disturb. */
    const int sip = udp(), sound = udp();
    size_t length = request(text, 4096, "INVITE", port_of(sip), 0, port_of(sound), "");
    send_to(sip, PORT, text, length);
    int rtp_port = 0;
    char to[80] = "";
    while (receive(sip, answer, sizeof answer, 2000) > 0) {
        if (strncmp(answer, "SIP/2.0 200", 11)) continue;
        sscanf(strstr(answer, "m=audio "), "m=audio %d", &rtp_port);
        const char *tag = strstr(strstr(answer, "\r\nTo:"), ";tag=");
        snprintf(to, sizeof to, "%.*s", (int)strcspn(tag, "\r"), tag);
        break;
    }
    length = request(text, 4096, "ACK", port_of(sip), 0, 0, to);
    send_to(sip, PORT, text, length);
    if (!rtp_port) {
        fprintf(stderr, "hostile: the line takes no calls\n");
        return 1;
    }

    for (int i = 0; i < messages; i++) {
        unsigned char packet[2000] = {0x80, (unsigned char)(chance(4) ? 9 : 101), 0, 0, 0, 0, 0x10, 0, 0x12, 0x34, 0x56, 0x78};
        for (size_t k = 12; k < 172; k++) packet[k] = (unsigned char)chance(256);
        packet[6] = (unsigned char)(i >> 8);
        send_to(sound, rtp_port, packet, chance(2) ? 172 : mutate(packet, 12 + chance(160), sizeof packet, 4));
        if (i % 16 == 0) usleep(2000);
    }
    const bool sounded = frames > 20;

    const int stranger = udp();
    for (size_t i = 0; i < sizeof torture / sizeof *torture; i++) send_to(stranger, PORT, torture[i], strlen(torture[i]));
    static const char *const methods[] = {"INVITE", "INVITE", "INVITE", "BYE", "ACK", "CANCEL", "OPTIONS", "REFER", "NOTIFY", "INFO"};
    for (int i = 1; i <= messages; i++) {
        const char *method = methods[chance(10)];
        const int number = chance(3) ? i : 0; /* 0 is the call that stands */
        length = request(text, 4096, method, port_of(stranger), number, !strcmp(method, "INVITE") ? 9 + (int)chance(60000) : 0,
                         chance(2) ? to : "");
        length = mutate((unsigned char *)text, length, 60000, 12);
        send_to(stranger, PORT, text, length);
        /* Not faster than the kernel's buffer is emptied: what it drops tests nothing. */
        if (i % 16 == 0) usleep(2000);
        /* An account comes and goes meanwhile. */
        if (i % (messages / CHANGES) == 0) cl_change(line, ++wanted % 2 ? &registered : &config);
        while (receive(stranger, answer, sizeof answer, 0) > 0) {}
    }

    /* By TCP the same, in pieces. */
    for (int i = 0; i < 40; i++) {
        const int file = socket(AF_INET, SOCK_STREAM, 0);
        const struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        if (!connect(file, (const struct sockaddr *)&name, sizeof name)) {
            length = mutate((unsigned char *)text, request(text, 4096, "OPTIONS", 5060, i, 0, ""), 60000, 6);
            send(file, text, length / 2, MSG_NOSIGNAL);
            usleep(500);
            send(file, text + length / 2, length - length / 2, MSG_NOSIGNAL);
        }
        close(file);
    }

    usleep(300000);
    const int friend = udp();
    length = request(text, 4096, "OPTIONS", port_of(friend), messages + 1, 0, "");
    send_to(friend, PORT, text, length);
    const bool answers = receive(friend, answer, sizeof answer, 5000) > 0 && !strncmp(answer, "SIP/2.0 200", 11);
    cl_statistics statistics;
    cl_count(line, &statistics);
    const bool bounded = statistics.calls <= MOST_CALLS && sounded && wanted > 0 && changes == wanted;
    printf("hostile: %d messages and packets, %d calls held, %llu refused, %llu ignored, %d keys, %d frames; the line %s\n",
           messages, statistics.calls, (unsigned long long)statistics.refused, (unsigned long long)statistics.ignored, keys,
           frames, answers && bounded ? "answers" : "does not answer");
    cl_stop(line);
    return answers && bounded ? 0 : 1;
}
