#ifndef ROZMOVA_SEARCH_H
#define ROZMOVA_SEARCH_H

#include <stdbool.h>

/// Whether engines and networks that this thread makes from now on are the engine's own altogether, to measure ours beside.
void search_set_plain(bool plain);

/// Frees what leads from the states of a network, an `fsg_model_t`, to its arcs: three quarters of its memory. The search has
/// them in its own form; only a lattice needs it.
void search_drop_arcs(void *network);

/// Gives memory back to the system that is free: the engine's form of a network takes several times as much as ours.
void search_trim(void);

/// Whether the engine calls our functions, and not its own.
bool search_is_used(void);

#endif
