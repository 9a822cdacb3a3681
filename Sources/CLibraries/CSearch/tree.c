// A network as a tree of phones for each of its states, made once for all decoders. It takes the place of the engine's own, which
// has 136 bytes a phone for each decoder and takes several times as long to be made.

#define _GNU_SOURCE
#include "tree.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

extern int32_t dict_wordid(struct dictionary *, char const *);
extern int dict_filler_word(struct dictionary *, int32_t);
extern uint16_t dict2pid_internal(struct triphones *, int32_t word, int position);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/// All that are in use.
static struct tree *trees;

enum { buckets = 4096, most_phones = phone_words * 32 };

/// What is needed while a tree is made.
struct maker {
    struct tree *tree;
    fsg_model_t *network;
    struct dictionary *dictionary;
    struct triphones *triphones;
    struct model_definition *model;
    int32_t word_penalty, phone_penalty;
    /// Arcs with a word, by the state that they leave: those of state s end before `end_of[s]`.
    fsg_link_t **links;
    size_t link_count, link_room, *end_of;
    /// The dictionary's number of each word of the network.
    int32_t *word;
    /// Phones that may stand before the words that leave a state, and behind those that reach it.
    struct phone_set *left, *right;
    /// Of two phones the node that words of the state at hand begin with that begin so, plus one.
    int32_t *beginning_of;
    /// Nodes that words of the state begin with, in the order in which they were made.
    int32_t *roots;
    size_t root_count, root_room;
    uint32_t *bucket;
    size_t node_room, context_count, context_room, arc_count, arc_room, all_roots, all_root_room;
    size_t empty_count, empty_room;
};

static bool has(struct phone_set const *set, int32_t phone) { return set->words[phone >> 5] >> (phone & 31) & 1; }
static void add(struct phone_set *set, int32_t phone) { set->words[phone >> 5] |= 1u << (phone & 31); }
static void add_all(struct phone_set *set, struct phone_set const *other) {
    for (int i = 0; i < phone_words; i++) set->words[i] |= other->words[i];
}

/// The number of a set of phones in `contexts`, by lists of those with the same hash.
static uint32_t context_number(struct maker *maker, struct phone_set const *wanted) {
    struct tree *tree = maker->tree;
    uint32_t hash = 0;
    for (int i = 0; i < phone_words; i++) hash = (hash ^ wanted->words[i]) * 0x9E3779B1u;
    uint32_t *bucket = maker->bucket + (hash >> 20);
    for (uint32_t i = *bucket; i; i = tree->contexts[i - 1].other) {
        if (memcmp(tree->contexts[i - 1].words, wanted->words, sizeof wanted->words) == 0) return i - 1;
    }
    struct phone_set *set = PUSH(tree->contexts, maker->context_count, maker->context_room);
    *set = *wanted;
    set->other = *bucket;
    *bucket = (uint32_t)maker->context_count;
    return *bucket - 1;
}

/// Lists all arcs, and finds out which phones may meet at each state.
static void look_around(struct maker *maker) {
    struct tree *tree = maker->tree;
    fsg_model_t *network = maker->network;
    int32_t states = fsg_model_n_state(network), silence = maker->model->silence;
    for (int32_t s = 0; s < states; s++) {
        struct state *state = &tree->state[s];
        state->first_empty = (int32_t)maker->empty_count;
        for (fsg_arciter_t *arc = fsg_model_arcs(network, s); arc; arc = fsg_arciter_next(arc)) {
            fsg_link_t *link = fsg_arciter_get(arc);
            if (link->wid < 0) {
                *PUSH(tree->empties, maker->empty_count, maker->empty_room) = link;
                continue;
            }
            *PUSH(maker->links, maker->link_count, maker->link_room) = link;
            int32_t first = silence, last = silence;
            if (!fsg_model_is_filler(network, link->wid)) {
                struct dictionary_word *word = &maker->dictionary->words[maker->word[link->wid]];
                first = word->phones[0];
                last = word->phones[word->length - 1];
            }
            add(&maker->right[s], first);
            add(&maker->left[link->to_state], last);
        }
        state->empties = (int32_t)maker->empty_count - state->first_empty;
        maker->end_of[s] = maker->link_count;
        // An utterance may begin or end at any state.
        add(&maker->left[s], silence);
        add(&maker->right[s], silence);
    }
    // Networks have no two empty arcs in a row.
    for (size_t i = 0; i < maker->empty_count; i++) {
        fsg_link_t *link = tree->empties[i];
        add_all(&maker->left[link->to_state], &maker->left[link->from_state]);
        add_all(&maker->right[link->from_state], &maker->right[link->to_state]);
    }
}

static int32_t add_node(
    struct maker *maker, int32_t phone, int32_t sequence, int32_t log_probability, struct phone_set const *context
) {
    size_t count = (size_t)maker->tree->nodes;
    *PUSH(maker->tree->node, count, maker->node_room) = (struct node){
        .next = -1, .sibling = -1, .log_probability = log_probability, .sequence = (uint16_t)sequence,
        .transitions = (int16_t)maker->model->triphone[phone].transitions, .phone = (uint8_t)phone,
        .context = context_number(maker, context),
    };
    return maker->tree->nodes++;
}

static struct node *leaf(struct maker *maker, int32_t number, fsg_link_t *link, bool ends_anyhow) {
    struct node *node = &maker->tree->node[number];
    node->is_leaf = true;
    node->ends_anyhow = ends_anyhow;
    node->next = (int32_t)maker->arc_count;
    *PUSH(maker->tree->arcs, maker->arc_count, maker->arc_room) = link;
    return node;
}

/// The phones of `set` by what `sequence_of` says about each, and for each different answer a node that may stand beside
/// those it was given for. Their numbers in `found`; how many.
static size_t nodes_beside(
    struct maker *maker, struct phone_set const *set, uint16_t const *sequence_of, uint16_t const *index, int32_t phone,
    int32_t log_probability, int32_t *found
) {
    uint16_t sequences[most_phones];
    struct phone_set contexts[most_phones];
    size_t count = 0;
    for (int32_t beside = 0; beside < maker->model->phones; beside++) {
        if (!has(set, beside)) continue;
        uint16_t sequence = sequence_of[index ? index[beside] : beside];
        size_t i = 0;
        while (i < count && sequences[i] != sequence) i++;
        if (i == count) {
            sequences[count] = sequence;
            contexts[count++] = (struct phone_set){0};
        }
        add(&contexts[i], beside);
    }
    for (size_t i = 0; i < count; i++) {
        found[i] = add_node(maker, phone, sequences[i], log_probability, &contexts[i]);
    }
    return count;
}

/// A word of one phone: it begins and ends at once, so that only what is before it counts.
static void add_short_word(struct maker *maker, fsg_link_t *link, int32_t phone, bool is_filler) {
    int32_t log_probability = (link->logs2prob >> score_shift) + maker->word_penalty + maker->phone_penalty;
    int32_t found[most_phones];
    size_t count = 1;
    if (is_filler) {
        struct phone_set all;
        memset(all.words, 0xFF, sizeof all.words);
        found[0] = add_node(maker, phone, maker->model->triphone[phone].sequence, log_probability, &all);
        maker->tree->node[found[0]].phone = (uint8_t)maker->model->silence;
    } else {
        uint16_t sequences[most_phones];
        for (int32_t before = 0; before < maker->model->phones; before++) {
            sequences[before] = maker->triphones->alone[phone][before][maker->model->silence];
        }
        count = nodes_beside(
            maker, &maker->left[link->from_state], sequences, NULL, phone, log_probability, found);
    }
    for (size_t i = 0; i < count; i++) {
        leaf(maker, found[i], link, true);
        *PUSH(maker->roots, maker->root_count, maker->root_room) = found[i];
    }
}

/// The node of a first phone before another one. It is the same whatever was said before, as if that were the first phone that
/// may be: the engine does so, and with a node for each phone before, or for silence, fewer are right by telephone (207 and 206
/// instead of 218 of 269 recordings; by microphone 234 and 228 instead of 234).
static int32_t beginning(struct maker *maker, int32_t state, int16_t const *phones) {
    int32_t *known = &maker->beginning_of[phones[0] * maker->model->phones + phones[1]];
    if (*known == 0) {
        int32_t before = 0;
        while (!has(&maker->left[state], before)) before++;
        int32_t root = add_node(
            maker, phones[0], maker->triphones->first[phones[0]][phones[1]][before],
            maker->word_penalty + maker->phone_penalty, &maker->left[state]);
        *PUSH(maker->roots, maker->root_count, maker->root_room) = root;
        *known = root + 1;
    }
    return *known - 1;
}

static void add_word(struct maker *maker, fsg_link_t *link) {
    int32_t number = maker->word[link->wid];
    struct dictionary_word *word = &maker->dictionary->words[number];
    int16_t const *phones = word->phones;
    if (word->length == 1) {
        return add_short_word(maker, link, phones[0], dict_filler_word(maker->dictionary, number) != 0);
    }
    int32_t parent = beginning(maker, link->from_state, phones);
    for (int32_t p = 1; p < word->length - 1; p++) {
        uint16_t sequence = dict2pid_internal(maker->triphones, number, p);
        int32_t eldest = maker->tree->node[parent].next, same = eldest;
        while (same >= 0 && (maker->tree->node[same].is_leaf || maker->tree->node[same].sequence != sequence)) {
            same = maker->tree->node[same].sibling;
        }
        if (same < 0) {
            same = add_node(maker, phones[p], sequence, maker->phone_penalty, &(struct phone_set){0});
            maker->tree->node[same].sibling = eldest;
            maker->tree->node[parent].next = same;
        }
        parent = same;
    }
    int32_t last = phones[word->length - 1];
    struct last_phone *endings = &maker->triphones->last[last][phones[word->length - 2]];
    int32_t found[most_phones];
    size_t count = nodes_beside(
        maker, &maker->right[link->to_state], endings->sequences, endings->index, last,
        (link->logs2prob >> score_shift) + maker->phone_penalty, found);
    // Behind all that is there already.
    int32_t before = maker->tree->node[parent].next;
    while (before >= 0 && maker->tree->node[before].sibling >= 0) before = maker->tree->node[before].sibling;
    for (size_t i = count; i-- > 0;) {
        leaf(maker, found[i], link, fsg_model_is_filler(maker->network, link->wid));
        *(before < 0 ? &maker->tree->node[parent].next : &maker->tree->node[before].sibling) = found[i];
        before = found[i];
    }
}

/// Makes the tree of all words that leave a state.
static void grow(struct maker *maker, int32_t number) {
    struct tree *tree = maker->tree;
    struct state *state = &tree->state[number];
    size_t first = number > 0 ? maker->end_of[number - 1] : 0;
    maker->root_count = 0;
    for (size_t i = first; i < maker->end_of[number]; i++) add_word(maker, maker->links[i]);
    for (size_t i = first; i < maker->end_of[number]; i++) {
        struct dictionary_word *word = &maker->dictionary->words[maker->word[maker->links[i]->wid]];
        if (word->length > 1) maker->beginning_of[word->phones[0] * maker->model->phones + word->phones[1]] = 0;
    }
    state->first_root = (int32_t)maker->all_roots;
    state->roots = (int32_t)maker->root_count;
    for (size_t i = maker->root_count; i-- > 0;) {
        *PUSH(tree->roots, maker->all_roots, maker->all_root_room) = maker->roots[i];
    }
    state->row = (maker->root_count + 63) / 64;
}

/// Notes which words may begin behind which phone.
static void match(struct tree *tree, int32_t states) {
    size_t matches = 0;
    for (int32_t s = 0; s < states; s++) {
        tree->state[s].first_match = matches;
        matches += tree->state[s].row * (size_t)tree->phones;
    }
    tree->matches = calloc(matches, sizeof *tree->matches);
    for (int32_t s = 0; s < states; s++) {
        struct state *state = &tree->state[s];
        for (int32_t i = 0; i < state->roots; i++) {
            struct phone_set *context = &tree->contexts[tree->node[tree->roots[state->first_root + i]].context];
            for (int32_t phone = 0; phone < tree->phones; phone++) {
                if (!has(context, phone)) continue;
                tree->matches[state->first_match + (size_t)phone * state->row + (size_t)i / 64] |= 1ULL << (i % 64);
            }
        }
    }
}

static struct tree *made(
    fsg_model_t *network, struct dictionary *dictionary, struct triphones *triphones, struct model_definition *model,
    int32_t word_penalty, int32_t phone_penalty
) {
    size_t states = (size_t)fsg_model_n_state(network), words = (size_t)network->n_word, phones = (size_t)model->phones;
    struct tree *tree = calloc(1, sizeof *tree);
    tree->network = network;
    tree->phones = model->phones;
    tree->state = calloc(states, sizeof *tree->state);
    struct maker maker = {
        .tree = tree, .network = network, .dictionary = dictionary, .triphones = triphones, .model = model,
        .word_penalty = word_penalty, .phone_penalty = phone_penalty,
        .end_of = calloc(states, sizeof *maker.end_of), .word = calloc(words, sizeof *maker.word),
        .left = calloc(states, sizeof *maker.left), .right = calloc(states, sizeof *maker.right),
        .beginning_of = calloc(phones * phones, sizeof *maker.beginning_of),
        .bucket = calloc(buckets, sizeof *maker.bucket),
    };
    for (size_t i = 0; i < words; i++) maker.word[i] = dict_wordid(dictionary, network->vocab[i]);
    look_around(&maker);
    for (int32_t s = 0; s < (int32_t)states; s++) grow(&maker, s);
    match(tree, (int32_t)states);
    free(maker.end_of);
    free(maker.word);
    free(maker.left);
    free(maker.right);
    free(maker.beginning_of);
    free(maker.bucket);
    free(maker.links);
    free(maker.roots);
    return tree;
}

struct tree *tree_shared(fsg_model_t *network) {
    pthread_mutex_lock(&lock);
    struct tree *found = trees;
    while (found && found->network != network) found = found->other;
    if (found) found->users++;
    pthread_mutex_unlock(&lock);
    return found;
}

struct tree *tree_of(
    fsg_model_t *network, struct dictionary *dictionary, struct triphones *triphones, struct model_definition *model,
    int32_t word_penalty, int32_t phone_penalty
) {
    struct tree *tree = made(network, dictionary, triphones, model, word_penalty, phone_penalty);
    tree->users = 1;
    pthread_mutex_lock(&lock);
    tree->other = trees;
    trees = tree;
    pthread_mutex_unlock(&lock);
    return tree;
}

void tree_release(struct tree *tree) {
    pthread_mutex_lock(&lock);
    bool is_last = --tree->users == 0;
    for (struct tree **place = &trees; is_last && *place; place = &(*place)->other) {
        if (*place == tree) {
            *place = tree->other;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    if (!is_last) return;
    free(tree->node);
    free(tree->state);
    free(tree->roots);
    free(tree->matches);
    free(tree->arcs);
    free(tree->empties);
    free(tree->contexts);
    free(tree);
}
