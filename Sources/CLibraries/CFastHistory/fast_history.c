// One function of PocketSphinx (Debian 12: 0.8+5prealpha), replaced by the same with less work: what it does with the
// words that end in a frame. As the engine calls it like any other function of a shared library, one of that name in the
// program itself comes first.
//
// The engine keeps a list for each state of a network and each phone, 140,000 of them for a shop with 80 products, and
// after every 10 ms of sound looks at each, frees what is there, and writes that nothing is: a third of all its time. All but a few are
// empty, so here most are only looked at, eight at a time.

#define _GNU_SOURCE
#include "fast_history.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#include <sphinxbase/fsg_model.h>
#include <sphinxbase/glist.h>

/// `fsg_history_t` of the engine, which no installed header has.
struct history {
    fsg_model_t *fsg;
    void *entries;
    /// One block: a row for each state, in it a list for each phone.
    glist_t **frame_entries;
    int32_t phones;
};

/// Of sphinxbase, in no installed header either.
extern int32_t blkarray_list_append(void *list, void *data);

void fsg_history_end_frame(struct history *history);

static void settle(struct history *history, glist_t *list) {
    for (gnode_t *node = *list; node; node = gnode_next(node)) {
        blkarray_list_append(history->entries, gnode_ptr(node));
    }
    glist_free(*list);
    *list = NULL;
}

void fsg_history_end_frame(struct history *history) {
    enum { together = 8 };
    size_t count = (size_t)fsg_model_n_state(history->fsg) * (size_t)history->phones;
    if (count == 0) return;
    glist_t *lists = history->frame_entries[0];
    size_t first = 0;
    for (; first + together <= count; first += together) {
        uintptr_t any = 0;
        for (size_t i = 0; i < together; i++) any |= (uintptr_t)lists[first + i];
        if (!any) continue;
        for (size_t i = 0; i < together; i++) {
            if (lists[first + i]) settle(history, &lists[first + i]);
        }
    }
    for (; first < count; first++) {
        if (lists[first]) settle(history, &lists[first]);
    }
}

bool fast_history_is_used(void) {
    return dlsym(RTLD_DEFAULT, "fsg_history_end_frame") == (void *)fsg_history_end_frame;
}
