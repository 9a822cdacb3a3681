/* Loss concealment: what was lost is filled with the last period of the voice, repeated and fading, or with the last noise
   backwards. In: pieces of 10 ms that came. Out: pieces for those that did not. (spandsp has one, which copies overlapping
   memory.) */
#include "line.h"

enum {
    FADE_PIECES = 6, /* after 60 ms nobody can guess what was said */
    NOISE_SHARE = 2  /* what differs from itself, a period later, by more than half of what it is, is no voice */
};

/* The lag at which the end of the history resembles itself most: 66 to 400 times a second. 0 where it hardly does. */
static int period_of(const struct concealer *state, int rate) {
    const int span = rate / 100, least = rate / 400, most = rate / 66;
    const int16_t *end = state->history + HISTORY;
    int64_t best = INT64_MAX, all = 0;
    int period = most;
    for (int i = 1; i <= span; i += 2) all += labs((long)end[-i]);
    for (int lag = least; lag <= most; lag++) {
        int64_t difference = 0;
        for (int i = 1; i <= span; i += 2) difference += labs((long)end[-i] - end[-i - lag]);
        if (difference < best) {
            best = difference;
            period = lag;
        }
    }
    return best * NOISE_SHARE > all ? 0 : period;
}

static void remember(struct concealer *state, const int16_t *samples, int count) {
    memmove(state->history, state->history + count, sizeof *state->history * (size_t)(HISTORY - count));
    memcpy(state->history + HISTORY - count, samples, sizeof *samples * (size_t)count);
}

/* The voice as it would go on: a period is repeated, and fades. */
static void go_on(struct concealer *state, int16_t *samples, int count) {
    for (int i = 0; i < count; i++) {
        const int faded = FADE_PIECES * count - state->filled;
        const int16_t sample = state->cycle[state->place];
        samples[i] = faded > 0 ? (int16_t)((int64_t)sample * faded / (FADE_PIECES * count)) : 0;
        state->place = (state->place + 1) % state->period;
        if (faded > 0) state->filled++;
    }
}

void conceal_fill(struct concealer *state, int16_t *samples, int count, int rate) {
    if (!state->filled) {
        state->period = period_of(state, rate);
        state->place = 0;
        if (state->period) {
            memcpy(state->cycle, state->history + HISTORY - state->period, sizeof *state->cycle * (size_t)state->period);
        } else {
            /* Repeated so often noise would hum, and a hum is heard as the beginning of a word. */
            state->period = rate / 25;
            for (int i = 0; i < state->period; i++) state->cycle[i] = state->history[HISTORY - 1 - i];
        }
    }
    go_on(state, samples, count);
    remember(state, samples, count);
}

/* Takes a piece that came; behind a gap it is blended with what was made up, so that nothing clicks. */
void conceal_take(struct concealer *state, int16_t *samples, int count) {
    if (state->filled) {
        int16_t made[2 * PIECE];
        const int blend = count / 2;
        go_on(state, made, count);
        for (int i = 0; i < blend; i++) samples[i] = (int16_t)((samples[i] * i + made[i] * (blend - i)) / blend);
        state->filled = 0;
    }
    remember(state, samples, count);
}
