// Programs that the fault harness starts, in a terminal of their own where it asks for one. Lists come as lines of one string.
#ifndef LATHE_CFAULTS_H
#define LATHE_CFAULTS_H

/// Starts the program that the first of the lines of `arguments` names. Its output goes to the file `output`, which is appended to.
/// Its number, or -1 and errno.
int faults_start(const char *arguments, const char *environment, const char *output);

/// As above in a new terminal of 100x30 cells; `master` is its other end, whose reading does not wait.
int faults_start_in_terminal(const char *arguments, const char *environment, int *master);

/// Lets the process have so many bytes more than it has; below zero takes the limit away. 0, or -1 and errno.
int faults_limit_memory(int process, long bytes);

/// The modes of a terminal as one number; 0 where there is none.
unsigned long faults_terminal_modes(int fd);

#endif
