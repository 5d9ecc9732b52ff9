#!/usr/bin/env python3
"""How far `lathe watch` is behind a run that TensorBoard's own writer logs, at so many points a second.

    bench/watch_lag.py LATHE [--rate 1000] [--seconds 20] [--size 120x40]

The value that is logged is the time of the writing itself, in seconds since the start, and its newest one stands on the screen. The lag is the
difference between now and what is read there just before it changes, when it is oldest: writing, the writer's own buffer (flushed every tenth
of a second), looking, drawing and the pause between two frames are all in it. Needs tensorboard (with torch or tensorboardX) and pyte.
"""
import argparse, fcntl, json, os, pty, re, select, signal, statistics, struct, subprocess, sys, tempfile, termios, time
import pyte

WRITER = """
import sys, time
from torch.utils.tensorboard import SummaryWriter
folder, rate, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
writer, step, flushed = SummaryWriter(folder, flush_secs=1), 0, 0.0
begin = time.time()
print(begin, flush=True)
while (now := time.time()) - begin < seconds:
    while step < (now - begin) * rate:
        writer.add_scalar("clock", time.time() - begin, step)
        step += 1
    if now - flushed > 0.1:
        writer.flush()
        flushed = now
    time.sleep(0.002)
writer.close()
print(step, flush=True)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lathe")
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    columns, rows = map(int, options.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, folder + "/run", str(options.rate), str(options.seconds)], stdout=subprocess.PIPE, text=True)
        start = float(writer.stdout.readline())
        time.sleep(0.5)
        process, master = pty.fork()
        if process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
            os.execvp(options.lathe, [options.lathe, "watch", folder])
        # The run opens at once, since there is only one; the list shows its newest value in figures.
        time.sleep(1.5)
        os.write(master, b"q")
        screen, opened = pyte.Screen(columns, rows), time.time()
        stream, lags, shown, frames = pyte.ByteStream(screen), [], None, 0
        while writer.poll() is None:
            if not select.select([master], [], [], 0.2)[0]:
                continue
            piece = os.read(master, 1 << 16)
            seen = time.time()
            stream.feed(piece)
            frames += 1
            found = re.search(r"clock\D*?(\d+\.\d+)", "\n".join(screen.display))
            if found and found.group(1) != shown:
                if shown and seen - opened > 2:
                    lags.append(seen - start - float(shown))
                shown = found.group(1)
        written = int(writer.stdout.read())
        if options.show:
            print("\n".join(screen.display), file=sys.stderr)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    if not lags:
        sys.exit("watch_lag: the screen never showed the newest value")
    print(json.dumps({"points": written, "changes_seen": len(lags), "median_lag_s": round(statistics.median(lags), 3), "largest_lag_s": round(max(lags), 3), "load": os.getloadavg()[0]}))


main()
