// A network as the search walks through it. Decoders share it, as nothing in it changes.

#ifndef ROZMOVA_TREE_H
#define ROZMOVA_TREE_H

#include <stdlib.h>

#include "engine.h"

/// The next place of a list, which grows where it is full.
#define PUSH(list, count, room)                                                                      \
    ((count) < (room) ? (void)0                                                                      \
                      : (void)((list) = realloc(list, ((room) = (room) * 2 + 256) * sizeof *(list))), \
     &(list)[(count)++])

/// A phone of a word. Words of a state that begin alike share their first phones.
struct node {
    /// The first node that may follow; of the last phone of a word the index of its arc.
    int32_t next;
    /// The next node that may follow the same one; -1 where there is none.
    int32_t sibling;
    int32_t log_probability;
    /// Which phones may stand beside it, as an index of `contexts`.
    uint32_t context;
    uint16_t sequence;
    int16_t transitions;
    uint8_t phone;
    bool is_leaf : 1;
    /// Whatever follows, the phone is the same: of silences and words of one phone.
    bool ends_anyhow : 1;
};

struct state {
    /// Nodes that words begin with, a stretch of `roots`.
    int32_t first_root, roots;
    /// Of each phone before the state a bit for each root that may follow it: rows of `row` words.
    size_t first_match, row;
    /// Arcs without a word, a stretch of `empties`.
    int32_t first_empty, empties;
};

struct phone_set {
    uint32_t words[phone_words];
    /// While the tree is made: the next with the same hash, plus one.
    uint32_t other;
};

struct tree {
    fsg_model_t *network;
    struct tree *other;
    /// Searches that walk through it.
    int users;
    int32_t phones, nodes;
    struct node *node;
    struct state *state;
    int32_t *roots;
    uint64_t *matches;
    fsg_link_t **arcs, **empties;
    struct phone_set *contexts;
};

/// A tree of `network`, for other searches too.
struct tree *tree_of(
    fsg_model_t *network, struct dictionary *, struct triphones *, struct model_definition *, int32_t word_penalty,
    int32_t phone_penalty);

/// The tree that other searches have for `network`; null where none has.
struct tree *tree_shared(fsg_model_t *network);

void tree_release(struct tree *tree);

#endif
