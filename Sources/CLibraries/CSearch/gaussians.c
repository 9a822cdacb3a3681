// How well the sound fits each part of a phone, PocketSphinx' way, anew: the same numbers to the last bit, of eight densities
// at once, with one table of densities for all decoders of a model. The engine's struct holds the functions to call; ours are
// put there when it has loaded its model.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sphinxbase/ckd_alloc.h>

#include "engine.h"

// Of the engine, in no installed header.
struct gaussians *ptm_mgau_init(struct acoustic_model *, struct model_definition *);

enum {
    together = 8,
    head_length = 4,
    senones_together = 32,
    most_steps = 16,
    /// The worst that a density counts, after it is set beside the best of the frame.
    worst_near = 96,
    /// Streams times densities looked at of each that there is room for.
    most_rows = 64,
};

typedef float lanes __attribute__((vector_size(together * sizeof(float))));
typedef int16_t senone_lanes __attribute__((vector_size(senones_together * sizeof(int16_t))));
typedef uint8_t senone_bytes __attribute__((vector_size(senones_together)));

/// Means and variances of `together` densities in one dimension.
struct moments {
    lanes means, variances;
};

/// The first dimensions of `together` densities of a stream, by which most are seen to be far away.
struct head {
    lanes start;
    struct moments of[head_length];
};

struct table {
    struct table *other;
    int users, blocks;
    size_t bytes, codebook_bytes;
    /// Within a codebook: where the heads of a stream are, one after the other, and where its other dimensions.
    size_t heads[most_rows], tails[most_rows];
    /// How many of these there are.
    int tail_length[most_rows];
    char *data;
};

/// The functions in the engine's struct, and what they need to know.
struct bound {
    struct gaussian_functions functions;
    struct gaussian_functions const *engines;
    struct table *table;
    /// By how much the sum of two is more than the better one: one for each step that they are apart by less than.
    int steps;
    int16_t step[most_steps];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct table *tables;

static struct table *table_of(struct gaussians *gaussians) { return ((struct bound *)gaussians->functions)->table; }

static struct head *heads(struct table const *table, int codebook, int stream) {
    return (struct head *)(table->data + (size_t)codebook * table->codebook_bytes + table->heads[stream]);
}

static struct moments *tails(struct table const *table, int codebook, int stream) {
    return (struct moments *)(table->data + (size_t)codebook * table->codebook_bytes + table->tails[stream]);
}

// MARK: The table

static struct table *make_table(struct densities const *densities) {
    struct table *table = calloc(1, sizeof *table);
    table->users = 1;
    table->blocks = (densities->count + together - 1) / together;
    for (int stream = 0; stream < densities->streams; stream++) {
        table->tail_length[stream] = densities->lengths[stream] - head_length;
        table->heads[stream] = table->codebook_bytes;
        table->tails[stream] = table->codebook_bytes + (size_t)table->blocks * sizeof(struct head);
        table->codebook_bytes =
            table->tails[stream] + (size_t)(table->blocks * table->tail_length[stream]) * sizeof(struct moments);
    }
    table->bytes = (size_t)densities->codebooks * table->codebook_bytes;
    table->data = aligned_alloc(sizeof(lanes), table->bytes);
    memset(table->data, 0, table->bytes);
    for (int codebook = 0; codebook < densities->codebooks; codebook++) {
        for (int stream = 0; stream < densities->streams; stream++) {
            int tail_length = table->tail_length[stream];
            for (int i = 0; i < table->blocks * together; i++) {
                struct head *head = &heads(table, codebook, stream)[i / together];
                struct moments *tail = &tails(table, codebook, stream)[i / together * tail_length];
                int lane = i % together;
                if (i >= densities->count) {
                    head->start[lane] = -INFINITY;
                    continue;
                }
                head->start[lane] = densities->determinants[codebook][stream][i];
                for (int d = 0; d < densities->lengths[stream]; d++) {
                    struct moments *moments = d < head_length ? &head->of[d] : &tail[d - head_length];
                    moments->means[lane] = densities->means[codebook][stream][i][d];
                    moments->variances[lane] = densities->variances[codebook][stream][i][d];
                }
            }
        }
    }
    return table;
}

static void free_table(struct table *table) {
    free(table->data);
    free(table);
}

/// Gives the engine's arrays up for a table, the one of another decoder where that has the same.
static struct table *take_table(struct densities *densities) {
    struct table *table = make_table(densities);
    float *****arrays[] = {&densities->means, &densities->variances};
    for (int i = 0; i < 2; i++) {
        ckd_free((*arrays[i])[0][0][0]);
        ckd_free_3d(*arrays[i]);
        *arrays[i] = NULL;
    }
    pthread_mutex_lock(&lock);
    struct table *known = tables;
    while (known && (known->bytes != table->bytes || memcmp(known->data, table->data, table->bytes) != 0)) {
        known = known->other;
    }
    if (known) {
        known->users++;
    } else {
        table->other = tables;
        tables = table;
    }
    pthread_mutex_unlock(&lock);
    if (!known) return table;
    free_table(table);
    return known;
}

static void leave_table(struct table *table) {
    pthread_mutex_lock(&lock);
    bool is_last = --table->users == 0;
    struct table **place = &tables;
    while (is_last && *place != table) place = &(*place)->other;
    if (is_last) *place = table->other;
    pthread_mutex_unlock(&lock);
    if (is_last) free_table(table);
}

// MARK: Densities

// Products and sums must be rounded as the engine's are.
#pragma STDC FP_CONTRACT OFF

/// How well one density fits, as a logarithm.
static float fit(struct table const *table, int codebook, int stream, int number, float const *sound) {
    struct head const *head = &heads(table, codebook, stream)[number / together];
    int tail_length = table->tail_length[stream];
    struct moments const *tail = &tails(table, codebook, stream)[number / together * tail_length];
    int lane = number % together;
    float fit = head->start[lane];
    for (int d = 0; d < head_length; d++) {
        float difference = sound[d] - head->of[d].means[lane];
        fit -= difference * difference * head->of[d].variances[lane];
    }
    for (int d = 0; d < tail_length; d++) {
        float difference = sound[head_length + d] - tail[d].means[lane];
        fit -= difference * difference * tail[d].variances[lane];
    }
    return fit;
}

/// Brings those up to date that were nearest in the frame before.
static void renew(
    struct table const *table, int codebook, int stream, float const *sound, struct near_density *near, int count
) {
    for (int i = 0; i < count; i++) {
        struct near_density one = {
            near[i].number, (int32_t)fit(table, codebook, stream, near[i].number, sound)};
        int place = i;
        for (; place > 0 && one.score > near[place - 1].score; place--) near[place] = near[place - 1];
        near[place] = one;
    }
}

static void insert(struct near_density *near, int count, int number, int32_t score) {
    for (int i = 0; i < count; i++) {
        if (near[i].number == number) return;
    }
    int place = count - 1;
    for (; place > 0 && score >= near[place - 1].score; place--) near[place] = near[place - 1];
    near[place] = (struct near_density){number, score};
}

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

WIDE static void find_nearer(
    struct head const *head, struct moments const *tail, int blocks, int tail_length, float const *sound,
    struct near_density *near, int count
) {
    for (int b = 0; b < blocks; b++, head++, tail += tail_length) {
        lanes worst = (lanes){} + (float)near[count - 1].score;
        lanes fit = head->start;
        for (int d = 0; d < head_length; d++) {
            lanes difference = sound[d] - head->of[d].means;
            fit -= difference * difference * head->of[d].variances;
        }
        // A fit only ever becomes worse.
        if (!__builtin_reduce_or(fit >= worst)) continue;
        for (int d = 0; d < tail_length; d++) {
            lanes difference = sound[head_length + d] - tail[d].means;
            fit -= difference * difference * tail[d].variances;
        }
        if (!__builtin_reduce_or(fit >= worst)) continue;
        for (int lane = 0; lane < together; lane++) {
            if (fit[lane] >= (float)near[count - 1].score) {
                insert(near, count, b * together + lane, (int32_t)fit[lane]);
            }
        }
    }
}

/// Sets the nearest densities of each stream beside the best of all.
static void normalize(struct gaussians *gaussians) {
    struct densities *densities = gaussians->densities;
    for (int stream = 0; stream < densities->streams; stream++) {
        int32_t best = worst_score;
        for (int codebook = 0; codebook < densities->codebooks; codebook++) {
            if (bitvec_is_clear(gaussians->now->active_codebooks, codebook)) continue;
            int32_t score = gaussians->now->of[codebook][stream][0].score >> score_shift;
            if (score > best) best = score;
        }
        for (int codebook = 0; codebook < densities->codebooks; codebook++) {
            if (bitvec_is_clear(gaussians->now->active_codebooks, codebook)) continue;
            for (int i = 0; i < gaussians->near; i++) {
                int32_t *score = &gaussians->now->of[codebook][stream][i].score;
                *score = best - (*score >> score_shift);
                if (*score > worst_near) *score = worst_near;
            }
        }
    }
}

static void find_nearest(
    struct gaussians *gaussians, uint8_t const *active, int32_t count, float **features, int32_t frame, bool all
) {
    struct densities *densities = gaussians->densities;
    struct table *table = table_of(gaussians);
    bitvec_t *active_codebooks = gaussians->now->active_codebooks;
    if (all) {
        bitvec_set_all(active_codebooks, densities->codebooks);
    } else {
        bitvec_clear_all(active_codebooks, densities->codebooks);
        for (int32_t i = 0, senone = 0; i < count; i++) {
            senone += active[i];
            bitvec_set(active_codebooks, gaussians->codebook_of_senone[senone]);
        }
    }
    for (int codebook = 0; codebook < densities->codebooks; codebook++) {
        for (int stream = 0; stream < densities->streams; stream++) {
            struct near_density *near = gaussians->now->of[codebook][stream];
            renew(table, codebook, stream, features[stream], near, gaussians->near);
            if (frame % gaussians->downsampling != 0 || bitvec_is_clear(active_codebooks, codebook)) continue;
            find_nearer(
                heads(table, codebook, stream), tails(table, codebook, stream), table->blocks,
                table->tail_length[stream], features[stream], near, gaussians->near);
        }
    }
    normalize(gaussians);
}

// MARK: Senones

/// The weights that a density has in all senones, and how near it is.
struct row {
    uint8_t const *weights;
    int score;
};

/// Rows of the nearest densities of `codebook`. Of one that is not looked at all are far away.
static void take_rows(struct gaussians *gaussians, int codebook, struct row *rows) {
    bool is_active = bitvec_is_set(gaussians->now->active_codebooks, codebook) != 0;
    for (int stream = 0; stream < gaussians->densities->streams; stream++) {
        for (int i = 0; i < gaussians->near; i++) {
            struct near_density *near = &gaussians->now->of[codebook][stream][i];
            if (!is_active) near->score = worst_near;
            *rows++ = (struct row){gaussians->weights[stream][near->number], near->score};
        }
    }
}

/// Scores of up to `senones_together` senones in a row, by the rows of their codebook.
WIDE static void score_together(
    struct bound const *bound, struct row const *row, int streams, int near, int first, int count, int16_t *scores
) {
    senone_lanes total = {};
    for (int stream = 0; stream < streams; stream++) {
        senone_lanes sum = {};
        for (int j = 0; j < near; j++, row++) {
            senone_bytes bytes = {};
            if (count == senones_together) memcpy(&bytes, row->weights + first, sizeof bytes);
            else memcpy(&bytes, row->weights + first, (size_t)count);
            senone_lanes other = __builtin_convertvector(bytes, senone_lanes) + (int16_t)row->score;
            if (j == 0) {
                sum = other;
                continue;
            }
            senone_lanes smaller = __builtin_elementwise_min(sum, other);
            senone_lanes apart = sum + other - smaller - smaller;
            sum = smaller;
            // The farther apart two are, the less both are more than the better one. What is true counts -1.
            for (int i = 0; i < bound->steps; i++) sum += apart < bound->step[i];
        }
        total += sum;
    }
    memcpy(scores + first, &total, (size_t)count * sizeof *scores);
}

static int least(int one, int other) { return one < other ? one : other; }

/// Sums of two are looked up in the engine; here it counts how many of a few steps they are below.
static bool take_steps(struct bound *bound, struct gaussians const *gaussians) {
    logadd_t const *sums = (logadd_t const *)gaussians->byte_logarithms;
    uint8_t const *sum = sums->table;
    if (sum[0] > most_steps) return false;
    bound->steps = sum[0];
    for (int i = 0; i < bound->steps; i++) {
        while (bound->step[i] < (int16_t)sums->table_size && sum[bound->step[i]] > i) bound->step[i]++;
    }
    return true;
}

static void score_senones(
    struct gaussians *gaussians, int16_t *scores, uint8_t const *active, int32_t count, bool all
) {
    struct row rows[most_rows];
    int32_t best = INT32_MAX;
    if (all) count = gaussians->senones;
    for (int32_t i = 0, senone = 0, end = 0, codebook = -1; i < count; i++) {
        senone = all ? i : senone + active[i];
        bool is_other = gaussians->codebook_of_senone[senone] != codebook;
        if (is_other) {
            codebook = gaussians->codebook_of_senone[senone];
            take_rows(gaussians, codebook, rows);
        }
        if (is_other || senone >= end) {
            // Those of other codebooks that are among them are scored again when it is their turn.
            end = senone + least(senones_together, gaussians->senones - senone);
            score_together(
                (struct bound *)gaussians->functions, rows, gaussians->densities->streams, gaussians->near, senone,
                end - senone, scores);
        }
        best = least(best, scores[senone]);
    }
    for (int32_t i = 0; i < gaussians->senones; i++) scores[i] = (int16_t)(scores[i] - best);
}

// MARK: What the engine calls

static int evaluate(
    struct gaussians *gaussians, int16_t *scores, uint8_t *active, int32_t count, float **features, int32_t frame,
    int32_t all
) {
    int index = frame % gaussians->kept_frames;
    gaussians->now = &gaussians->frames[index];
    if (frame >= gaussians->frame) {
        struct densities *densities = gaussians->densities;
        struct nearest *before = &gaussians->frames[(index + gaussians->kept_frames - 1) % gaussians->kept_frames];
        size_t size = (size_t)(densities->codebooks * densities->streams * gaussians->near);
        memcpy(gaussians->now->of[0][0], before->of[0][0], size * sizeof(struct near_density));
        find_nearest(gaussians, active, count, features, frame, all != 0);
    }
    score_senones(gaussians, scores, active, count, all != 0);
    return 0;
}

/// The engine reads its arrays again for that.
static int transform(struct gaussians *gaussians, void *by) {
    struct bound *bound = (struct bound *)gaussians->functions;
    int result = bound->engines->transform(gaussians, by);
    leave_table(bound->table);
    bound->table = take_table(gaussians->densities);
    return result;
}

static void release(struct gaussians *gaussians) {
    struct bound *bound = (struct bound *)gaussians->functions;
    bound->engines->free(gaussians);
    leave_table(bound->table);
    free(bound);
}

/// Whether a model is within what there is room for here, as all are that are known.
static bool fits(struct gaussians const *gaussians) {
    for (int stream = 0; stream < gaussians->densities->streams; stream++) {
        if (gaussians->densities->lengths[stream] < head_length) return false;
    }
    return !gaussians->weight_values && gaussians->densities->streams * gaussians->near <= most_rows;
}

struct gaussians *ptm_mgau_init(struct acoustic_model *model, struct model_definition *definition) {
    struct gaussians *gaussians = ENGINES(ptm_mgau_init)(model, definition);
    if (!gaussians || engine_is_plain || !fits(gaussians)) return gaussians;
    struct bound *bound = calloc(1, sizeof *bound);
    if (!take_steps(bound, gaussians)) {
        free(bound);
        return gaussians;
    }
    bound->engines = gaussians->functions;
    bound->functions = (struct gaussian_functions){bound->engines->name, evaluate, transform, release};
    bound->table = take_table(gaussians->densities);
    gaussians->functions = &bound->functions;
    return gaussians;
}
