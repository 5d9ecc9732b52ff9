#define _GNU_SOURCE
#include "CCrash.h"
#include "notes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static char report_path[1024];
static char report_header[4096];
static struct timespec start_time;
static atomic_int is_prepared;
static atomic_int has_crashed;
static void (*give_back)(void);
static void (*let_go)(void);
static volatile sig_atomic_t watched_error = -1;
/// The file that the report goes to; -1 where none can be written.
static int report_fd = -1;

struct fatal { int number; const char *name; const char *words; };
static const struct fatal fatals[] = {
    {SIGILL, "SIGILL", "a check of the program failed (a wrong index, an overflow, a broken promise)"},
    {SIGTRAP, "SIGTRAP", "a check of the program failed (a wrong index, an overflow, a broken promise)"},
    {SIGSEGV, "SIGSEGV", "memory was touched that is not there, or the stack ran over"},
    {SIGBUS, "SIGBUS", "memory was touched whose file is shorter or could not be read"},
    {SIGABRT, "SIGABRT", "the program or a library gave up"},
    {SIGFPE, "SIGFPE", "an arithmetic error such as a division by zero"},
    {SIGSYS, "SIGSYS", "a system call is not allowed here"},
    // Asked for by a person: no report.
    {SIGQUIT, "SIGQUIT", ""},
};
enum { fatal_count = sizeof fatals / sizeof *fatals };
static struct sigaction former_actions[fatal_count];

// MARK: Writing, with system calls alone

static void put_bytes(const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(report_fd, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

static void put(const char *text) { put_bytes(text, strlen(text)); }

static void put_number(unsigned long value, unsigned base, int width) {
    char digits[24];
    int place = sizeof digits;
    do { digits[--place] = "0123456789abcdef"[value % base]; value /= base; width--; } while ((value > 0 || width > 0) && place > 0);
    put_bytes(digits + place, sizeof digits - (size_t)place);
}

/// The time of day in UTC, by arithmetic: gmtime_r is not promised to be safe here.
static void put_time(const struct timespec *time, int with_date) {
    long days = time->tv_sec / 86400, second = time->tv_sec % 86400;
    if (with_date) {
        // Days since 1 March 0000 in the Gregorian calendar: 400 years are 146097 days.
        long shifted = days + 719468, era = shifted / 146097, day = shifted % 146097;
        long year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
        long of_year = day - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
        put_number((unsigned long)(year + era * 400 + (month >= 10)), 10, 4);
        put("-");
        put_number((unsigned long)(month < 10 ? month + 3 : month - 9), 10, 2);
        put("-");
        put_number((unsigned long)(of_year - (153 * month + 2) / 5 + 1), 10, 2);
        put(" ");
    }
    put_number((unsigned long)(second / 3600), 10, 2);
    put(":");
    put_number((unsigned long)(second / 60 % 60), 10, 2);
    put(":");
    put_number((unsigned long)(second % 60), 10, 2);
    if (!with_date) {
        put(".");
        put_number((unsigned long)(time->tv_nsec / 1000000), 10, 3);
    }
}

static void put_note(const struct timespec *time, const char *text, unsigned length) {
    put("  ");
    put_time(time, 0);
    put("  ");
    put_bytes(text, length);
    put("\n");
}

static void put_calls(void *context) {
    static unsigned long addresses[64];
    int count = lathe_crash_calls(context, addresses, 64);
    put("where, innermost call first:\n");
    for (int i = 0; i < count; i++) {
        unsigned long offset;
        // A return address is the one after the call.
        unsigned long address = i == 0 ? addresses[i] : addresses[i] - 1;
        const char *name = lathe_crash_object(address, &offset);
        put("  ");
        if (name) { put(name); put("+"); } else offset = address;
        put("0x");
        put_number(offset, 16, 1);
        put("\n");
    }
}

static void put_standard_error(void) {
    int fd = watched_error;
    if (fd < 0) return;
    off_t end = lseek(fd, 0, SEEK_END), start = end > 4096 ? end - 4096 : 0;
    if (end <= 0) return;
    put("standard error, its end:\n");
    char bytes[512];
    while (start < end) {
        ssize_t count = pread(fd, bytes, sizeof bytes, start);
        if (count <= 0) break;
        put_bytes(bytes, (size_t)count);
        start += count;
    }
    put("\n");
}

static void put_report(const struct fatal *fatal, const siginfo_t *info, void *context) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    put("lathe crash report 1\nwhat: ");
    put(fatal->name);
    put(", ");
    put(fatal->words);
    if (info && info->si_code <= 0) {
        put("; sent by process ");
        put_number((unsigned long)info->si_pid, 10, 1);
    } else if (info && (fatal->number == SIGSEGV || fatal->number == SIGBUS)) {
        put("; address 0x");
        put_number((unsigned long)info->si_addr, 16, 1);
    }
    put("\nwhen: ");
    put_time(&now, 1);
    put(" UTC, ");
    long seconds = now.tv_sec - start_time.tv_sec;
    put_number((unsigned long)(seconds < 0 ? 0 : seconds), 10, 1);
    put(" s after the start\n");
    put(report_header);
    char thread[17] = "";
    prctl(PR_GET_NAME, thread, 0, 0, 0);
    put("thread: ");
    put_number((unsigned long)syscall(SYS_gettid), 10, 1);
    put(thread[0] ? " " : "");
    put(thread);
    put("\n");
    put_calls(context);
    put_standard_error();
    put("last events, newest last, times in UTC:\n");
    lathe_crash_write_notes(put_note);
    put("end of the report\n");
}

/// Makes the folders of the report and the report, readable by its user only.
static int open_report(void) {
    char *path = report_path;
    for (char *place = path + 1; *place; place++) {
        if (*place != '/') continue;
        *place = 0;
        mkdir(path, 0700);
        *place = '/';
    }
    return open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static void report(const struct fatal *fatal, const siginfo_t *info, void *context) {
    report_fd = open_report();
    int is_file = report_fd >= 0, reason = errno;
    // Where no file can be made the report itself goes to standard error, after what the screen kept.
    if (!is_file) report_fd = STDERR_FILENO;
    if (!is_file && let_go) let_go();
    put_report(fatal, info, context);
    if (is_file) {
        fsync(report_fd);
        close(report_fd);
        if (let_go) let_go();
        report_fd = STDERR_FILENO;
        put("lathe: the program crashed (");
        put(fatal->name);
        put("); what was stored stays. The report is ");
        put(report_path);
        put("; lathe doctor and the workbench show it\n");
    } else {
        put("lathe: the program crashed and the report above could not be written to ");
        put(report_path);
        put(" (error ");
        put_number((unsigned long)reason, 10, 1);
        put(")\n");
    }
}

// MARK: Signals

static void handle_fatal_signal(int number, siginfo_t *info, void *context) {
    int error = errno, place = 0;
    while (place < fatal_count - 1 && fatals[place].number != number) place++;
    // One thread tells; another that crashes meanwhile waits for the end.
    if (atomic_fetch_add(&has_crashed, 1) > 0) for (;;) pause();
    if (give_back) give_back();
    if (atomic_load(&is_prepared) && number != SIGQUIT) report(&fatals[place], info, context);
    else if (let_go) let_go();
    // The former handler (Swift's backtrace) speaks with the true context. It may return, and a signal that was sent does
    // not come again by itself as a fault does: the default action then ends the process either way.
    struct sigaction *former = &former_actions[place];
    // It gets the mask that it asked for: Swift's catches faults of its own.
    pthread_sigmask(SIG_SETMASK, &former->sa_mask, NULL);
    if (former->sa_flags & SA_SIGINFO) former->sa_sigaction(number, info, context);
    else if (former->sa_handler != SIG_DFL && former->sa_handler != SIG_IGN) former->sa_handler(number);
    signal(number, SIG_DFL);
    if (info == NULL || info->si_code <= 0) raise(number);
    errno = error;
}

void lathe_crash_catch(void) {
    static atomic_int is_caught;
    lathe_crash_protect_thread();
    if (atomic_exchange(&is_caught, 1)) return;
    struct sigaction action = {0};
    sigfillset(&action.sa_mask);
    action.sa_sigaction = handle_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int i = 0; i < fatal_count; i++) sigaction(fatals[i].number, &action, &former_actions[i]);
}

void lathe_crash_surround(void (*before)(void), void (*after)(void)) {
    give_back = before;
    let_go = after;
}

void lathe_crash_watch_standard_error(int fd) { watched_error = fd; }

void lathe_crash_protect_thread(void) {
    static _Thread_local int is_protected;
    if (is_protected) return;
    is_protected = 1;
    stack_t stack = {0}, old;
    if (sigaltstack(NULL, &old) == 0 && !(old.ss_flags & SS_DISABLE)) return;
    stack.ss_size = 65536;
    void *memory = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack.ss_sp = memory;
    if (sigaltstack(&stack, NULL) != 0) munmap(memory, stack.ss_size);
}

// MARK: Preparation

int lathe_crash_prepare(const char *path, const char *header) {
    if (strlen(path) >= sizeof report_path || strlen(header) >= sizeof report_header) return -1;
    if (atomic_load(&is_prepared)) return 0;
    strcpy(report_path, path);
    strcpy(report_header, header);
    clock_gettime(CLOCK_REALTIME, &start_time);
    lathe_crash_remember_objects();
    atomic_store(&is_prepared, 1);
    return 0;
}

// Of Swift's runtime.
char *swift_demangle(const char *name, size_t length, char *buffer, size_t *size, unsigned flags);

char *lathe_crash_readable_name(const char *name) { return swift_demangle(name, strlen(name), NULL, NULL, 0); }
