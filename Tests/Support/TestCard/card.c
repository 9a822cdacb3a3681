/* A sound card without hardware: an ALSA plugin whose microphone reads a file and whose loudspeaker writes one.
 * In: a folder with mic.raw (samples as the card has them), card.conf (words: form, rate, channels, speed) and, while it is
 * there, fault. Out: speaker.raw. It is paced by the machine's clock, `speed` times as fast; with speed 0 its clock is the
 * microphone's samples as they are read, so that nothing depends on the machine.
 * fault holds one word and perhaps a direction (capture, playback): EPIPE (once), EPIPES (for ever), EIO, ENODEV, STALL (no
 * sound, no error), BLOCK (calls do not return).
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* Microphone samples that were read so far, of each folder: the clock of cards with speed 0. */
struct board {
    struct board *next;
    char folder[PATH_MAX];
    snd_pcm_uframes_t heard;
};

struct card {
    snd_pcm_ioplug_t io;
    struct board *board;
    FILE *sound;
    double speed;
    struct timespec started;
    snd_pcm_uframes_t started_at, left;
    int running;
};

static pthread_mutex_t boards_lock = PTHREAD_MUTEX_INITIALIZER;
static struct board *boards;

static struct board *board_of(const char *folder) {
    pthread_mutex_lock(&boards_lock);
    struct board *board = boards;
    while (board && strcmp(board->folder, folder)) board = board->next;
    if (!board && (board = calloc(1, sizeof *board))) {
        snprintf(board->folder, sizeof board->folder, "%s", folder);
        board->next = boards;
        boards = board;
    }
    pthread_mutex_unlock(&boards_lock);
    return board;
}

static void path_of(char *path, const char *folder, const char *name) { snprintf(path, PATH_MAX, "%.4000s/%s", folder, name); }

/* Whether the fault of the moment is this one, for this direction. */
static int has_fault(const char *folder, snd_pcm_stream_t stream, const char *wanted) {
    char path[PATH_MAX], word[16] = "", direction[16] = "";
    path_of(path, folder, "fault");
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    int count = fscanf(file, "%15s %15s", word, direction);
    fclose(file);
    if (count < 1 || strcmp(word, wanted)) return 0;
    if (count == 2 && strcmp(direction, stream == SND_PCM_STREAM_CAPTURE ? "capture" : "playback")) return 0;
    if (!strcmp(word, "EPIPE")) unlink(path);
    return 1;
}

static int fails(struct card *card, const char *fault) { return has_fault(card->board->folder, card->io.stream, fault); }

static int is_microphone(struct card *card) { return card->io.stream == SND_PCM_STREAM_CAPTURE; }

/* Frames since the start. */
static snd_pcm_uframes_t position(struct card *card) {
    if (card->speed == 0) {
        if (!is_microphone(card)) return card->board->heard - card->started_at;
        snd_pcm_uframes_t more = card->left < card->io.period_size ? 0 : card->io.period_size;
        return card->io.appl_ptr + more;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = now.tv_sec - card->started.tv_sec + (now.tv_nsec - card->started.tv_nsec) * 1e-9;
    return (snd_pcm_uframes_t)(seconds * card->speed * card->io.rate);
}

static int card_start(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    clock_gettime(CLOCK_MONOTONIC, &card->started);
    card->started_at = card->board->heard;
    card->running = 1;
    double tick = card->speed == 0 ? 2e-4 : (double)io->period_size / io->rate / card->speed;
    struct timespec every = {(time_t)tick, (long)((tick - (time_t)tick) * 1e9)};
    struct itimerspec ticking = {every, every};
    return timerfd_settime(io->poll_fd, 0, &ticking, NULL);
}

static int card_stop(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    card->running = 0;
    struct itimerspec still = {{0, 0}, {0, 0}};
    return timerfd_settime(io->poll_fd, 0, &still, NULL);
}

static int card_prepare(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    card->running = 0;
    return fails(card, "ENODEV") ? -ENODEV : 0;
}

static snd_pcm_sframes_t card_pointer(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    if (fails(card, "EPIPE") || fails(card, "EPIPES") || fails(card, "ENODEV")) return -EPIPE;
    if (!card->running) return 0;
    if (fails(card, "STALL")) return io->hw_ptr % io->buffer_size;
    snd_pcm_uframes_t now = position(card);
    if (is_microphone(card) ? now > io->appl_ptr + io->buffer_size : now > io->appl_ptr) return -EPIPE;
    return now % io->buffer_size;
}

static snd_pcm_sframes_t card_transfer(
    snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t count) {
    struct card *card = io->private_data;
    while (fails(card, "BLOCK")) usleep(20000);
    if (fails(card, "EIO")) return -EIO;
    if (fails(card, "ENODEV")) return -ENODEV;
    char *bytes = (char *)areas->addr + (areas->first + areas->step * offset) / 8;
    size_t size = count * areas->step / 8;
    if (!is_microphone(card)) {
        if (card->sound) fwrite(bytes, 1, size, card->sound);
        if (card->sound) fflush(card->sound);
        return count;
    }
    size_t got = card->sound ? fread(bytes, 1, size, card->sound) : 0;
    memset(bytes + got, 0, size - got);
    card->left -= count < card->left ? count : card->left;
    card->board->heard += count;
    return count;
}

static int card_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned count, unsigned short *events) {
    unsigned long long ticks;
    (void)fds;
    (void)count;
    if (read(io->poll_fd, &ticks, sizeof ticks) < 0 && errno != EAGAIN) return -errno;
    snd_pcm_sframes_t room = snd_pcm_avail_update(io->pcm);
    unsigned short ready = io->stream == SND_PCM_STREAM_CAPTURE ? POLLIN : POLLOUT;
    *events = room < 0 ? POLLERR : room < (snd_pcm_sframes_t)io->period_size ? 0 : ready;
    return 0;
}

static int card_close(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    close(io->poll_fd);
    if (card->sound) fclose(card->sound);
    free(card);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = card_start, .stop = card_stop, .pointer = card_pointer, .transfer = card_transfer, .close = card_close,
    .prepare = card_prepare, .poll_revents = card_revents,
};

/* Reads card.conf: what it does not say is 16-bit mono at 16,000 samples a second, in real time. */
static void configure(struct card *card, snd_pcm_format_t *form, unsigned *rate, unsigned *channels) {
    char path[PATH_MAX], key[16], value[16];
    path_of(path, card->board->folder, "card.conf");
    FILE *file = fopen(path, "r");
    if (!file) return;
    while (fscanf(file, "%15s %15s", key, value) == 2) {
        if (!strcmp(key, "form")) *form = snd_pcm_format_value(value);
        if (!strcmp(key, "rate")) *rate = (unsigned)atoi(value);
        if (!strcmp(key, "channels")) *channels = (unsigned)atoi(value);
        if (!strcmp(key, "speed")) card->speed = atof(value);
    }
    fclose(file);
}

SND_PCM_PLUGIN_DEFINE_FUNC(testcard) {
    const char *folder = NULL;
    snd_config_iterator_t entry, next;
    (void)root;
    snd_config_for_each(entry, next, conf) {
        snd_config_t *node = snd_config_iterator_entry(entry);
        const char *id;
        if (snd_config_get_id(node, &id) >= 0 && !strcmp(id, "folder")) snd_config_get_string(node, &folder);
    }
    if (!folder) return -EINVAL;
    if (has_fault(folder, stream, "ENODEV")) return -ENODEV;
    struct card *card = calloc(1, sizeof *card);
    if (!card) return -ENOMEM;
    card->board = board_of(folder);
    card->speed = 1;
    snd_pcm_format_t form = SND_PCM_FORMAT_S16_LE;
    unsigned rate = 16000, channels = 1;
    configure(card, &form, &rate, &channels);
    char path[PATH_MAX];
    path_of(path, folder, stream == SND_PCM_STREAM_CAPTURE ? "mic.raw" : "speaker.raw");
    card->sound = fopen(path, stream == SND_PCM_STREAM_CAPTURE ? "rb" : "ab");
    if (card->sound && stream == SND_PCM_STREAM_CAPTURE) {
        fseek(card->sound, 0, SEEK_END);
        card->left = (snd_pcm_uframes_t)ftell(card->sound) / channels / (snd_pcm_uframes_t)snd_pcm_format_size(form, 1);
        rewind(card->sound);
    }
    card->io.version = SND_PCM_IOPLUG_VERSION;
    card->io.name = "a sound card for tests";
    card->io.callback = &callbacks;
    card->io.private_data = card;
    card->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    card->io.poll_events = POLLIN;
    int error = snd_pcm_ioplug_create(&card->io, name, stream, mode);
    if (error < 0) {
        card_close(&card->io);
        return error;
    }
    unsigned access = SND_PCM_ACCESS_RW_INTERLEAVED, forms = (unsigned)form;
    snd_pcm_ioplug_set_param_list(&card->io, SND_PCM_IOPLUG_HW_ACCESS, 1, &access);
    snd_pcm_ioplug_set_param_list(&card->io, SND_PCM_IOPLUG_HW_FORMAT, 1, &forms);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 65536);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_PERIODS, 2, 64);
    *pcmp = card->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(testcard);
