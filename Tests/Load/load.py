#!/usr/bin/env python3
"""A busy day in an hour: a store of ten thousand runs and 100 million points, a queue of two hundred, storms of keys and sizes, and a
slow terminal. Drives the built program in a terminal and prints what a person waits for.

    make load                        all of it
    make load ARGS="--runs 1000 --points 1000000"
    make load ARGS="--only start,search"

Times are wall time from the key (or the start) to the screen that it asks for, and the program's own processor time between."""
import argparse, contextlib, os, random, shutil, sqlite3, statistics, subprocess, sys, tempfile, time
from terminal import Program

PARTS = ["start", "search", "sort", "look", "compare", "train", "storm", "slow", "leak"]


class Load:
    def __init__(self, options):
        self.options = options
        self.folder = options.folder
        os.makedirs(self.folder, exist_ok=True)
        self.total = options.runs + options.queued
        self.rows = []

    # The store

    def store(self):
        """The store as it was written once; each part gets a copy, since training changes it."""
        path = os.path.join(self.folder, f"load-{self.options.runs}-{self.options.points}-{self.options.queued}.sqlite")
        if not os.path.exists(path):
            print(f"writing {self.options.runs} runs with {self.options.points} points to {path}", file=sys.stderr)
            partial = path + ".partial"
            for end in ["", "-wal", "-shm"]:
                if os.path.exists(partial + end):
                    os.remove(partial + end)
            subprocess.run(["nice", "-n", "15", self.options.writer, "load", partial, str(self.options.runs), str(self.options.points),
                            str(self.options.queued)], check=True, stdout=sys.stderr)
            os.rename(partial, path)
        return path

    def open(self, *arguments, copy=True):
        path = self.store()
        if copy:
            self.work = os.path.join(self.folder, "work.sqlite")
            for end in ["-wal", "-shm"]:
                if os.path.exists(self.work + end):
                    os.remove(self.work + end)
            shutil.copyfile(path, self.work)
            path = self.work
        program = Program([self.options.lathe, "open", "--store", path, *arguments], self.environment(), 120, 40)
        return program

    def environment(self):
        environment = dict(os.environ, TERM="xterm-256color", LANG="C.UTF-8")
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"]:
            environment[name] = os.path.join(self.folder, "home")
        return environment

    def opened(self):
        program = self.open()
        program.until(self.is_listed)
        program.drain(0.5)
        return program

    # What is seen

    def is_listed(self, text):
        return f" {self.total} ┓" in text

    @staticmethod
    def heading(text):
        return text.split("\n")[2]

    @staticmethod
    def title(text):
        """What stands over the preview."""
        return text.split("\n")[1].split("┓")[-1]

    # Figures

    def note(self, name, walls, processor=None, unit="ms", limit=200):
        walls = [1000 * wall for wall in walls] if unit == "ms" else walls
        self.rows.append((name, statistics.median(walls), max(walls), processor, unit, limit))
        name, median, largest, processor, unit, limit = self.rows[-1]
        cost = "" if processor is None else f"{1000 * processor / len(walls):10.0f}"
        mark = "" if limit is None or median < limit else f"   over {limit}"
        print(f"{name:44}{median:10.1f}{largest:10.1f}{cost:>10} {unit}{mark}", flush=True)

    def several(self, program, name, presses):
        """Measures keys, each with the screen that it asks for."""
        before, walls = program.processor_seconds, []
        for keys, condition in presses:
            walls.append(program.press(keys, condition))
            program.drain(0.1)
        self.note(name, walls, program.processor_seconds - before)

    # The parts

    def start(self):
        first, listed, whole, cost = [], [], [], 0
        for _ in range(self.options.repeats):
            program = self.open(copy=not first)
            first.append(program.until(lambda text: "lathe" in text, since=program.started))
            listed.append(program.until(self.is_listed, since=program.started))
            whole.append(program.until(lambda text: self.is_listed(text) and "┓┌" in text and "under the cursor" not in text, since=program.started))
            cost += program.processor_seconds
            program.drain(0.3)
            self.note_memory = program.resident_mib
            program.end()
        self.note("start to the first screen", first)
        self.note("start to the whole list", listed, cost)
        self.note("memory after the start", [self.note_memory], unit="MiB", limit=None)

    def search(self):
        program = self.opened()
        for word in ["cold-brew", "seed:7", "co.d", "result<4", "-f cbrw"]:
            presses = [(b"/", lambda text: "┃/" in text)]
            for count in range(1, len(word) + 1):
                presses.append((word[count - 1].encode(), lambda text, typed=word[:count]: self.heading(text).startswith(f"┃/{typed.rstrip()}")))
            self.several(program, f"a key of the search “{word}”", presses)
            program.press(b"\r", lambda text: f"/{word}" in text.split("\n")[1])
            program.press(b"\x1b", lambda text: "/" not in text.split("\n")[1].split("┓")[0])
        program.end()

    def sort(self):
        program = self.opened()
        self.several(program, "sort by state, method, data, result, age", [
            (b"o", lambda text, column=column: f"{column} ▼" in self.heading(text)) for column in ["state", "method", "data", "result", "when"]])
        self.several(program, "turn the order around", [
            (b"O", lambda text, arrow=arrow: f"when {arrow}" in self.heading(text)) for arrow in "▲▼▲▼"])
        program.end()

    def look(self):
        program = self.opened()
        top = self.title(program.screen.text)
        self.several(program, "to the end and to the beginning", [
            (b"G", lambda text: self.title(text) != top), (b"g", lambda text: self.title(text) == top)] * 3)
        program.press(b"j", lambda text: self.title(text) != top)
        program.drain(0.3)
        presses = []
        for _ in range(5):
            title = self.title(program.screen.text)
            presses.append((b"j", lambda text, title=title: self.title(text) != title and "reading" not in text))
        self.several(program, "the next run and its curves", presses)
        # The oldest row is a study; above it stand runs alone.
        program.press(b"G", lambda text: "10 runs" in self.title(text))
        program.press(b"k", lambda text: "10 runs" not in self.title(text))
        program.drain(0.3)
        self.several(program, "a run's own screen, and back", [
            (b"\r", lambda text: not self.is_listed(text) and "train" in text), (b"\x1b", self.is_listed)] * 3)
        program.end()

    def compare(self):
        program = self.opened()
        self.filter(program, "cold-brew seed:3")
        keys = b" j" * 64
        program.write(keys)
        program.until(lambda text: "64 marked" in text or "[" in text)
        program.drain(0.5)
        self.several(program, "compare 64 marked runs, and back", [
            (b"c", lambda text: "Results" in text and "Parameters" in text), (b"\x1b", lambda text: "Runs" in text and "Results" not in text)] * 3)
        program.end()
        program = self.opened()
        program.press(b"G", lambda text: "10 runs" in self.title(text))
        program.drain(0.5)
        self.several(program, "unfold and fold a study", [(b"\r", lambda text: "▾" in text), (b"\r", lambda text: "▾" not in text)] * 3)
        self.several(program, "compare a study's ten runs, and back", [
            (b"c", lambda text: "Results" in text and "Parameters" in text), (b"\x1b", lambda text: "Results" not in text)] * 3)
        program.end()

    def filter(self, program, words):
        program.press(b"/", lambda text: "┃/" in text)
        program.write(words.encode() + b"\r")
        program.until(lambda text: f"/{words}" in text.split("\n")[1])
        program.drain(0.3)

    # Work

    def count(self, condition, store=None):
        """Runs of the queue that are so."""
        with contextlib.closing(sqlite3.connect(f"file:{store or self.work}?mode=ro", uri=True)) as base:
            return base.execute(f"SELECT count(*) FROM runs WHERE method = 'diva' AND plan = 'smoke' AND {condition}").fetchone()[0]

    def finished(self):
        return self.count("state = 'finished'")

    def training(self):
        """A workbench that trains its queue."""
        program = self.opened()
        program.press(b"g", lambda text: True)
        program.drain(0.3)
        wall = program.press(b"r", lambda text: "queued" in text.split("\n")[0] and "▶" in text.split("\n")[0])
        return program, wall

    def train(self):
        program, wall = self.training()
        self.note(f"“resume” on a study of {self.options.queued}, until it trains", [wall], limit=None)
        top = self.title(program.screen.text)
        walls, before = [], program.processor_seconds
        for _ in range(20):
            walls.append(program.press(b"j", lambda text: not self.title(text).startswith(top[:20])))
            walls.append(program.press(b"k", lambda text: self.title(text).startswith(top[:20])))
            program.drain(0.2)
        self.note("a key of the list while a run trains", walls)
        self.note("memory while the queue trains", [program.resident_mib], unit="MiB", limit=None)
        self.finish(program)

    def finish(self, program):
        program.end()

    def storm(self):
        program, _ = self.training()
        chance = random.Random(1)
        sent = 0
        begin, done = time.monotonic(), self.finished()
        for _ in range(1000):
            program.resize(chance.randint(60, 200), chance.randint(16, 60))
            program.drain(0.005)
        self.note("1,000 sizes", [time.monotonic() - begin], unit="s", limit=None)
        begin = time.monotonic()
        keys = [b"j", b"k", b"g", b"G", b"o", b"O", b" ", b"m", b"\t", b"?", b"\x1b", b"\r", b"1", b"2"]
        while sent < 10_000:
            program.write(b"".join(chance.choice(keys) for _ in range(10)))
            sent += 10
            program.drain(0)
        program.resize(120, 40)
        program.write(b"\x1b")
        program.drain(2)
        for _ in range(20):
            if "Runs" in program.screen.text:
                break
            program.write(b"\x1b")
            program.drain(0.5)
        self.note("10,000 keys", [time.monotonic() - begin], unit="s", limit=None)
        trained = self.finished() - done
        self.note("runs that were trained meanwhile", [trained], unit="runs", limit=None)
        self.note("memory after the storms", [program.resident_mib], unit="MiB", limit=None)
        program.end()
        self.same_results()

    def same_results(self):
        """The run that was trained in the storm, and the same one in peace."""
        calm = os.path.join(self.folder, "calm.sqlite")
        for end in ["", "-wal", "-shm"]:
            if os.path.exists(calm + end):
                os.remove(calm + end)
        subprocess.run([self.options.lathe, "run", "diva", "--data", "digits", "--plan", "smoke", "--seed", "0", "--threads", "1", "--store", calm, "-q"],
                       check=True, stdout=subprocess.DEVNULL, env=self.environment())
        texts = []
        for store in [self.work, calm]:
            with contextlib.closing(sqlite3.connect(store)) as base:
                run = base.execute("SELECT identifier FROM runs WHERE method = 'diva' AND plan = 'smoke' AND seed = 0 AND state = 'finished'").fetchone()
            if run is None:
                raise SystemExit(f"seed 0 is not finished in {store}")
            text = subprocess.run([self.options.lathe, "export", run[0], "--store", store, "--format", "csv"], capture_output=True, text=True, check=True,
                                  env=self.environment()).stdout
            texts.append([line for line in text.splitlines() if "second" not in line])
        if texts[0] != texts[1]:
            raise SystemExit("a run that was trained in the storm differs from the same one trained in peace")
        print(f"{'a run of the storm has the calm one’s':44}{len(texts[0]):10} lines, all equal", flush=True)

    def slow(self):
        """A terminal that takes a kilobyte a second."""
        program, _ = self.training()
        before, begin = self.finished(), time.monotonic()
        program.received = 0
        while time.monotonic() - begin < self.options.slow_seconds:
            program.write(b"jk")
            program.read(0.1, limit=102)
            time.sleep(0.1)
        slow = self.finished() - before
        self.note("runs trained before a slow terminal", [slow], unit="runs", limit=None)
        self.note("kilobytes that it took", [program.received / 1024], unit="KB", limit=None)
        before, begin = self.finished(), time.monotonic()
        while time.monotonic() - begin < self.options.slow_seconds:
            program.drain(0.1)
        self.note("runs trained before a quick one, as long", [self.finished() - before], unit="runs", limit=None)
        program.end()
        if slow == 0:
            raise SystemExit("training stood still before a slow terminal")

    def leak(self):
        program, _ = self.training()
        program.write(b"GO")
        program.drain(1)
        marks = []
        cycle = [b"\r", b"\x1b", b"?", b"\x1b", b":", b"\x1b", b"/", b"\x1b", b"j", b"D", b"\x1b"]
        screens = 0
        while screens < self.options.screens or self.finished() < min(self.options.trained, self.options.queued):
            for _ in range(50):
                for key in cycle:
                    program.write(key)
                    program.drain(0.01)
                screens += 5
            marks.append(program.resident_mib)
            if screens % 1000 == 0:
                print(f"    {screens} screens, {self.finished()} runs: {marks[-1]:.0f} MiB", file=sys.stderr)
        third = max(1, len(marks) // 3)
        self.note("screens", [screens], unit="", limit=None)
        self.note("runs trained meanwhile", [self.finished()], unit="runs", limit=None)
        self.note("memory in the first, the last third", [statistics.mean(marks[third:2 * third]), statistics.mean(marks[-third:])], unit="MiB", limit=None)
        program.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lathe", default=".build/release/lathe")
    parser.add_argument("--writer", default=".build/release/StoreWriter")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "lathe-load"), help="where the store is written, about 1 GB; it stays")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=100_000_000)
    parser.add_argument("--queued", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--screens", type=int, default=10_000)
    parser.add_argument("--trained", type=int, default=100)
    parser.add_argument("--slow-seconds", type=float, default=30)
    parser.add_argument("--only", default=",".join(PARTS))
    options = parser.parse_args()
    load = Load(options)
    print(f"{options.runs} stored runs, {options.points} points, {options.queued} queued\n{'':44}{'median':>10}{'largest':>10}{'processor':>10}")
    for part in options.only.split(","):
        if part not in PARTS:
            parser.error(f"there is no part “{part}”; there are {', '.join(PARTS)}")
        getattr(load, part)()
    if any(limit is not None and median >= limit for _, median, _, _, _, limit in load.rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
