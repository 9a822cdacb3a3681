// Makes a network small enough to be shared: the engine builds a tree of 136 bytes a phone for each decoder, with what the
// search finds out in it. Here 24 bytes remain, once for all decoders; `search.c` has the rest.

#define _GNU_SOURCE
#include "tree.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void fsg_lextree_free(void *tree);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/// All that are in use.
static struct tree *trees;

/// Grows where it is full.
#define APPEND(list, count, room)                                                                 \
    ((count) < (room) ? (void)0                                                                   \
                      : (void)((list) = realloc(list, ((room) = (room) * 2 + 64) * sizeof *(list))), \
     &(list)[(count)++])

enum { buckets = 4096 };

/// The number of a set of phones in `contexts`, by lists of those with the same hash.
static uint32_t context_number(
    struct tree *tree, uint32_t const *wanted, uint32_t *bucket, size_t *count, size_t *room
) {
    uint32_t hash = 0;
    for (int i = 0; i < phone_words; i++) hash = (hash ^ wanted[i]) * 0x9E3779B1u;
    bucket += hash >> 20;
    for (uint32_t i = *bucket; i; i = tree->contexts[i - 1].other) {
        if (memcmp(tree->contexts[i - 1].words, wanted, sizeof tree->contexts->words) == 0) return i - 1;
    }
    struct phone_set *set = APPEND(tree->contexts, *count, *room);
    memcpy(set->words, wanted, sizeof set->words);
    set->other = *bucket;
    *bucket = (uint32_t)*count;
    return *bucket - 1;
}

static int32_t number(struct phone_node *node) { return node ? node->hmm.frame : -1; }

static struct tree *compact(struct lextree *built) {
    fsg_model_t *network = built->network;
    int32_t states = fsg_model_n_state(network);
    struct tree *tree = calloc(1, sizeof *tree);
    tree->network = network;
    tree->phones = built->model->phones;
    tree->node = calloc((size_t)built->nodes, sizeof *tree->node);
    tree->state = calloc((size_t)states, sizeof *tree->state);
    // What the search would have used until it begins holds the numbers of nodes.
    for (int32_t s = 0; s < states; s++) {
        for (struct phone_node *from = built->allocated[s]; from; from = from->next_allocated) {
            from->hmm.frame = tree->nodes++;
        }
    }
    size_t arcs = 0, arc_room = 0, contexts = 0, context_room = 0, roots = 0, root_room = 0, empties = 0, empty_room = 0;
    size_t matches = 0;
    uint32_t *bucket = calloc(buckets, sizeof *bucket);
    for (int32_t s = 0; s < states; s++) {
        for (struct phone_node *from = built->allocated[s]; from; from = from->next_allocated) {
            struct node *node = &tree->node[number(from)];
            node->sibling = number(from->sibling);
            node->log_probability = from->log_probability;
            node->sequence = from->hmm.sequence;
            node->transitions = from->hmm.transitions;
            node->context = context_number(tree, from->context, bucket, &contexts, &context_room);
            node->phone = (uint8_t)from->phone;
            node->is_leaf = from->is_leaf;
            if (from->is_leaf) {
                node->next = (int32_t)arcs;
                node->ends_anyhow = from->position == 0 || fsg_model_is_filler(network, from->next.link->wid);
                *APPEND(tree->arcs, arcs, arc_room) = from->next.link;
            } else {
                node->next = number(from->next.child);
            }
        }
        struct state *state = &tree->state[s];
        state->first_root = (int32_t)roots;
        for (struct phone_node *root = built->roots[s]; root; root = root->sibling) {
            *APPEND(tree->roots, roots, root_room) = number(root);
        }
        state->roots = (int32_t)roots - state->first_root;
        state->row = ((size_t)state->roots + 63) / 64;
        state->first_match = matches;
        matches += state->row * (size_t)tree->phones;
        state->first_empty = (int32_t)empties;
        for (fsg_arciter_t *arc = fsg_model_arcs(network, s); arc; arc = fsg_arciter_next(arc)) {
            fsg_link_t *link = fsg_arciter_get(arc);
            if (link->wid == -1) *APPEND(tree->empties, empties, empty_room) = link;
        }
        state->empties = (int32_t)empties - state->first_empty;
    }
    free(bucket);
    tree->matches = calloc(matches, sizeof *tree->matches);
    for (int32_t s = 0; s < states; s++) {
        struct state *state = &tree->state[s];
        for (int32_t i = 0; i < state->roots; i++) {
            struct node *root = &tree->node[tree->roots[state->first_root + i]];
            uint32_t *context = tree->contexts[root->context].words;
            for (int32_t phone = 0; phone < tree->phones; phone++) {
                if (!(context[phone >> 5] >> (phone & 31) & 1)) continue;
                tree->matches[state->first_match + (size_t)phone * state->row + (size_t)i / 64] |= 1ULL << (i % 64);
            }
        }
    }
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

struct tree *tree_of(struct lextree *built) {
    struct tree *tree = compact(built);
    ENGINES(fsg_lextree_free)(built);
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
