#include <alsa/asoundlib.h>

/* The handler of libasound's messages takes any number of arguments, which Swift cannot write. */
static void ca_say_nothing(const char *file, int line, const char *function, int code, const char *format, ...) {
    (void)file; (void)line; (void)function; (void)code; (void)format;
}

/* Keeps libasound from writing to standard error: what went wrong comes back as a code and is told once. */
static inline void ca_be_quiet(void) { snd_lib_error_set_handler(ca_say_nothing); }
