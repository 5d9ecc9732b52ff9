#!/usr/bin/env python3
"""How long a terminal program takes until its screen shows something, and how much memory it takes (itself and its children).

    bench/open_time.py --until 'REGEX' [--keys KEYS] [--rounds 3] [--size 120x40] -- PROGRAM ARGUMENTS…

The program gets a terminal of its own; what it writes is kept with the time at which it came, and played into a terminal emulator afterwards, so
that nothing of this program is in the times. KEYS are typed once the first picture has stood for 0.3 s; the clock runs from the start in any case.
Needs pyte (pip install pyte). Prints one JSON object a round.
"""
import argparse, fcntl, json, os, pty, re, select, signal, struct, sys, termios, time
import pyte


def tree(root):
    """The process and its descendants."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as f:
                    text = f.read()
            except OSError:
                continue
            children.setdefault(int(text[text.rindex(")") + 2:].split()[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def memory(processes):
    """MiB that these hold now, pages that they share counted once."""
    total = 0
    for process in processes:
        try:
            with open(f"/proc/{process}/smaps_rollup") as f:
                total += int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


def watch(command, columns, rows, keys, quiet, timeout):
    start = time.monotonic()
    process, master = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLORTERM="truecolor")
        os.execvp(command[0], command)
    pieces, peak, last, next_memory, typed = [], 0, start, start, not keys
    while True:
        now = time.monotonic()
        if now - start > timeout or (pieces and typed and now - last > quiet):
            break
        if not typed and pieces and now - last > 0.3:
            os.write(master, keys.encode())
            typed = True
        if now >= next_memory:
            peak = max(peak, memory(tree(process)))
            next_memory = time.monotonic() + 0.1
        if select.select([master], [], [], 0.02)[0]:
            try:
                piece = os.read(master, 1 << 16)
            except OSError:
                break
            if not piece:
                break
            last = time.monotonic()
            pieces.append((last - start, piece))
            # Some programs ask the terminal who it is before they draw.
            for question, answer in ((b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b]11;?", b"\x1b]11;rgb:0000/0000/0000\x1b\\"), (b"\x1b]10;?", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\")):
                if question in piece:
                    os.write(master, answer)
    peak = max(peak, memory(tree(process)))
    for one in reversed(tree(process)):
        try:
            os.kill(one, signal.SIGKILL)
        except OSError:
            pass
    os.waitpid(process, 0)
    os.close(master)
    return pieces, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--until", required=True, help="a regular expression that the text of the screen holds when all is there")
    parser.add_argument("--keys", default="", help="typed after the first picture")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--quiet", type=float, default=2, help="seconds without output that end a round")
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--show", action="store_true", help="print the last screen on standard error")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    columns, rows = map(int, options.size.split("x"))
    for _ in range(options.rounds):
        pieces, peak = watch(options.command, columns, rows, options.keys.encode().decode("unicode_escape"), options.quiet, options.timeout)
        screen = pyte.Screen(columns, rows)
        stream, found, first = pyte.ByteStream(screen), None, None
        for moment, piece in pieces:
            stream.feed(piece)
            text = "\n".join(screen.display)
            if first is None and text.strip():
                first = moment
            if found is None and re.search(options.until, text):
                found = moment
        if options.show:
            print("\n".join(screen.display), file=sys.stderr)
        print(json.dumps({"first_s": first and round(first, 3), "open_s": found and round(found, 3), "peak_mib": round(peak, 1), "load": os.getloadavg()[0]}), flush=True)
        if found is None:
            sys.exit(1)


main()
