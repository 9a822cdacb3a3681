// PocketSphinx' search through a network of words, anew: the same paths with the same scores in the same order, on a tree
// that decoders share (`tree.h`), with the state of an utterance only where a path is. As the engine calls its functions like
// any of a shared library, those of the same name in the program itself come first.

#define _GNU_SOURCE
#include "search.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

_Thread_local bool engine_is_plain;

// Of the engine, in no installed header.
void *fsg_lextree_init(
    fsg_model_t *, struct dictionary *, struct triphones *, struct model_definition *, struct hmm_context *,
    int32_t word_penalty, int32_t phone_penalty);
void fsg_lextree_free(void *tree);
int fsg_search_start(struct network_search *);
int fsg_search_step(struct network_search *, int frame);
int fsg_search_finish(struct network_search *);
void fsg_history_set_fsg(struct history *, fsg_model_t *, void *dictionary);
extern void fsg_history_reset(struct history *);
extern int32_t fsg_history_n_entries(struct history *);
extern void acmod_clear_active(struct acoustic_model *);
extern int16_t const *acmod_score(struct acoustic_model *, int *frame);
extern int32_t bin_mdef_ciphone_id(struct model_definition *, char const *);
void *blkarray_list_init(void);
extern void *_blkarray_list_init(int32_t most_blocks, int32_t block);
extern int32_t blkarray_list_append(void *list, void *data);
extern void hmm_init(struct hmm_context *, struct hmm *, int is_multiplex, int sequence, int transitions);
extern int32_t hmm_vit_eval(struct hmm *);

/// Where a path is.
struct place {
    struct hmm hmm;
    int32_t node;
};

/// Ends of words in this frame, for one state and one last phone: the best first, none where a better one covers its phones.
struct ending {
    int32_t state, phone;
    int32_t first, next_in_bucket;
};

struct ending_entry {
    struct history_entry entry;
    int32_t next;
};

enum { buckets = 256, places_together = 256 };

/// What a search keeps beside the tree; in the engine's eyes its tree.
struct walk {
    /// Nothing of the engine has this address there.
    void const *mark;
    struct tree *tree;
    long most_places;
    /// While an utterance is heard: of each node the number of its place plus one, or 0.
    uint32_t *place_of;
    struct place **blocks;
    uint32_t block_count, *free_places, free_count, free_room;
    uint32_t *active, active_count, active_room;
    uint32_t *next, next_count, next_room;
    int32_t bucket[buckets];
    struct ending *endings;
    size_t ending_count, ending_room;
    struct ending_entry *pending;
    size_t pending_count, pending_room;
    /// Those that this frame added to the history.
    struct history_entry **recent;
    size_t recent_count, recent_room;
};

static char const mark;

static struct walk *walk_of(struct network_search *search) {
    struct walk *walk = search->tree;
    return walk->mark == &mark ? walk : NULL;
}

// MARK: Networks

void *fsg_lextree_init(
    fsg_model_t *network, struct dictionary *dictionary, struct triphones *triphones, struct model_definition *model,
    struct hmm_context *context, int32_t word_penalty, int32_t phone_penalty
) {
    if (engine_is_plain) {
        return ENGINES(fsg_lextree_init)(
            network, dictionary, triphones, model, context, word_penalty, phone_penalty);
    }
    struct tree *tree = tree_shared(network);
    struct walk *walk = calloc(1, sizeof *walk);
    walk->mark = &mark;
    walk->tree = tree ? tree : tree_of(network, dictionary, triphones, model, word_penalty, phone_penalty);
    return walk;
}

static void forget(struct walk *walk) {
    for (uint32_t i = 0; i < walk->block_count; i++) free(walk->blocks[i]);
    free(walk->blocks);
    free(walk->place_of);
    free(walk->free_places);
    free(walk->active);
    free(walk->next);
    free(walk->endings);
    free(walk->pending);
    free(walk->recent);
    *walk = (struct walk){.mark = walk->mark, .tree = walk->tree};
}

void fsg_lextree_free(void *tree) {
    struct walk *walk = tree;
    if (!walk || walk->mark != &mark) return ENGINES(fsg_lextree_free)(tree);
    forget(walk);
    tree_release(walk->tree);
    free(walk);
}

/// The engine would keep a list for each state of the network and each phone.
void fsg_history_set_fsg(struct history *history, fsg_model_t *network, void *dictionary) {
    ENGINES(fsg_history_set_fsg)(history, engine_is_plain ? network : NULL, dictionary);
    history->network = network;
}

/// The engine would set 131 KB aside for each network, to find the blocks of 268 million ends of words. Of a minute's sound
/// there are some hundred thousand.
void *blkarray_list_init(void) {
    enum { most_blocks = 4096, block = 4096 };
    return engine_is_plain ? ENGINES(blkarray_list_init)() : _blkarray_list_init(most_blocks, block);
}

// MARK: Places

static struct place *place(struct walk *walk, uint32_t number) {
    return &walk->blocks[number / places_together][number % places_together];
}

static uint32_t take_place(struct walk *walk, struct hmm_context *context, int32_t node) {
    if (walk->free_count == 0) {
        uint32_t first = walk->block_count * places_together;
        walk->blocks = realloc(walk->blocks, (walk->block_count + 1) * sizeof *walk->blocks);
        walk->blocks[walk->block_count++] = malloc(places_together * sizeof **walk->blocks);
        for (uint32_t i = places_together; i-- > 0;) *PUSH(walk->free_places, walk->free_count, walk->free_room) = first + i;
    }
    uint32_t number = walk->free_places[--walk->free_count];
    struct place *taken = place(walk, number);
    hmm_init(context, &taken->hmm, 0, walk->tree->node[node].sequence, walk->tree->node[node].transitions);
    taken->node = node;
    walk->place_of[node] = number + 1;
    return number;
}

static void give_back(struct walk *walk, uint32_t number) {
    walk->place_of[place(walk, number)->node] = 0;
    *PUSH(walk->free_places, walk->free_count, walk->free_room) = number;
}

/// A path comes to `node`, where its score is better than that of the one that is there.
static void enter(
    struct walk *walk, struct hmm_context *context, int32_t node, int32_t score, int32_t history, int32_t frame
) {
    uint32_t known = walk->place_of[node];
    if (score <= (known ? place(walk, known - 1)->hmm.score[0] : worst_score)) return;
    uint32_t number = known ? known - 1 : take_place(walk, context, node);
    struct hmm *hmm = &place(walk, number)->hmm;
    if (hmm->frame < frame) *PUSH(walk->next, walk->next_count, walk->next_room) = number;
    hmm->score[0] = score;
    hmm->history[0] = history;
    hmm->frame = frame;
}

static int32_t better(int32_t one, int32_t other) { return one > other ? one : other; }

/// One frame in a phone of three states, each of which leads to itself, the next, and perhaps the one after that. The order
/// of comparisons decides between paths that are equal, so it is the engine's.
static int32_t advance(struct hmm *hmm, int16_t const *senone_scores) {
    if (hmm->states != 3) return hmm_vit_eval(hmm);
    uint8_t const *transitions = hmm->context->transitions[hmm->transitions][0];
    enum { columns = 4, impossible = 255 };
    int32_t s2 = hmm->score[2] - senone_scores[hmm->senones[2]];
    int32_t s1 = hmm->score[1] - senone_scores[hmm->senones[1]];
    int32_t s0 = hmm->score[0] - senone_scores[hmm->senones[0]];
    int32_t best = worst_score;
    int32_t skipped = INT32_MIN;
    if (s1 > worst_score) {
        int32_t onward = s2 - transitions[2 * columns + 3];
        if (transitions[1 * columns + 3] < impossible) skipped = s1 - transitions[1 * columns + 3];
        hmm->out_history = hmm->history[onward > skipped ? 2 : 1];
        best = hmm->out_score = better(better(onward, skipped), worst_score);
    }
    int32_t stayed = s2 - transitions[2 * columns + 2];
    int32_t onward = s1 - transitions[1 * columns + 2];
    if (transitions[0 * columns + 2] < impossible) skipped = s0 - transitions[0 * columns + 2];
    if (skipped > better(stayed, onward)) {
        hmm->history[2] = hmm->history[0];
    } else if (stayed <= onward) {
        hmm->history[2] = hmm->history[1];
    }
    s2 = better(better(better(stayed, onward), skipped), worst_score);
    best = better(best, s2);
    hmm->score[2] = s2;
    stayed = s1 - transitions[1 * columns + 1];
    onward = s0 - transitions[0 * columns + 1];
    if (stayed <= onward) hmm->history[1] = hmm->history[0];
    s1 = better(better(stayed, onward), worst_score);
    best = better(best, s1);
    hmm->score[1] = s1;
    s0 = better(s0 - transitions[0], worst_score);
    best = better(best, s0);
    hmm->score[0] = s0;
    hmm->best_score = best;
    return best;
}

// MARK: Ends of words

/// Takes the phones of `other` from `set`; whether any remain.
static bool subtract(uint32_t *set, uint32_t const *other) {
    uint32_t rest = 0;
    for (int i = 0; i < phone_words; i++) rest |= set[i] &= ~other[i];
    return rest != 0;
}

static struct ending *ending(struct walk *walk, int32_t state, int32_t phone) {
    int32_t *bucket = &walk->bucket[((uint32_t)state * 61 + (uint32_t)phone) % buckets];
    for (int32_t i = *bucket; i; i = walk->endings[i - 1].next_in_bucket) {
        struct ending *found = &walk->endings[i - 1];
        if (found->state == state && found->phone == phone) return found;
    }
    struct ending *new = PUSH(walk->endings, walk->ending_count, walk->ending_room);
    *new = (struct ending){.state = state, .phone = phone, .first = -1, .next_in_bucket = *bucket};
    *bucket = (int32_t)walk->ending_count;
    return new;
}

static void add_ending(struct walk *walk, struct history_entry entry) {
    struct ending *list = ending(walk, entry.link->to_state, entry.left);
    int32_t before = -1;
    int32_t after = list->first;
    for (; after >= 0 && entry.score <= walk->pending[after].entry.score; after = walk->pending[after].next) {
        if (!subtract(entry.right, walk->pending[after].entry.right)) return;
        before = after;
    }
    int32_t new = (int32_t)walk->pending_count;
    *PUSH(walk->pending, walk->pending_count, walk->pending_room) = (struct ending_entry){.entry = entry, .next = after};
    *(before < 0 ? &list->first : &walk->pending[before].next) = new;
    before = new;
    for (; after >= 0; after = walk->pending[after].next) {
        if (subtract(walk->pending[after].entry.right, entry.right)) {
            before = after;
        } else {
            walk->pending[before].next = walk->pending[after].next;
        }
    }
}

static void record(struct walk *walk, struct history *history, struct history_entry const *entry) {
    // The engine frees each by itself.
    struct history_entry *kept = malloc(sizeof *kept);
    *kept = *entry;
    blkarray_list_append(history->entries, kept);
    *PUSH(walk->recent, walk->recent_count, walk->recent_room) = kept;
}

static int by_state_and_phone(void const *left, void const *right) {
    struct ending const *one = left, *other = right;
    return one->state != other->state ? (one->state > other->state) - (one->state < other->state)
                                      : (one->phone > other->phone) - (one->phone < other->phone);
}

/// Hands what remains of the ends of words to the history, in the engine's order.
static void settle(struct walk *walk, struct history *history) {
    if (walk->ending_count == 0) return;
    qsort(walk->endings, walk->ending_count, sizeof *walk->endings, by_state_and_phone);
    for (size_t i = 0; i < walk->ending_count; i++) {
        for (int32_t j = walk->endings[i].first; j >= 0; j = walk->pending[j].next) {
            record(walk, history, &walk->pending[j].entry);
        }
    }
    memset(walk->bucket, 0, sizeof walk->bucket);
    walk->ending_count = walk->pending_count = 0;
}

static void end_word(struct walk *walk, struct network_search *search, struct place *place) {
    struct node *node = &walk->tree->node[place->node];
    struct history_entry entry = {
        .link = walk->tree->arcs[node->next], .score = place->hmm.out_score, .before = place->hmm.out_history,
        .frame = search->frame, .left = node->phone,
    };
    if (node->ends_anyhow) {
        memset(entry.right, 0xFF, sizeof entry.right);
    } else {
        memcpy(entry.right, walk->tree->contexts[node->context].words, sizeof entry.right);
    }
    add_ending(walk, entry);
}

/// Ends of words go on over arcs without a word, once: networks have no two in a row.
static void follow_empties(struct walk *walk, struct network_search *search) {
    int32_t threshold = search->best_score + search->word_beam;
    size_t count = walk->recent_count;
    for (size_t i = 0; i < count; i++) {
        struct history_entry entry = *walk->recent[i];
        struct state *state = &walk->tree->state[entry.link ? entry.link->to_state : search->network->start_state];
        for (int32_t e = 0; e < state->empties; e++) {
            fsg_link_t *link = walk->tree->empties[state->first_empty + e];
            struct history_entry further = entry;
            further.link = link;
            further.score += link->logs2prob >> score_shift;
            further.before = search->first_entry + (int32_t)i;
            if (further.score < threshold) continue;
            // Before the first frame nothing is compared.
            if (search->frame < 0) record(walk, search->history, &further);
            else add_ending(walk, further);
        }
    }
    settle(walk, search->history);
}

static void begin_words(struct walk *walk, struct network_search *search) {
    struct tree *tree = walk->tree;
    int32_t threshold = search->best_score + search->beam;
    for (size_t i = 0; i < walk->recent_count; i++) {
        struct history_entry *entry = walk->recent[i];
        struct state *state = &tree->state[entry->link ? entry->link->to_state : search->network->start_state];
        uint64_t const *row = &tree->matches[state->first_match + (size_t)entry->left * state->row];
        for (size_t word = 0; word < state->row; word++) {
            for (uint64_t bits = row[word]; bits; bits &= bits - 1) {
                int32_t number = tree->roots[state->first_root + (int32_t)(word * 64) + __builtin_ctzll(bits)];
                struct node *root = &tree->node[number];
                int32_t score = entry->score + root->log_probability;
                if (score <= threshold || !(entry->right[root->phone >> 5] >> (root->phone & 31) & 1)) continue;
                enter(walk, search->hmm_context, number, score, search->first_entry + (int32_t)i, search->frame + 1);
            }
        }
    }
}

// MARK: One utterance

static void turn_over(struct walk *walk, struct network_search *search) {
    uint32_t *list = walk->active, room = walk->active_room;
    walk->active = walk->next;
    walk->active_count = walk->next_count;
    walk->active_room = walk->next_room;
    walk->next = list;
    walk->next_room = room;
    walk->next_count = 0;
    search->frame++;
}

static void widen(struct network_search *search) {
    search->beam_factor = 1;
    search->beam = search->beam_wanted;
    search->phone_beam = search->phone_beam_wanted;
    search->word_beam = search->word_beam_wanted;
}

int fsg_search_start(struct network_search *search) {
    struct walk *walk = walk_of(search);
    if (!walk) return ENGINES(fsg_search_start)(search);
    forget(walk);
    walk->place_of = calloc((size_t)walk->tree->nodes, sizeof *walk->place_of);
    walk->most_places = cmd_ln_int_r(search->configuration, "-maxhmmpf");
    widen(search);
    fsg_history_reset(search->history);
    search->is_final = false;
    search->frame = -1;
    search->best_score = 0;
    search->first_entry = 0;
    struct history_entry start = {
        .before = -1, .frame = -1, .left = (int16_t)bin_mdef_ciphone_id(search->model->definition, "SIL"),
    };
    memset(start.right, 0xFF, sizeof start.right);
    record(walk, search->history, &start);
    follow_empties(walk, search);
    begin_words(walk, search);
    turn_over(walk, search);
    return 0;
}

int fsg_search_step(struct network_search *search, int frame) {
    struct walk *walk = walk_of(search);
    if (!walk) return ENGINES(fsg_search_step)(search, frame);
    acmod_clear_active(search->model);
    for (uint32_t i = 0; i < walk->active_count; i++) {
        struct hmm *hmm = &place(walk, walk->active[i])->hmm;
        for (int state = 0; state < hmm->states; state++) {
            bitvec_set(search->model->active_senones, hmm->senones[state]);
        }
    }
    int16_t const *scores = acmod_score(search->model, &frame);
    search->hmm_context->senone_scores = scores;
    search->first_entry = fsg_history_n_entries(search->history);
    walk->recent_count = 0;

    // Where there is no path any more the engine keeps the best score of the frame before.
    if (walk->active_count > 0) search->best_score = worst_score;
    for (uint32_t i = walk->active_count; i-- > 0;) {
        search->best_score = better(search->best_score, advance(&place(walk, walk->active[i])->hmm, scores));
    }
    if (walk->most_places != -1 && walk->active_count > walk->most_places) {
        // Too many paths: fewer are kept, the more often this happens in a row.
        if (search->beam_factor > 0.1) {
            search->beam_factor *= 0.9f;
            search->beam = (int32_t)((float)search->beam_wanted * search->beam_factor);
            search->phone_beam = (int32_t)((float)search->phone_beam_wanted * search->beam_factor);
            search->word_beam = (int32_t)((float)search->word_beam_wanted * search->beam_factor);
        }
    } else if (walk->active_count > 0) {
        widen(search);
    }

    int32_t threshold = search->best_score + search->beam;
    for (uint32_t i = walk->active_count; i-- > 0;) {
        uint32_t number = walk->active[i];
        struct place *from = place(walk, number);
        if (from->hmm.best_score < threshold) continue;
        if (from->hmm.frame == search->frame) {
            from->hmm.frame = search->frame + 1;
            *PUSH(walk->next, walk->next_count, walk->next_room) = number;
        }
        struct node *node = &walk->tree->node[from->node];
        if (node->is_leaf) {
            if (from->hmm.out_score >= search->best_score + search->word_beam) end_word(walk, search, from);
        } else if (from->hmm.out_score >= search->best_score + search->phone_beam) {
            for (int32_t child = node->next; child >= 0; child = walk->tree->node[child].sibling) {
                int32_t score = from->hmm.out_score + walk->tree->node[child].log_probability;
                if (score <= threshold) continue;
                enter(walk, search->hmm_context, child, score, from->hmm.out_history, search->frame + 1);
            }
        }
    }
    settle(walk, search->history);
    follow_empties(walk, search);
    begin_words(walk, search);
    for (uint32_t i = 0; i < walk->active_count; i++) {
        if (place(walk, walk->active[i])->hmm.frame == search->frame) give_back(walk, walk->active[i]);
    }
    turn_over(walk, search);
    return 1;
}

int fsg_search_finish(struct network_search *search) {
    struct walk *walk = walk_of(search);
    if (!walk) return ENGINES(fsg_search_finish)(search);
    forget(walk);
    search->is_final = true;
    return 0;
}

// MARK: Beside the engine's own

void search_set_plain(bool plain) { engine_is_plain = plain; }

void search_drop_arcs(void *network) {
    fsg_model_t *model = network;
    for (int32_t state = 0; state < model->n_state; state++) {
        struct arc_lists *lists = (struct arc_lists *)model->trans + state;
        hash_iter_t *next = lists->words ? hash_table_iter(lists->words) : NULL;
        for (; next; next = hash_table_iter_next(next)) glist_free(hash_entry_val(next->ent));
        hash_table_free(lists->words);
        hash_table_free(lists->empties);
        *lists = (struct arc_lists){0};
    }
}

void search_trim(void) { malloc_trim(0); }

bool search_is_used(void) { return dlsym(RTLD_DEFAULT, "fsg_search_step") == (void *)fsg_search_step; }
