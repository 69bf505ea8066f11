// SPDX-License-Identifier: MIT
// Loaded before libc: makes a chosen call that changes a file below a folder die or fail.
//
// failing_arm(folder, call, mode, stays): from then on calls are counted; the one with that number
// (or every one from it on) does what the mode says:
//   1 killed before it   2 killed half way through a write   3 killed after it
//   4 fails with ENOSPC  5 fails with EIO                    6 writes half, then fails with ENOSPC
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[4096];
static long calls, wanted;
static int mode, stays, spent;

void failing_arm(const char *below, long call, int what, int from_then_on) {
  snprintf(folder, sizeof folder, "%s", below);
  calls = 0, wanted = call, mode = what, stays = from_then_on, spent = 0;
}

long failing_calls(void) { return calls; }

// Files and folders that were changed and not synced since.
static char unsynced[64][4096];

static char *place_of(const char *path) {
  char *free_one = 0;
  for (int i = 0; i < 64; i++) {
    if (!strcmp(unsynced[i], path)) return unsynced[i];
    if (!unsynced[i][0] && !free_one) free_one = unsynced[i];
  }
  return free_one;
}

static void changed(const char *path) { snprintf(place_of(path), 4096, "%s", path); }
static void synced(const char *path) { place_of(path)[0] = 0; }

static void changed_folder_of(const char *path) {
  char parent[4096];
  snprintf(parent, sizeof parent, "%s", path);
  char *slash = strrchr(parent, '/');
  if (slash) *slash = 0, changed(parent);
}

// How many there are; their names go into a text.
int failing_unsynced(char *names, int size) {
  int count = 0;
  names[0] = 0;
  for (int i = 0; i < 64; i++)
    if (unsynced[i][0]) {
      count++;
      strncat(names, unsynced[i], size - strlen(names) - 2), strcat(names, "\n");
    }
  return count;
}

static int below(const char *path) { return folder[0] && strncmp(path, folder, strlen(folder)) == 0; }

static char named[4096];  // the file that the last call of `file_below` was about

static int file_below(int file) {
  char link[64], *path = named;
  if (!folder[0]) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof named - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

static void die(void) { kill(getpid(), SIGKILL), pause(); }

// What is to happen to this call: its mode, or 0.
static int due(void) {
  calls++;
  if (!wanted || calls < wanted || (calls > wanted && !stays)) {
    if (mode == 6 && spent == 1 && calls == wanted + 1) return spent = 2, 4;
    return 0;
  }
  return mode;
}

static int refused(int what) { return errno = what == 5 ? EIO : ENOSPC, -1; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITES(name, more, given)                                                    \
  ssize_t name(int file, const void *data, size_t size more) {                       \
    __typeof__(&name) real = REAL(name);                                             \
    int ours = file_below(file);                                                     \
    int what = ours ? due() : 0;                                                     \
    if (ours) changed(named);                                                        \
    if (what == 1) die();                                                            \
    if (what == 2 || what == 6) {                                                    \
      ssize_t half = real(file, data, size / 2 given);                               \
      if (what == 2) die();                                                          \
      return spent = 1, half;                                                        \
    }                                                                                \
    if (what == 4 || what == 5) return refused(what);                                \
    ssize_t done = real(file, data, size given);                                     \
    if (what == 3) die();                                                            \
    return done;                                                                     \
  }
#define COMMA ,
WRITES(write, , )
WRITES(pwrite, COMMA off_t at, COMMA at)
WRITES(pwrite64, COMMA off64_t at, COMMA at)

#define CHANGES(name, parameters, is_ours, given, then)  \
  int name parameters {                         \
    __typeof__(&name) real = REAL(name);        \
    int ours = (is_ours);                       \
    int what = ours ? due() : 0;                \
    if (what == 1 || what == 2) die();          \
    if (what >= 4) return refused(what);        \
    int done = real given;                      \
    if (ours && !done) { then; }                \
    if (what == 3) die();                       \
    return done;                                \
  }
CHANGES(fsync, (int file), file_below(file), (file), synced(named))
CHANGES(fdatasync, (int file), file_below(file), (file), synced(named))
CHANGES(ftruncate, (int file, off_t size), file_below(file), (file, size), changed(named))
CHANGES(ftruncate64, (int file, off64_t size), file_below(file), (file, size), changed(named))
CHANGES(unlink, (const char *path), below(path), (path), (synced(path), changed_folder_of(path)))

#define OPENS(name)                                                        \
  int name(const char *path, int flags, ...) {                             \
    __typeof__(&name) real = REAL(name);                                   \
    va_list rest;                                                          \
    va_start(rest, flags);                                                 \
    int rights = flags & O_CREAT ? va_arg(rest, int) : 0;                  \
    va_end(rest);                                                          \
    int ours = (flags & O_CREAT) && below(path);                           \
    int what = ours ? due() : 0;                                           \
    int made = ours && access(path, F_OK);                                 \
    if (what == 1 || what == 2) die();                                     \
    if (what >= 4) return refused(what);                                   \
    int done = real(path, flags, rights);                                  \
    if (made && done >= 0) changed_folder_of(path);                        \
    if (what == 3) die();                                                  \
    return done;                                                           \
  }
OPENS(open)
OPENS(open64)
