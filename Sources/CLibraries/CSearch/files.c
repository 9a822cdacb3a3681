// The model's files in memory, once for all engines, which would each map them for itself: five megabytes each. In the place
// of functions of the engine's library, like those of `search.c`.

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sphinxbase/mmio.h>

#include "engine.h"

/// What the engine knows by its name only.
struct mmio_file_s {
    struct mmio_file_s *other;
    int users;
    struct stat identity;
    void *bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mmio_file_s *files;

static bool is_same(struct stat const *one, struct stat const *other) {
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino && one->st_size == other->st_size
           && one->st_mtim.tv_sec == other->st_mtim.tv_sec && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

static struct mmio_file_s *map(int descriptor, struct stat const *identity) {
    void *bytes = mmap(NULL, (size_t)identity->st_size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (bytes == MAP_FAILED) return NULL;
    struct mmio_file_s *file = malloc(sizeof *file);
    *file = (struct mmio_file_s){.other = files, .identity = *identity, .bytes = bytes};
    files = file;
    return file;
}

mmio_file_t *mmio_file_read(char const *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat identity;
    if (descriptor < 0) return NULL;
    struct mmio_file_s *file = NULL;
    if (fstat(descriptor, &identity) == 0) {
        pthread_mutex_lock(&lock);
        for (file = files; file && !is_same(&file->identity, &identity);) file = file->other;
        if (!file) file = map(descriptor, &identity);
        if (file) file->users++;
        pthread_mutex_unlock(&lock);
    }
    close(descriptor);
    return file;
}

void mmio_file_unmap(mmio_file_t *file) {
    pthread_mutex_lock(&lock);
    bool is_last = --file->users == 0;
    struct mmio_file_s **place = &files;
    while (is_last && *place != file) place = &(*place)->other;
    if (is_last) *place = file->other;
    pthread_mutex_unlock(&lock);
    if (!is_last) return;
    munmap(file->bytes, (size_t)file->identity.st_size);
    free(file);
}

void *mmio_file_ptr(mmio_file_t *file) { return file->bytes; }
