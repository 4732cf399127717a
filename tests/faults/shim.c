/* Stands between a process and the C library, sees every call on files below one folder, and makes
 * one of them fail, fall short, or be the last thing the process does.
 *
 * What to do is in a file that processes map and share (`struct control`, known to shim.py as
 * well), so that a process started by another counts on where that one was. It names a second file
 * to which all that changes the folder is appended, if it names one:
 *
 *     OP INODE OFFSET LENGTH-OF-PATH LENGTH-OF-OTHER LENGTH-OF-DATA \n  path  other  data
 *
 *     C created   T cut to OFFSET   W data written at OFFSET   F synced
 *     M folder made   D folder removed   L linked to other   R renamed to other   U unlinked
 *     X changed in a way that cannot be followed
 *
 * Calls that the C library makes for itself (those of fwrite) are not seen.
 */

#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, READ = 2, WRITE = 4, SYNC = 8, ENTER = 16, LEAVE = 32, STAT = 64, OTHER = 128 };
enum { NOTHING, FAIL, SHORTEN, KILL_BEFORE, KILL_AFTER };
enum { PASS, GO, STRUCK };

struct control {
    int32_t action, error, kinds, lasting;
    int64_t nth, count, struck;
    char root[1024], trace[1024], call[64], path[1024];
};

static struct control *control;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("FAULTS_CONTROL");
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = (void *)syscall(SYS_mmap, NULL, sizeof *control, PROT_READ | PROT_WRITE,
                                   MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (mapped != MAP_FAILED)
        control = mapped;
}

static void *real(void **kept, const char *name)
{
    if (!*kept)
        *kept = dlsym(RTLD_NEXT, name);
    return *kept;
}

#define REAL(name)                                                                                 \
    ({                                                                                             \
        static void *kept;                                                                         \
        (__typeof__(&name))real(&kept, #name);                                                     \
    })

/* The absolute path of a descriptor, empty if it has none. */
static char *of(int file, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[size < 0 ? 0 : size] = 0;
    return path;
}

/* The absolute path of a name, without `.` and doubled slashes. */
static char *at(int folder, const char *name, char *path)
{
    char whole[2 * PATH_MAX] = "";
    if (!control || !name)
        return path[0] = 0, path;
    if (name[0] != '/') {
        if (folder == AT_FDCWD)
            syscall(SYS_getcwd, whole, PATH_MAX);
        else
            of(folder, whole);
    }
    size_t size = strlen(whole);
    snprintf(whole + size, sizeof whole - size, "/%s", name);
    size_t end = 0;
    for (char *rest, *part = strtok_r(whole, "/", &rest); part; part = strtok_r(NULL, "/", &rest))
        if (strcmp(part, ".") && end + strlen(part) + 2 < PATH_MAX)
            end += (size_t)sprintf(path + end, "/%s", part);
    path[end] = 0;
    return path;
}

static int below(const char *path)
{
    size_t size = control ? strlen(control->root) : 0;
    return size && !strncmp(path, control->root, size) && (!path[size] || path[size] == '/');
}

static void die(void)
{
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;)
        pause();
}

/* Count a call; STRUCK if it is the one, with errno set if it is to fail. */
static int enter(int kinds, const char *call, const char *path)
{
    if (!control || control->action == NOTHING || !(control->kinds & kinds) || !below(path))
        return PASS;
    int64_t number = __atomic_fetch_add(&control->count, 1, __ATOMIC_SEQ_CST);
    if (number != control->nth && !(control->lasting && number > control->nth))
        return GO;
    if (!__atomic_fetch_add(&control->struck, 1, __ATOMIC_SEQ_CST)) {
        snprintf(control->call, sizeof control->call, "%s", call);
        snprintf(control->path, sizeof control->path, "%s", path);
    }
    if (control->action == KILL_BEFORE)
        die();
    errno = control->error;
    return STRUCK;
}

static int fails(int state)
{
    return state == STRUCK && control->action == FAIL;
}

static void leave(int state)
{
    if (state == STRUCK && control->action == KILL_AFTER)
        die();
}

static int tracing(const char *path)
{
    return control && control->trace[0] && below(path);
}

static uint64_t inode(const char *path)
{
    struct stat found;
    int before = errno, failed = REAL(lstat)(path, &found);
    errno = before;
    return failed ? 0 : found.st_ino;
}

static void put(char op, uint64_t number, int64_t offset, const char *path, const char *other,
                const void *data, size_t size)
{
    char head[128];
    int before = errno;
    int length = snprintf(head, sizeof head, "%c %llu %lld %zu %zu %zu\n", op,
                          (unsigned long long)number, (long long)offset, strlen(path),
                          strlen(other), size);
    struct iovec parts[] = {{head, (size_t)length},
                            {(void *)path, strlen(path)},
                            {(void *)other, strlen(other)},
                            {(void *)data, size}};
    int file = (int)syscall(SYS_openat, AT_FDCWD, control->trace, O_WRONLY | O_APPEND | O_CLOEXEC);
    ssize_t whole = (ssize_t)(parts[0].iov_len + parts[1].iov_len + parts[2].iov_len + size);
    if (file < 0 || syscall(SYS_writev, file, parts, 4) != whole)
        abort();
    syscall(SYS_close, file);
    errno = before;
}

/* Trace what was just written to a file, ending at `end`: the bytes as they stand there. */
static void put_written(int file, const char *path, int64_t end, ssize_t size)
{
    char link[64];
    struct stat found;
    int before = errno;
    char *data = malloc((size_t)size);
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int reading = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
    if (!data || reading < 0 || REAL(fstat)(file, &found) ||
        syscall(SYS_pread64, reading, data, size, end - size) != size)
        abort();
    put('W', found.st_ino, end - size, path, "", data, (size_t)size);
    syscall(SYS_close, reading);
    free(data);
    errno = before;
}

static void put_of(char op, int file, int64_t offset, const char *path)
{
    struct stat found;
    int before = errno;
    if (!REAL(fstat)(file, &found))
        put(op, found.st_ino, offset, path, "", NULL, 0);
    errno = before;
}

/* Opening */

static int opened(int folder, const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];
    int is_new = (flags & O_CREAT) && below(at(folder, name, path)) && !inode(path);
    int state = enter(is_new ? OPEN | ENTER : OPEN, "open", at(folder, name, path));
    if (fails(state))
        return -1;
    int file = REAL(openat)(folder, name, flags, mode);
    if (file >= 0 && tracing(path)) {
        if (is_new)
            put_of('C', file, 0, path);
        else if (flags & O_TRUNC)
            put_of('T', file, 0, path);
    }
    leave(state);
    return file;
}

#define MODE(flags, last)                                                                          \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list rest;                                                                              \
        va_start(rest, last);                                                                      \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *name, int flags, ...)
{
    MODE(flags, flags)
    return opened(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...)
{
    MODE(flags, flags)
    return opened(AT_FDCWD, name, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *name, int flags, ...)
{
    MODE(flags, flags)
    return opened(folder, name, flags, mode);
}

int openat64(int folder, const char *name, int flags, ...)
{
    MODE(flags, flags)
    return opened(folder, name, flags | O_LARGEFILE, mode);
}

/* A call on a name or a descriptor, of whose doings nothing is traced. */
#define PLAIN(type, failed, kind, name, parameters, arguments, where)                              \
    type name parameters                                                                           \
    {                                                                                              \
        char path[PATH_MAX];                                                                       \
        int state = enter(kind, #name, where);                                                     \
        if (fails(state))                                                                          \
            return failed;                                                                         \
        type result = REAL(name) arguments;                                                        \
        leave(state);                                                                              \
        return result;                                                                             \
    }

#define NAMED at(AT_FDCWD, name, path)
#define HELD of(file, path)

PLAIN(FILE *, NULL, OPEN, fopen, (const char *name, const char *mode), (name, mode), NAMED)
PLAIN(FILE *, NULL, OPEN, fopen64, (const char *name, const char *mode), (name, mode), NAMED)
PLAIN(DIR *, NULL, OPEN, opendir, (const char *name), (name), NAMED)
PLAIN(DIR *, NULL, OPEN, fdopendir, (int file), (file), HELD)
PLAIN(int, -1, OTHER, flock, (int file, int operation), (file, operation), HELD)
PLAIN(struct dirent *, NULL, READ, readdir, (DIR *folder), (folder), of(dirfd(folder), path))
PLAIN(struct dirent64 *, NULL, READ, readdir64, (DIR *folder), (folder), of(dirfd(folder), path))

/* Looking */

PLAIN(int, -1, STAT, stat, (const char *name, struct stat *found), (name, found), NAMED)
PLAIN(int, -1, STAT, lstat, (const char *name, struct stat *found), (name, found), NAMED)
PLAIN(int, -1, STAT, fstat, (int file, struct stat *found), (file, found), HELD)
PLAIN(int, -1, STAT, fstatat, (int folder, const char *name, struct stat *found, int flags),
      (folder, name, found, flags), at(folder, name, path))
PLAIN(int, -1, STAT, stat64, (const char *name, struct stat64 *found), (name, found), NAMED)
PLAIN(int, -1, STAT, lstat64, (const char *name, struct stat64 *found), (name, found), NAMED)
PLAIN(int, -1, STAT, fstat64, (int file, struct stat64 *found), (file, found), HELD)
PLAIN(int, -1, STAT, fstatat64, (int folder, const char *name, struct stat64 *found, int flags),
      (folder, name, found, flags), at(folder, name, path))
PLAIN(int, -1, STAT, access, (const char *name, int mode), (name, mode), NAMED)
PLAIN(int, -1, STAT, faccessat, (int folder, const char *name, int mode, int flags),
      (folder, name, mode, flags), at(folder, name, path))
PLAIN(ssize_t, -1, STAT, readlink, (const char *name, char *found, size_t size),
      (name, found, size), NAMED)
PLAIN(ssize_t, -1, STAT, readlinkat, (int folder, const char *name, char *found, size_t size),
      (folder, name, found, size), at(folder, name, path))

/* Attributes */

PLAIN(int, -1, OTHER, chmod, (const char *name, mode_t mode), (name, mode), NAMED)
PLAIN(int, -1, OTHER, fchmod, (int file, mode_t mode), (file, mode), HELD)
PLAIN(int, -1, OTHER, fchmodat, (int folder, const char *name, mode_t mode, int flags),
      (folder, name, mode, flags), at(folder, name, path))
PLAIN(int, -1, OTHER, futimens, (int file, const struct timespec times[2]), (file, times), HELD)
PLAIN(int, -1, OTHER, utimensat,
      (int folder, const char *name, const struct timespec times[2], int flags),
      (folder, name, times, flags), at(folder, name, path))

/* Reading */

PLAIN(ssize_t, -1, READ, read, (int file, void *data, size_t size), (file, data, size), HELD)
PLAIN(ssize_t, -1, READ, pread, (int file, void *data, size_t size, off_t offset),
      (file, data, size, offset), HELD)
PLAIN(ssize_t, -1, READ, pread64, (int file, void *data, size_t size, off64_t offset),
      (file, data, size, offset), HELD)
PLAIN(ssize_t, -1, READ, readv, (int file, const struct iovec *parts, int count),
      (file, parts, count), HELD)

static void *mapped(void *wanted, size_t size, int access, int flags, int file, off_t offset)
{
    char path[PATH_MAX] = "";
    int state = file < 0 ? PASS : enter(READ, "mmap", of(file, path));
    if (fails(state))
        return MAP_FAILED;
    void *result = (void *)syscall(SYS_mmap, wanted, size, access, flags, file, offset);
    if (file >= 0 && result != MAP_FAILED && (access & PROT_WRITE) && (flags & MAP_SHARED) &&
        tracing(of(file, path)))
        put_of('X', file, 0, path);
    leave(state);
    return result;
}

void *mmap(void *wanted, size_t size, int access, int flags, int file, off_t offset)
{
    return mapped(wanted, size, access, flags, file, offset);
}

void *mmap64(void *wanted, size_t size, int access, int flags, int file, off64_t offset)
{
    return mapped(wanted, size, access, flags, file, offset);
}

/* Writing: `end` is where the file's bytes that were written end. */

static size_t shortened(int state, size_t size)
{
    return state == STRUCK && control->action == SHORTEN && size > 1 ? size / 2 : size;
}

#define WRITING(name, parameters, call, end)                                                       \
    ssize_t name parameters                                                                        \
    {                                                                                              \
        char path[PATH_MAX];                                                                       \
        int state = enter(WRITE, #name, HELD);                                                     \
        if (fails(state))                                                                          \
            return -1;                                                                             \
        ssize_t result = REAL(name) call;                                                          \
        if (result > 0 && tracing(path))                                                           \
            put_written(file, path, end, result);                                                  \
        leave(state);                                                                              \
        return result;                                                                             \
    }

#define HERE (int64_t) syscall(SYS_lseek, file, 0, SEEK_CUR)

WRITING(write, (int file, const void *data, size_t size), (file, data, shortened(state, size)), HERE)
WRITING(pwrite, (int file, const void *data, size_t size, off_t offset),
        (file, data, shortened(state, size), offset), offset + result)
WRITING(pwrite64, (int file, const void *data, size_t size, off64_t offset),
        (file, data, shortened(state, size), offset), offset + result)
WRITING(writev, (int file, const struct iovec *parts, int count),
        (file, parts, (int)shortened(state, (size_t)count)), HERE)

static ssize_t copied(const char *call, int from, off64_t *begin, int file, off64_t *place,
                      size_t size)
{
    char path[PATH_MAX], source[PATH_MAX];
    int is_target = below(HELD);
    int state = enter(is_target ? WRITE : READ, call, is_target ? path : of(from, source));
    if (fails(state))
        return -1;
    size = shortened(state, size);
    ssize_t result = strcmp(call, "sendfile")
                         ? REAL(copy_file_range)(from, begin, file, place, size, 0)
                         : REAL(sendfile64)(file, from, begin, size);
    if (result > 0 && tracing(path))
        put_written(file, path, place ? *place : HERE, result);
    leave(state);
    return result;
}

ssize_t sendfile(int file, int from, off_t *begin, size_t size)
{
    return copied("sendfile", from, (off64_t *)begin, file, NULL, size);
}

ssize_t sendfile64(int file, int from, off64_t *begin, size_t size)
{
    return copied("sendfile", from, begin, file, NULL, size);
}

ssize_t copy_file_range(int from, off64_t *begin, int file, off64_t *place, size_t size,
                        unsigned flags)
{
    (void)flags;
    return copied("copy_file_range", from, begin, file, place, size);
}

static int cut(int file, off64_t size)
{
    char path[PATH_MAX];
    int state = enter(WRITE, "ftruncate", HELD);
    if (fails(state))
        return -1;
    int result = REAL(ftruncate64)(file, size);
    if (!result && tracing(path))
        put_of('T', file, size, path);
    leave(state);
    return result;
}

int ftruncate(int file, off_t size)
{
    return cut(file, size);
}

int ftruncate64(int file, off64_t size)
{
    return cut(file, size);
}

static int cut_named(const char *name, off64_t size)
{
    char path[PATH_MAX];
    int state = enter(WRITE, "truncate", NAMED);
    if (fails(state))
        return -1;
    int result = REAL(truncate64)(name, size);
    if (!result && tracing(path))
        put('T', inode(path), size, path, "", NULL, 0);
    leave(state);
    return result;
}

int truncate(const char *name, off_t size)
{
    return cut_named(name, size);
}

int truncate64(const char *name, off64_t size)
{
    return cut_named(name, size);
}

static int reserved(int file, off64_t offset, off64_t size)
{
    char path[PATH_MAX];
    int state = enter(WRITE, "posix_fallocate", HELD);
    if (fails(state))
        return control->error;
    int result = REAL(posix_fallocate64)(file, offset, size);
    struct stat found;
    if (!result && tracing(path) && !REAL(fstat)(file, &found))
        put('T', found.st_ino, found.st_size, path, "", NULL, 0);
    leave(state);
    return result;
}

int posix_fallocate(int file, off_t offset, off_t size)
{
    return reserved(file, offset, size);
}

int posix_fallocate64(int file, off64_t offset, off64_t size)
{
    return reserved(file, offset, size);
}

#define SYNCING(name)                                                                              \
    int name(int file)                                                                             \
    {                                                                                              \
        char path[PATH_MAX];                                                                       \
        int state = enter(SYNC, #name, HELD);                                                      \
        if (fails(state))                                                                          \
            return -1;                                                                             \
        int result = REAL(name)(file);                                                             \
        if (!result && tracing(path))                                                              \
            put_of('F', file, 0, path);                                                            \
        leave(state);                                                                              \
        return result;                                                                             \
    }

SYNCING(fsync)
SYNCING(fdatasync)

/* Entries of folders */

static int entry(int kind, const char *call, char op, int folder, const char *name, mode_t mode)
{
    char path[PATH_MAX];
    int state = enter(kind, call, at(folder, name, path));
    if (fails(state))
        return -1;
    int result = op == 'M'   ? REAL(mkdirat)(folder, name, mode)
                 : op == 'D' ? REAL(unlinkat)(folder, name, AT_REMOVEDIR)
                             : REAL(unlinkat)(folder, name, 0);
    if (!result && tracing(path))
        put(op, op == 'M' ? inode(path) : 0, 0, path, "", NULL, 0);
    leave(state);
    return result;
}

int mkdir(const char *name, mode_t mode)
{
    return entry(ENTER, "mkdir", 'M', AT_FDCWD, name, mode);
}

int mkdirat(int folder, const char *name, mode_t mode)
{
    return entry(ENTER, "mkdir", 'M', folder, name, mode);
}

int rmdir(const char *name)
{
    return entry(LEAVE, "rmdir", 'D', AT_FDCWD, name, 0);
}

int unlink(const char *name)
{
    return entry(LEAVE, "unlink", 'U', AT_FDCWD, name, 0);
}

int unlinkat(int folder, const char *name, int flags)
{
    return entry(LEAVE, flags & AT_REMOVEDIR ? "rmdir" : "unlink",
                 flags & AT_REMOVEDIR ? 'D' : 'U', folder, name, 0);
}

static int doubled(const char *call, char op, int from, const char *name, int to,
                   const char *other, int flags)
{
    char path[PATH_MAX], target[PATH_MAX];
    int state = enter(ENTER, call, at(to, other, target));
    if (fails(state))
        return -1;
    int result = op == 'R' ? REAL(renameat)(from, name, to, other)
                           : REAL(linkat)(from, name, to, other, flags);
    if (!result && tracing(target))
        put(op, inode(target), 0, at(from, name, path), target, NULL, 0);
    leave(state);
    return result;
}

int rename(const char *name, const char *other)
{
    return doubled("rename", 'R', AT_FDCWD, name, AT_FDCWD, other, 0);
}

int renameat(int from, const char *name, int to, const char *other)
{
    return doubled("rename", 'R', from, name, to, other, 0);
}

int link(const char *name, const char *other)
{
    return doubled("link", 'L', AT_FDCWD, name, AT_FDCWD, other, 0);
}

int linkat(int from, const char *name, int to, const char *other, int flags)
{
    return doubled("link", 'L', from, name, to, other, flags);
}

int symlinkat(const char *content, int folder, const char *name)
{
    char path[PATH_MAX];
    int state = enter(ENTER, "symlink", at(folder, name, path));
    if (fails(state))
        return -1;
    int result = REAL(symlinkat)(content, folder, name);
    if (!result && tracing(path))
        put('X', 0, 0, path, "", NULL, 0);
    leave(state);
    return result;
}

int symlink(const char *content, const char *name)
{
    return symlinkat(content, AT_FDCWD, name);
}
