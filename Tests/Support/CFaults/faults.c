#define _GNU_SOURCE
#include "CFaults.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

enum { word_limit = 256 };

/// Cuts a copy of the lines into words; the copy lives as long as the process.
static void words(const char *lines, char *result[word_limit]) {
    int count = 0;
    char *copy = strdup(lines), *rest = copy, *word;
    while (count < word_limit - 1 && (word = strsep(&rest, "\n"))) if (*word) result[count++] = word;
    result[count] = NULL;
}

static void become(char *arguments[], char *environment[]) {
    execve(arguments[0], arguments, environment);
    _exit(126);
}

int faults_start(const char *arguments, const char *environment, const char *output) {
    char *argument_words[word_limit], *environment_words[word_limit];
    words(arguments, argument_words);
    words(environment, environment_words);
    int process = fork();
    if (process == 0) {
        int file = open(output, O_CREAT | O_WRONLY | O_APPEND, 0600), nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        become(argument_words, environment_words);
    }
    free(argument_words[0]);
    free(environment_words[0]);
    return process;
}

int faults_start_in_terminal(const char *arguments, const char *environment, int *master) {
    char *argument_words[word_limit], *environment_words[word_limit];
    words(arguments, argument_words);
    words(environment, environment_words);
    struct winsize size = {.ws_row = 30, .ws_col = 100};
    int process = forkpty(master, NULL, NULL, &size);
    if (process == 0) become(argument_words, environment_words);
    free(argument_words[0]);
    free(environment_words[0]);
    if (process > 0) {
        fcntl(*master, F_SETFL, O_NONBLOCK);
        fcntl(*master, F_SETFD, FD_CLOEXEC);
    }
    return process;
}

int faults_limit_memory(int process, long bytes) {
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", process);
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    int is_read = fscanf(file, "%ld", &pages) == 1;
    fclose(file);
    if (!is_read || pages == 0) { errno = ESRCH; return -1; }
    struct rlimit limit;
    if (prlimit(process, RLIMIT_AS, NULL, &limit) != 0) return -1;
    limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)bytes;
    return prlimit(process, RLIMIT_AS, &limit, NULL);
}

unsigned long faults_terminal_modes(int fd) {
    struct termios modes;
    if (tcgetattr(fd, &modes) != 0) return 0;
    unsigned long number = 1469598103934665603UL;
    unsigned parts[4] = {modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag};
    for (int i = 0; i < 4; i++) number = (number ^ parts[i]) * 1099511628211UL;
    for (int i = 0; i < NCCS; i++) number = (number ^ modes.c_cc[i]) * 1099511628211UL;
    return number;
}
