#ifndef ROZMOVA_FAST_HISTORY_H
#define ROZMOVA_FAST_HISTORY_H

#include <stdbool.h>

/// Whether the engine calls our function at the end of a frame, and not its own.
bool fast_history_is_used(void);

#endif
