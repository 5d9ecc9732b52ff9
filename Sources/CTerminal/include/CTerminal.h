// What must work inside a signal handler, and the few calls whose C types Swift cannot name: the modes of the terminal,
// its restoration after any end of the process, and signals turned into bytes of a pipe.
//
// There is one terminal a process, hence one static state. All functions but the handler run on the main actor, except
// lathe_terminal_write.
#ifndef LATHE_CTERMINAL_H
#define LATHE_CTERMINAL_H

/// Opens the terminal behind `fd` once more, non-blocking: its flags are then ours alone and not the shell's.
/// A duplicate of `fd` where that is not allowed. -1 and errno on failure.
int lathe_terminal_open(int fd);

/// Remembers the modes of the terminal `fd` as those to go back to. 0, or -1 and errno.
int lathe_terminal_remember(int fd);

/// Sets raw modes: every key comes as bytes at once, nothing is echoed, no key is a signal. 0, or -1 and errno.
int lathe_terminal_set_raw(int fd);

/// Goes back to the remembered modes. 0, or -1 and errno.
int lathe_terminal_set_remembered(int fd);

/// The erase character of the remembered modes, -1 where there is none.
int lathe_terminal_erase_character(void);

/// Width * 65536 + height in cells; 0 where the terminal does not say.
long lathe_terminal_size(int fd);

/// Waits up to `milliseconds` until `fd` can be read (or written). 1 yes, 0 no, -1 and errno (also where it hung up).
int lathe_terminal_wait(int fd, int for_writing, int milliseconds);

/// Writes some of the bytes without waiting. Their number, 0 where the terminal takes none now, -1 and errno.
/// Refuses with EPIPE once a crash has given the terminal back, so that no thread draws over the message.
long lathe_terminal_write(int fd, const void *bytes, long count);

/// Reads what is there without waiting. Number of bytes, 0 for nothing now, -1 and errno; EPIPE at the end of input.
long lathe_terminal_read(int fd, void *bytes, long count);

/// From now on any end of the process writes `bytes` to `fd` and goes back to the remembered modes: exit() without
/// disarming, fatal signals (which then take their former course), a second SIGTERM, SIGHUP or SIGINT.
/// At most 1024 bytes. 0, or -1 where there are more.
int lathe_terminal_arm(int fd, const void *bytes, int count);
void lathe_terminal_disarm(void);

/// Installs the signal handlers once, those of a crash (CCrash) among them. Answers the reading end of a pipe on which SIGWINCH, SIGTERM, SIGHUP, SIGINT,
/// SIGTSTP and SIGCONT arrive as one byte each, their number. -1 and errno on failure.
int lathe_terminal_catch_signals(void);

/// Says that a SIGTERM, SIGHUP or SIGINT has been answered: the next one is a first one again.
void lathe_terminal_answered(void);

/// Stops the process group as ctrl-z in a shell does; returns when it goes on. Returns at once where nobody could
/// make it go on (no job control).
void lathe_terminal_stop_process_group(void);

/// While the screen is up, what is written to standard error is kept, if that is the terminal `fd` too; afterwards it is printed.
void lathe_terminal_hold_standard_error(int fd);
void lathe_terminal_release_standard_error(void);

#endif
