#define _GNU_SOURCE
#include "CTerminal.h"
#include "CCrash.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static struct termios remembered;
static volatile sig_atomic_t has_remembered;

static unsigned char restore_bytes[1024];
static volatile sig_atomic_t restore_count;
static volatile sig_atomic_t restore_fd = -1;
static volatile sig_atomic_t is_armed;
// Set by the handler of a fatal signal, read by every thread that writes.
static atomic_int has_ended;

static int signal_pipe[2] = {-1, -1};
static atomic_int endings_asked;

static volatile sig_atomic_t held_error = -1;
static volatile sig_atomic_t real_error = -1;

// MARK: Terminal

int lathe_terminal_open(int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int own = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own >= 0 && isatty(own)) return own;
    if (own >= 0) close(own);
    return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

int lathe_terminal_remember(int fd) {
    if (tcgetattr(fd, &remembered) != 0) return -1;
    has_remembered = 1;
    return 0;
}

int lathe_terminal_set_raw(int fd) {
    if (!has_remembered) { errno = EINVAL; return -1; }
    struct termios raw = remembered;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    raw.c_cflag |= CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(fd, TCSANOW, &raw);
}

int lathe_terminal_set_remembered(int fd) {
    return has_remembered ? tcsetattr(fd, TCSANOW, &remembered) : 0;
}

int lathe_terminal_erase_character(void) {
    if (!has_remembered || remembered.c_cc[VERASE] == _POSIX_VDISABLE) return -1;
    return remembered.c_cc[VERASE];
}

long lathe_terminal_size(int fd) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
    return (long)size.ws_col * 65536 + size.ws_row;
}

int lathe_terminal_wait(int fd, int for_writing, int milliseconds) {
    struct pollfd entry = {.fd = fd, .events = for_writing ? POLLOUT : POLLIN};
    int count = poll(&entry, 1, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -1;
    if (count == 0) return 0;
    if (entry.revents & entry.events) return 1;
    errno = EIO;
    return -1;
}

static long write_some(int fd, const void *bytes, long count) {
    // A descriptor that may block is only written to when it has room, and little at a time.
    int ready = lathe_terminal_wait(fd, 1, 0);
    if (ready <= 0) return ready;
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && !(flags & O_NONBLOCK) && count > 256) count = 256;
    ssize_t written = write(fd, bytes, (size_t)count);
    if (written < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    return written;
}

long lathe_terminal_write(int fd, const void *bytes, long count) {
    if (atomic_load(&has_ended)) { errno = EPIPE; return -1; }
    return write_some(fd, bytes, count);
}

long lathe_terminal_read(int fd, void *bytes, long count) {
    int ready = lathe_terminal_wait(fd, 0, 0);
    if (ready <= 0) return ready;
    ssize_t number = read(fd, bytes, (size_t)count);
    if (number < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (number == 0) { errno = EPIPE; return -1; }
    return number;
}

// MARK: Restoration

// Only async-signal-safe calls from here to the end of the section.
static void give_terminal_back(void) {
    if (!is_armed) return;
    is_armed = 0;
    int fd = restore_fd;
    // At most a second: a terminal that takes nothing must not keep the process from ending.
    for (int done = 0, waits = 0; done < restore_count && waits < 20;) {
        long written = write_some(fd, restore_bytes + done, restore_count - done);
        if (written < 0) break;
        if (written == 0) { lathe_terminal_wait(fd, 1, 50); waits++; }
        done += (int)written;
    }
    if (has_remembered) tcsetattr(fd, TCSANOW, &remembered);
}

void lathe_terminal_release_standard_error(void) {
    int held = held_error, real = real_error;
    if (held < 0 || real < 0) return;
    held_error = -1;
    real_error = -1;
    lathe_crash_watch_standard_error(-1);
    dup2(real, STDERR_FILENO);
    // The newest 16 kB: a library that complains in a loop must not flood the shell.
    off_t end = lseek(held, 0, SEEK_END), start = end > 16384 ? end - 16384 : 0;
    char bytes[1024];
    while (start < end) {
        ssize_t count = pread(held, bytes, sizeof bytes, start);
        if (count <= 0 || write(STDERR_FILENO, bytes, (size_t)count) < 0) break;
        start += count;
    }
    close(held);
    close(real);
}

// MARK: Signals

static void give_back_after_crash(void) {
    atomic_store(&has_ended, 1);
    give_terminal_back();
}

static void handle_signal(int number) {
    int error = errno;
    int asks_to_end = number == SIGTERM || number == SIGHUP || number == SIGINT;
    if (asks_to_end && (!is_armed || atomic_fetch_add(&endings_asked, 1) > 0)) {
        // Nobody listens, or nobody answered the first time.
        atomic_store(&has_ended, 1);
        give_terminal_back();
        lathe_terminal_release_standard_error();
        signal(number, SIG_DFL);
        raise(number);
        errno = error;
        return;
    }
    if (number == SIGTSTP && !is_armed) {
        // The screen is down: stop as if nothing were caught.
        signal(SIGTSTP, SIG_DFL);
        raise(SIGTSTP);
        errno = error;
        return;
    }
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = error;
}

static void restore_at_exit(void) {
    atomic_store(&has_ended, 1);
    give_terminal_back();
    lathe_terminal_release_standard_error();
}

int lathe_terminal_catch_signals(void) {
    lathe_crash_surround(give_back_after_crash, lathe_terminal_release_standard_error);
    lathe_crash_catch();
    if (signal_pipe[0] >= 0) return signal_pipe[0];
    int ends[2];
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return -1;
    signal_pipe[0] = ends[0];
    signal_pipe[1] = ends[1];
    atexit(restore_at_exit);

    struct sigaction action = {0};
    sigfillset(&action.sa_mask);
    action.sa_handler = handle_signal;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    static const int plain[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
    for (unsigned i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct sigaction former;
        // What the parent chose to ignore (nohup) stays ignored.
        if (sigaction(plain[i], NULL, &former) == 0 && former.sa_handler == SIG_IGN && plain[i] != SIGWINCH) continue;
        sigaction(plain[i], &action, NULL);
    }
    return signal_pipe[0];
}

int lathe_terminal_arm(int fd, const void *bytes, int count) {
    if (count < 0 || (unsigned)count > sizeof restore_bytes) return -1;
    is_armed = 0;
    memcpy(restore_bytes, bytes, (size_t)count);
    restore_count = count;
    restore_fd = fd;
    atomic_store(&endings_asked, 0);
    is_armed = 1;
    return 0;
}

void lathe_terminal_disarm(void) { is_armed = 0; }

void lathe_terminal_answered(void) { atomic_store(&endings_asked, 0); }

void lathe_terminal_stop_process_group(void) {
    struct sigaction former, ignore = {0}, standard = {0};
    ignore.sa_handler = SIG_IGN;
    standard.sa_handler = SIG_DFL;
    sigset_t set, mask;
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    // First the others of the group (make, a pipe), then this thread alone: a signal to the whole process may reach
    // another thread only after the handler is back.
    sigaction(SIGTSTP, &ignore, &former);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &standard, NULL);
    pthread_sigmask(SIG_UNBLOCK, &set, &mask);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &former, NULL);
}

// MARK: Standard error

void lathe_terminal_hold_standard_error(int fd) {
    struct stat screen, error;
    if (held_error >= 0 || !isatty(STDERR_FILENO)) return;
    // Another terminal (2>/dev/pts/3, for debugging) is not in the way.
    if (fstat(fd, &screen) != 0 || fstat(STDERR_FILENO, &error) != 0 || screen.st_rdev != error.st_rdev) return;
    int real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    int held = memfd_create("standard error", MFD_CLOEXEC);
    if (real < 0 || held < 0) {
        if (real >= 0) close(real);
        if (held >= 0) close(held);
        return;
    }
    fcntl(held, F_SETFL, O_APPEND);
    dup2(held, STDERR_FILENO);
    real_error = real;
    held_error = held;
    lathe_crash_watch_standard_error(held);
}
