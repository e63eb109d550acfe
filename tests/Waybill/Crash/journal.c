/*
 * Preloaded into the server under test: writes down, in order, what the process does to files below JOURNAL_ROOT and what it
 * hears and says on accepted sockets, so that a test can cut the power at any point of it.
 *
 *   cc -shared -fPIC -O2 -o journal.so journal.c
 *   JOURNAL_ROOT=/data JOURNAL_FILE=/tmp/journal LD_PRELOAD=./journal.so dotnet waybill.dll serve
 *
 * A write is recorded when it was made and before its caller knows, a change of names in one with it; a sync twice, when it begins and when it has succeeded, so
 * that what was written before the first mark is on the disk at the second; a send before it is made. Memory maps are not seen:
 * SQLite maps only its -shm file, which no power cut needs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FDS 65536
#define MOST_SAID 65536

struct record {
    uint32_t kind;
    uint32_t handle;
    uint64_t offset;
    uint32_t path_length;
    uint32_t data_length;
};

static char root[4096];
static size_t root_length;
static int journal = -1;
static uint32_t next_handle = 1;
static uint32_t files[MOST_FDS], sockets[MOST_FDS];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
/* Held over a change of names and its record, and over the record of a sync: others may see a name before its record is written. */
static pthread_mutex_t names = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define REAL(result, name, ...)                                                  \
    static result (*real_##name)(__VA_ARGS__);                                   \
    if (!real_##name) real_##name = (result(*)(__VA_ARGS__))find(#name)

static void *find(const char *name)
{
    static void *(*next)(void *, const char *);
    if (!next) next = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!next) next = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return next(RTLD_NEXT, name);
}

static void begin(void)
{
    const char *where = getenv("JOURNAL_ROOT"), *file = getenv("JOURNAL_FILE");
    if (!where || !file || !realpath(where, root)) return;
    root_length = strlen(root);
    REAL(int, open, const char *, int, ...);
    journal = real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(uint32_t kind, uint32_t handle, uint64_t offset, const char *path, const struct iovec *data, int parts, size_t length)
{
    REAL(ssize_t, write, int, const void *, size_t);
    struct record head = { kind, handle, offset, path ? (uint32_t)strlen(path) : 0, (uint32_t)length };
    char *all = malloc(sizeof head + head.path_length + length), *at = all;
    memcpy(at, &head, sizeof head), at += sizeof head;
    if (path) memcpy(at, path, head.path_length), at += head.path_length;
    for (int i = 0; i < parts && length > 0; i++) {
        size_t some = data[i].iov_len < length ? data[i].iov_len : length;
        memcpy(at, data[i].iov_base, some), at += some, length -= some;
    }
    int kept = errno;
    pthread_mutex_lock(&gate);
    for (char *from = all; from < at;) {
        ssize_t written = real_write(journal, from, at - from);
        if (written < 0 && errno != EINTR) _exit(99);
        if (written > 0) from += written;
    }
    pthread_mutex_unlock(&gate);
    errno = kept;
    free(all);
}

static uint32_t *slot(uint32_t *table, int fd) { return fd >= 0 && fd < MOST_FDS ? &table[fd] : NULL; }

static uint32_t handle_of(uint32_t *table, int fd)
{
    uint32_t *found = slot(table, fd);
    return found ? __atomic_load_n(found, __ATOMIC_ACQUIRE) : 0;
}

static uint32_t taken(uint32_t *table, int fd)
{
    uint32_t handle = __atomic_fetch_add(&next_handle, 1, __ATOMIC_RELAXED), *found = slot(table, fd);
    if (found) __atomic_store_n(found, handle, __ATOMIC_RELEASE);
    return handle;
}

static int is_ours(const char *path)
{
    pthread_once(&once, begin);
    return journal >= 0 && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

/* The file of a descriptor, or nothing when it lies elsewhere. */
static int located(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 4095);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

/* Files */

static int opened(int fd, int made, int flags)
{
    char path[4096];
    pthread_once(&once, begin);
    if (fd < 0 || journal < 0 || !located(fd, path)) return fd;
    uint32_t handle = taken(files, fd);
    put('o', handle, made, path, NULL, 0, 0);
    if (flags & O_TRUNC) put('t', handle, 0, NULL, NULL, 0, 0);
    return fd;
}

static int absent(int at, const char *path, int flags)
{
    struct stat found;
    return (flags & O_CREAT) && fstatat(at, path, &found, 0) != 0;
}

#define OPEN(name)                                                               \
    int name(const char *path, int flags, ...)                                   \
    {                                                                            \
        REAL(int, name, const char *, int, ...);                                 \
        va_list more;                                                            \
        va_start(more, flags);                                                   \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;  \
        va_end(more);                                                            \
        if (flags & O_CREAT) pthread_mutex_lock(&names);                         \
        int made = absent(AT_FDCWD, path, flags);                                \
        int fd = opened(real_##name(path, flags, mode), made, flags);            \
        if (flags & O_CREAT) pthread_mutex_unlock(&names);                       \
        return fd;                                                               \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                             \
    int name(int at, const char *path, int flags, ...)                           \
    {                                                                            \
        REAL(int, name, int, const char *, int, ...);                            \
        va_list more;                                                            \
        va_start(more, flags);                                                   \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;  \
        va_end(more);                                                            \
        if (flags & O_CREAT) pthread_mutex_lock(&names);                         \
        int made = absent(at, path, flags);                                      \
        int fd = opened(real_##name(at, path, flags, mode), made, flags);        \
        if (flags & O_CREAT) pthread_mutex_unlock(&names);                       \
        return fd;                                                               \
    }
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd)
{
    REAL(int, close, int);
    /* before the number can be given to another */
    if (slot(files, fd)) __atomic_store_n(slot(files, fd), 0, __ATOMIC_RELEASE);
    if (slot(sockets, fd)) __atomic_store_n(slot(sockets, fd), 0, __ATOMIC_RELEASE);
    return real_close(fd);
}

static ssize_t wrote(int fd, const struct iovec *data, int parts, ssize_t length, off_t at)
{
    uint32_t handle = handle_of(files, fd);
    if (handle && length > 0) put('w', handle, at >= 0 ? at : lseek(fd, 0, SEEK_CUR) - length, NULL, data, parts, length);
    return length;
}

static void saying(uint32_t handle, const struct iovec *data, int parts)
{
    size_t length = 0;
    for (int i = 0; i < parts; i++) length += data[i].iov_len;
    put('>', handle, length, NULL, data, parts, length < MOST_SAID ? length : MOST_SAID);
}

static ssize_t heard(int fd, const struct iovec *data, int parts, ssize_t length, int flags)
{
    uint32_t handle = handle_of(sockets, fd);
    if (handle && length > 0 && !(flags & MSG_PEEK)) put('<', handle, length, NULL, data, parts, length < MOST_SAID ? length : MOST_SAID);
    return length;
}

ssize_t write(int fd, const void *data, size_t length)
{
    REAL(ssize_t, write, int, const void *, size_t);
    struct iovec one = { (void *)data, length };
    if (handle_of(sockets, fd)) saying(handle_of(sockets, fd), &one, 1);
    return wrote(fd, &one, 1, real_write(fd, data, length), -1);
}

ssize_t writev(int fd, const struct iovec *data, int parts)
{
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (handle_of(sockets, fd)) saying(handle_of(sockets, fd), data, parts);
    return wrote(fd, data, parts, real_writev(fd, data, parts), -1);
}

#define PWRITE(name, offset_t)                                                   \
    ssize_t name(int fd, const void *data, size_t length, offset_t at)           \
    {                                                                            \
        REAL(ssize_t, name, int, const void *, size_t, offset_t);                \
        struct iovec one = { (void *)data, length };                             \
        return wrote(fd, &one, 1, real_##name(fd, data, length, at), at);        \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset_t)                                                  \
    ssize_t name(int fd, const struct iovec *data, int parts, offset_t at)       \
    {                                                                            \
        REAL(ssize_t, name, int, const struct iovec *, int, offset_t);           \
        return wrote(fd, data, parts, real_##name(fd, data, parts, at), at);     \
    }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

static int truncated(int fd, off_t length, int result)
{
    if (result == 0 && handle_of(files, fd)) put('t', handle_of(files, fd), length, NULL, NULL, 0, 0);
    return result;
}

int ftruncate(int fd, off_t length)
{
    REAL(int, ftruncate, int, off_t);
    return truncated(fd, length, real_ftruncate(fd, length));
}

int ftruncate64(int fd, off64_t length)
{
    REAL(int, ftruncate64, int, off64_t);
    return truncated(fd, length, real_ftruncate64(fd, length));
}

#define SYNC(name, begun, done)                                                  \
    int name(int fd)                                                             \
    {                                                                            \
        REAL(int, name, int);                                                    \
        uint32_t handle = handle_of(files, fd);                                  \
        pthread_mutex_lock(&names);                                              \
        if (handle) put(begun, handle, 0, NULL, NULL, 0, 0);                       \
        pthread_mutex_unlock(&names);                                            \
        int result = real_##name(fd);                                            \
        if (handle && result == 0) put(done, handle, 0, NULL, NULL, 0, 0);        \
        return result;                                                           \
    }
SYNC(fsync, 's', 'S')
SYNC(fdatasync, 's', 'S')
/* of all files there are */
SYNC(syncfs, 'f', 'F')

/* Names */

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    REAL(int, renameat, int, const char *, int, const char *);
    struct iovec name = { (void *)to, strlen(to) };
    pthread_mutex_lock(&names);
    int result = real_renameat(from_at, from, to_at, to);
    if (result == 0 && (is_ours(from) || is_ours(to))) put('r', 0, 0, from, &name, 1, name.iov_len);
    pthread_mutex_unlock(&names);
    return result;
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int unlinkat(int at, const char *path, int flags)
{
    REAL(int, unlinkat, int, const char *, int);
    pthread_mutex_lock(&names);
    int result = real_unlinkat(at, path, flags);
    if (result == 0 && is_ours(path)) put('u', 0, 0, path, NULL, 0, 0);
    pthread_mutex_unlock(&names);
    return result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdir(const char *path, mode_t mode)
{
    REAL(int, mkdir, const char *, mode_t);
    pthread_mutex_lock(&names);
    int result = real_mkdir(path, mode);
    if (result == 0 && is_ours(path)) put('d', 0, 0, path, NULL, 0, 0);
    pthread_mutex_unlock(&names);
    return result;
}

/* A second name or a copy in the kernel would escape the journal: neither is made. */
int link(const char *from, const char *to) { (void)from, (void)to; errno = EPERM; return -1; }
int linkat(int a, const char *from, int b, const char *to, int flags) { (void)a, (void)b, (void)flags; return link(from, to); }
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t length, unsigned flags)
{
    (void)from, (void)a, (void)to, (void)b, (void)length, (void)flags;
    errno = ENOSYS;
    return -1;
}

/* Sockets */

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    REAL(int, accept4, int, struct sockaddr *, socklen_t *, int);
    int accepted = real_accept4(fd, address, length, flags);
    pthread_once(&once, begin);
    if (accepted >= 0 && journal >= 0) taken(sockets, accepted);
    return accepted;
}

int accept(int fd, struct sockaddr *address, socklen_t *length) { return accept4(fd, address, length, 0); }

ssize_t send(int fd, const void *data, size_t length, int flags)
{
    REAL(ssize_t, send, int, const void *, size_t, int);
    struct iovec one = { (void *)data, length };
    if (handle_of(sockets, fd)) saying(handle_of(sockets, fd), &one, 1);
    return real_send(fd, data, length, flags);
}

ssize_t sendto(int fd, const void *data, size_t length, int flags, const struct sockaddr *address, socklen_t address_length)
{
    REAL(ssize_t, sendto, int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    struct iovec one = { (void *)data, length };
    if (handle_of(sockets, fd)) saying(handle_of(sockets, fd), &one, 1);
    return real_sendto(fd, data, length, flags, address, address_length);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    REAL(ssize_t, sendmsg, int, const struct msghdr *, int);
    if (handle_of(sockets, fd)) saying(handle_of(sockets, fd), message->msg_iov, (int)message->msg_iovlen);
    return real_sendmsg(fd, message, flags);
}

ssize_t recv(int fd, void *data, size_t length, int flags)
{
    REAL(ssize_t, recv, int, void *, size_t, int);
    struct iovec one = { data, length };
    return heard(fd, &one, 1, real_recv(fd, data, length, flags), flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    REAL(ssize_t, recvmsg, int, struct msghdr *, int);
    ssize_t length = real_recvmsg(fd, message, flags);
    return heard(fd, message->msg_iov, (int)message->msg_iovlen, length, flags);
}

ssize_t read(int fd, void *data, size_t length)
{
    REAL(ssize_t, read, int, void *, size_t);
    struct iovec one = { data, length };
    return heard(fd, &one, 1, real_read(fd, data, length), 0);
}

/* The runtime asks libc itself for some of these by name, which goes round a preloaded library. */
void *dlsym(void *library, const char *name)
{
    static void *(*real)(void *, const char *);
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    if (library != RTLD_NEXT) {
        if (strcmp(name, "open") == 0) return (void *)open;
        if (strcmp(name, "fsync") == 0) return (void *)fsync;
        if (strcmp(name, "fdatasync") == 0) return (void *)fdatasync;
        if (strcmp(name, "syncfs") == 0) return (void *)syncfs;
        if (strcmp(name, "rename") == 0) return (void *)rename;
        if (strcmp(name, "unlink") == 0) return (void *)unlink;
    }
    return real(library, name);
}
