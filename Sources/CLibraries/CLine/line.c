/* The line as a whole: its thread, its transports, its registration, and commands from other threads. */
#include "line.h"

#include <time.h>

#include <re/re_dbg.h>

enum { ANSWER = 1, HANG_UP, DIAL, TRANSFER, CHANGE, STOP };
enum {
    PULSE_MS = 500,
    CLOSING_MS = 1500,
    REGISTRATION_S = 300,
    LEAVING_MS = 1000 /* one registrar is left before the next is gone to: it may be the same, which takes them in any order */
};

struct command {
    uint64_t call, other;
    uint16_t code;
    char uri[256];
    cl_config *config; /* of a change; its texts are the line's once it is taken */
};

/* MARK: settings */

static const char *copy(const char *text) { return text ? strdup(text) : NULL; }

/* All texts of a configuration, for whoever copies or frees them. */
#define TEXTS(config)                                                                                                          \
    {                                                                                                                          \
        &(config)->address, &(config)->media_address, &(config)->user, &(config)->password, &(config)->certificate,            \
            &(config)->registrar, &(config)->account, &(config)->login, &(config)->login_password, &(config)->authorities      \
    }

/* Copies a configuration with all that it points to. */
static void keep(cl_config *kept, const cl_config *config) {
    *kept = *config;
    const char **texts[] = TEXTS(kept);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = copy(*texts[i]);
    const char **networks = calloc((size_t)config->network_count + 1, sizeof *networks);
    for (int i = 0; networks && i < config->network_count; i++) networks[i] = copy(config->networks[i]);
    kept->networks = networks;
    if (!networks) kept->network_count = 0;
}

static void forget(cl_config *config) {
    const char **texts[] = TEXTS(config);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free((void *)*texts[i]);
    for (int i = 0; i < config->network_count; i++) free((void *)config->networks[i]);
    free((void *)config->networks);
}

/* From now on these are the line's settings. */
static void take(struct cl_line *line, const cl_config *config) {
    line->config = *config;
    line->network_count = 0;
    for (int i = 0; i < config->network_count && line->network_count < MOST_NETWORKS; i++)
        if (network_parse(&line->networks[line->network_count], config->networks[i])) line->network_count++;
    sa_init(&line->media_address, AF_UNSPEC);
    if (config->media_address) sa_set_str(&line->media_address, config->media_address, 0);
}

/* MARK: the thread */

static void on_pulse(void *arg) {
    struct cl_line *line = arg;
    line->last_pulse = now_us() / 1000;
    tmr_start(&line->pulse, PULSE_MS, on_pulse, line);
}

/* Translators of addresses forget a way that is not used for half a minute. */
static void on_keep_alive(void *arg) {
    struct cl_line *line = arg;
    tmr_start(&line->keep_alive, (uint64_t)line->config.keep_alive_ms, on_keep_alive, line);
    if (!sa_isset(&line->registrar, SA_ADDR) || line->registrar_transport != SIP_TRANSP_UDP) return;
    struct mbuf *packet = mbuf_alloc(4);
    if (!packet) return;
    mbuf_write_str(packet, "\r\n\r\n");
    packet->pos = 0;
    sip_send(line->sip, NULL, SIP_TRANSP_UDP, &line->registrar, packet);
    mem_deref(packet);
}

/* Before anybody else sees a request: whoever is nobody to us gets no answer. */
static bool on_gate(const struct sip_msg *msg, void *arg) { return !guard_admits(arg, msg); }

/* What no call has claimed: exchanges ask with OPTIONS whether we are there. */
static bool on_rest(const struct sip_msg *msg, void *arg) {
    struct cl_line *line = arg;
    if (!pl_strcmp(&msg->met, "OPTIONS")) sip_reply(line->sip, msg, 200, "OK");
    else line->ignored++;
    return true;
}

int line_login(char **user, char **password, const char *realm, void *arg) {
    const struct cl_line *line = arg;
    (void)realm;
    if (!line->config.login || !line->config.login_password) return EAUTH;
    int error = str_dup(user, line->config.login);
    if (!error) error = str_dup(password, line->config.login_password);
    return error;
}

static void on_registered(int error, const struct sip_msg *msg, void *arg) {
    struct cl_line *line = arg;
    cl_event event = {.kind = CL_REGISTERED, .code = error ? -error : msg ? msg->scode : 0};
    if (msg && msg->scode / 100 == 2) {
        line->registrar = msg->src;
        line->registrar_transport = msg->tp;
        re_snprintf(event.peer, sizeof event.peer, "%J", &msg->src);
    }
    line->event(&event, line->context);
}

/* Goes to the registrar that the settings name, if they name one. */
static int go_to_registrar(struct cl_line *line) {
    if (!line->config.registrar) return 0;
    return sipreg_register(&line->registration, line->sip, line->config.registrar, line->config.account, NULL,
                           line->config.account, REGISTRATION_S, "rozmova", NULL, 0, 0, line_login, line, false,
                           on_registered, line, NULL, NULL);
}

static void on_left(void *arg) {
    const int error = go_to_registrar(arg);
    if (error) on_registered(error, NULL, arg);
}

static bool is_same_account(const cl_config *one, const cl_config *other) {
    if (!one->registrar || !other->registrar) return one->registrar == other->registrar;
    return !str_cmp(one->registrar, other->registrar) && !str_cmp(one->account, other->account) &&
           !str_cmp(one->login, other->login) && !str_cmp(one->login_password, other->login_password);
}

/* The host of a registrar that is reached by TLS: who it has to prove to be. Else it is left unset. */
static int host_to_prove(const cl_config *config, struct pl *host) {
    struct uri uri;
    struct pl registrar;
    if (!config->registrar) return 0;
    pl_set_str(&registrar, config->registrar);
    const int error = uri_decode(&uri, &registrar);
    if (!error && is_by_tls(&uri)) *host = uri.host;
    return error;
}

/* Takes other settings while calls go on, all of them or none. Where the line listens stays as it is. */
static int change(struct cl_line *line, const cl_config *config) {
    struct pl host = PL_INIT;
    int error = host_to_prove(config, &host);
    if (!error && line->tls) error = tls_change(line->tls, config->certificate, &host, config->authorities);
    if (error) return error;
    cl_config before = line->config;
    take(line, config);
    line->proves = line->tls && pl_isset(&host);
    if (!is_same_account(&before, config)) {
        const bool was_there = line->registration;
        line->registration = mem_deref(line->registration);
        sa_init(&line->registrar, AF_UNSPEC);
        tmr_start(&line->leaving, was_there ? LEAVING_MS : 0, on_left, line);
    }
    forget(&before);
    return 0;
}

static void on_finished(void *arg) {
    (void)arg;
    re_cancel();
}

/* Calls that nobody acknowledged would hold the stack for half a minute: it goes without them. */
static void on_closing(void *arg) {
    sip_close(((struct cl_line *)arg)->sip, true);
    re_cancel();
}

static void on_command(int id, void *data, void *arg) {
    struct cl_line *line = arg;
    struct command *command = data;
    struct call *call = call_find(line, command->call);
    switch (id) {
    case ANSWER: if (call) call_answer(call); break;
    case HANG_UP: if (call) call_hang_up(call, command->code); break;
    case DIAL: call_dial(line, command->call, command->uri); break;
    case TRANSFER: if (call) call_transfer(call, command->uri, command->other ? call_find(line, command->other) : NULL); break;
    case CHANGE: {
        const int error = change(line, command->config);
        if (error) forget(command->config);
        free(command->config);
        line->event(&(cl_event){.kind = CL_CHANGED, .code = error}, line->context);
        break;
    }
    case STOP:
        while (list_head(&line->calls)) call_hang_up(list_head(&line->calls)->data, 503);
        tmr_cancel(&line->leaving);
        line->registration = mem_deref(line->registration);
        sip_close(line->sip, false);
        /* It would wait up to 20 s for answers that may never come. */
        tmr_start(&line->closing, CLOSING_MS, on_closing, line);
        break;
    }
    free(command);
}

static int open_transports(struct cl_line *line) {
    struct sa address;
    int error = sa_set_str(&address, line->config.address, line->config.port);
    if (!error) error = sip_transp_add(line->sip, SIP_TRANSP_UDP, &address);
    if (!error && line->config.tcp) error = sip_transp_add(line->sip, SIP_TRANSP_TCP, &address);
    if (!error && line->config.tls_port) {
        struct pl host = PL_INIT;
        sa_set_port(&address, line->config.tls_port);
        error = tls_alloc(&line->tls, TLS_METHOD_SSLV23, line->config.certificate, NULL);
        if (!error) error = host_to_prove(&line->config, &host);
        if (!error && pl_isset(&host)) error = tls_verify(line->tls, &host, line->config.authorities);
        line->proves = !error && pl_isset(&host);
        if (!error) error = sip_transp_add(line->sip, SIP_TRANSP_TLS, &address, line->tls);
    }
    return error;
}

static int open_line(struct cl_line *line) {
    struct sa servers[4];
    uint32_t count = 4;
    char domain[64];
    int error = mqueue_alloc(&line->commands, on_command, line);
    if (error) return error;
    rand_bytes(line->secret, sizeof line->secret);
    /* Without a name server everything works but names. */
    if (dns_srv_get(domain, sizeof domain, servers, &count)) count = 0;
    error = dnsc_alloc(&line->dns, NULL, servers, count);
    if (!error) error = sip_alloc(&line->sip, line->dns, 64, 64, 64, NULL, on_finished, line);
    if (!error) error = open_transports(line);
    /* In this order: listeners are asked as they were added. */
    if (!error) error = sip_listen(&line->gate, line->sip, true, on_gate, line);
    if (!error) error = sipsess_listen(&line->sessions, line->sip, 64, call_incoming, line);
    if (!error) error = sipevent_listen(&line->events, line->sip, 64, 64, NULL, NULL);
    if (!error) error = sip_listen(&line->rest, line->sip, true, on_rest, line);
    if (!error) error = go_to_registrar(line);
    return error;
}

/* What all lines of the process share is made once, and stays. */
static void prepare(void) {
    libre_init();
    /* It tells of each message that cannot be read: strangers would write our log. */
    dbg_init(DBG_EMERG, 0);
}

static void *run(void *arg) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct cl_line *line = arg;
    pthread_once(&once, prepare);
    /* A loop of its own: without it all threads would share one. */
    int error = re_thread_init();
    if (!error) error = fd_setsize(4096);
    if (!error) error = open_line(line);
    line->last_pulse = now_us() / 1000;
    pthread_mutex_lock(&line->lock);
    line->error = error;
    line->state = 1;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
    if (!error) {
        on_pulse(line);
        on_keep_alive(line);
        re_main(NULL);
        const cl_event event = {.kind = CL_STOPPED};
        line->event(&event, line->context);
    }
    tmr_cancel(&line->pulse);
    tmr_cancel(&line->keep_alive);
    tmr_cancel(&line->closing);
    tmr_cancel(&line->leaving);
    mem_deref(line->rest);
    mem_deref(line->events);
    mem_deref(line->sessions);
    mem_deref(line->gate);
    mem_deref(line->sip);
    mem_deref(line->tls);
    mem_deref(line->dns);
    mem_deref(line->commands);
    re_thread_close();
    return NULL;
}

/* MARK: from other threads */

static void destroy(struct cl_line *line) {
    forget(&line->config);
    pthread_cond_destroy(&line->changed);
    pthread_mutex_destroy(&line->lock);
    free(line);
}

cl_line *cl_start(const cl_config *config, cl_event_fn event, cl_frame_fn frame, void *context, int32_t *error) {
    struct cl_line *line = calloc(1, sizeof *line);
    if (!line) {
        *error = ENOMEM;
        return NULL;
    }
    cl_config kept;
    keep(&kept, config);
    take(line, &kept);
    line->event = event;
    line->frame = frame;
    line->context = context;
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->changed, NULL);
    tmr_init(&line->pulse);
    tmr_init(&line->keep_alive);
    tmr_init(&line->closing);
    tmr_init(&line->leaving);
    int failure = pthread_create(&line->thread, NULL, run, line);
    if (!failure) {
        pthread_mutex_lock(&line->lock);
        while (!line->state) pthread_cond_wait(&line->changed, &line->lock);
        failure = line->error;
        pthread_mutex_unlock(&line->lock);
        if (failure) pthread_join(line->thread, NULL);
    }
    *error = failure;
    if (!failure) return line;
    destroy(line);
    return NULL;
}

static void push(struct cl_line *line, int id, struct command command) {
    struct command *kept = malloc(sizeof *kept);
    if (!kept) return;
    *kept = command;
    if (mqueue_push(line->commands, id, kept)) free(kept);
}

void cl_change(cl_line *line, const cl_config *config) {
    cl_config *kept = malloc(sizeof *kept);
    if (!kept) return;
    keep(kept, config);
    push(line, CHANGE, (struct command){.config = kept});
}

void cl_stop(cl_line *line) {
    push(line, STOP, (struct command){0});
    pthread_join(line->thread, NULL);
    destroy(line);
}

void cl_answer(cl_line *line, uint64_t call) { push(line, ANSWER, (struct command){.call = call}); }

void cl_hang_up(cl_line *line, uint64_t call, uint16_t code) {
    push(line, HANG_UP, (struct command){.call = call, .code = code});
}

uint64_t cl_dial(cl_line *line, const char *uri) {
    struct command command = {.call = ++line->next_call};
    str_ncpy(command.uri, uri, sizeof command.uri);
    push(line, DIAL, command);
    return command.call;
}

void cl_transfer(cl_line *line, uint64_t call, const char *uri, uint64_t other) {
    struct command command = {.call = call, .other = other};
    str_ncpy(command.uri, uri, sizeof command.uri);
    push(line, TRANSFER, command);
}

void cl_count(cl_line *line, cl_statistics *statistics) {
    *statistics = (cl_statistics){
        .sent = line->sent, .sent_late = line->sent_late, .heard = line->heard, .late = line->late,
        .stray = line->stray, .resynced = line->resynced, .lost = line->lost, .forged = line->forged,
        .replayed = line->replayed, .ignored = line->ignored,
        .refused = line->refused, .failed_digests = line->failed_digests, .calls = line->call_count,
        .alive = now_us() / 1000 - line->last_pulse};
}
