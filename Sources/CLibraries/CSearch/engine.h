// What PocketSphinx (Debian 12: 0.8+5prealpha) keeps in memory, as far as our functions look at it: no installed header has
// these. Names of the engine, so that they can be found there.

#ifndef ROZMOVA_ENGINE_H
#define ROZMOVA_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sphinxbase/bitvec.h>
#include <sphinxbase/fsg_model.h>
#include <sphinxbase/glist.h>
#include <sphinxbase/hash_table.h>
#include <sphinxbase/logmath.h>

enum {
    /// Scores of the search are the engine's logarithms without so many low bits.
    score_shift = 10,
    /// Of a path that nobody follows.
    worst_score = (int32_t)0xE0000000,
    most_states = 5,
    /// Sets of phones take so many words of 32 bits.
    phone_words = 4,
};

struct gaussians;

/// `trans_list_t`: arcs of a state, by where they lead.
struct arc_lists {
    hash_table_t *empties, *words;
};

struct hmm_context {
    int32_t states;
    uint8_t **const *transitions;
    int16_t const *senone_scores;
    uint16_t *const *senone_sequences;
};

struct hmm {
    struct hmm_context *context;
    int32_t score[most_states];
    int32_t history[most_states];
    int32_t out_score, out_history;
    uint16_t sequence, senones[most_states];
    int32_t best_score;
    int16_t transitions;
    /// The last frame that it is active in.
    int32_t frame;
    uint8_t is_multiplex, states;
};

/// `mdef_entry_t`: a phone of the model, alone or between two others.
struct triphone {
    int32_t sequence, transitions;
    uint8_t where[4];
} __attribute__((packed));

/// `bin_mdef_t`.
struct model_definition {
    int references;
    int32_t phones, triphones, states, phone_senones, senones, matrices, sequences, context, tree_nodes;
    int16_t silence;
    void *file;
    char **names;
    void *tree;
    /// Those that stand alone come first.
    struct triphone *triphone;
};

/// `dictword_t`: one way to say a word.
struct dictionary_word {
    char *text;
    int16_t *phones;
    int32_t length, other, base;
};

/// `dict_t`.
struct dictionary {
    int references;
    struct model_definition *model;
    struct dictionary_word *words;
};

/// `xwdssid_t`: what the last phone of a word sounds like, by what follows it.
struct last_phone {
    uint16_t *sequences, *index;
    int32_t count;
};

/// `dict2pid_t`: what the outer phones of words sound like.
struct triphones {
    int references;
    struct model_definition *model;
    struct dictionary *dictionary;
    /// Of a first phone, by itself, the one behind it, and the one before it.
    uint16_t ***first;
    /// By itself and the one before it.
    struct last_phone **last;
    /// Of a word of one phone, by itself, the one before it, and the one behind it.
    uint16_t ***alone;
};

/// `fsg_hist_entry_t`: the end of a word that was found.
struct history_entry {
    fsg_link_t *link;
    int32_t score, before, frame;
    int16_t left;
    uint32_t right[phone_words];
};

/// `fsg_history_t`.
struct history {
    fsg_model_t *network;
    void *entries;
    glist_t **frame_entries;
    int phones;
};

/// `acmod_t`.
struct acoustic_model {
    void *configuration, *logarithms, *strings, *front_end, *features;
    struct model_definition *definition;
    void *transitions, *gaussians, *transform;
    int16_t *senone_scores;
    /// A bit for each senone that has to be scored.
    bitvec_t *active_senones;
};

/// `fsg_search_t`.
struct network_search {
    void *functions;
    char *type, *name;
    void *phone_loop, *configuration;
    struct acoustic_model *model;
    void *dictionary, *triphones;
    char *text;
    void *lattice, *last_link;
    int32_t posterior, words, start_word, silence_word, finish_word;

    struct hmm_context *hmm_context;
    fsg_model_t *network;
    void *tree;
    struct history *history;
    glist_t active, active_next;
    int32_t beam_wanted, phone_beam_wanted, word_beam_wanted;
    float beam_factor;
    int32_t beam, phone_beam, word_beam;
    int32_t language_weight, phone_penalty, word_penalty;
    int32_t frame;
    bool is_final, has_best_path;
    float acoustic_scale;
    int32_t best_score, first_entry;
};

/// `ps_mgaufuncs_t`.
struct gaussian_functions {
    char const *name;
    int (*evaluate)(
        struct gaussians *, int16_t *scores, uint8_t *active, int32_t count, float **features, int32_t frame,
        int32_t all);
    int (*transform)(struct gaussians *, void *transform);
    void (*free)(struct gaussians *);
};

/// `gauden_t`.
struct densities {
    float ****means, ****variances, ***determinants;
    void *logarithms;
    int32_t codebooks, streams, count;
    int32_t *lengths;
};

/// `ptm_topn_t`: a density near to a frame.
struct near_density {
    int32_t number, score;
};

/// `ptm_fast_eval_t`: the nearest of each codebook and stream.
struct nearest {
    struct near_density ***of;
    bitvec_t *active_codebooks;
};

/// `ptm_mgau_t`.
struct gaussians {
    struct gaussian_functions *functions;
    int frame;
    void *configuration;
    struct densities *densities;
    int32_t senones;
    uint8_t *codebook_of_senone;
    uint8_t ***weights;
    void *weights_map;
    /// What the halves of a byte of `weights` stand for, where these are packed.
    uint8_t *weight_values;
    int16_t near, downsampling;
    struct nearest *frames, *now;
    int kept_frames;
    logmath_t *byte_logarithms, *logarithms;
};

/// Our function of a name that the engine has as well.
#define ENGINES(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/// See `search_set_plain`.
extern _Thread_local bool engine_is_plain;

#endif
