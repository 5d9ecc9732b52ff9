"""A terminal in memory with the program on it: what a person would see, and when."""
import codecs, fcntl, os, pty, re, select, signal, struct, termios, time

TOKEN = re.compile(r"\x1b\[([0-9;?<>=]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[=>78cM]|[\x00-\x1a\x1c-\x1f]|[^\x00-\x1f\x1b]+")


class Screen:
    """Cells by the few sequences that the program sends; colours are passed over."""

    def __init__(self, columns, rows):
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.resize(columns, rows)
        self.rest = ""

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0

    def feed(self, data):
        text = self.rest + self.decoder.decode(data)
        end = 0
        for match in TOKEN.finditer(text):
            if match.start() != end and text[end] == "\x1b":
                break
            end = match.end()
            final = match.group(2)
            if final:
                numbers = [int(n) if n.isdigit() else 0 for n in match.group(1).lstrip("?<>=").split(";")]
                if final == "H":
                    self.y, self.x = max(1, numbers[0]) - 1, max(1, numbers[1] if len(numbers) > 1 else 1) - 1
                elif final == "K" and self.y < self.rows:
                    self.cells[self.y][self.x:] = [" "] * (self.columns - self.x)
                elif final == "J":
                    self.cells = [[" "] * self.columns for _ in range(self.rows)]
            elif match.group()[0] == "\r":
                self.x = 0
            elif match.group()[0] == "\n":
                self.y += 1
            elif match.group()[0] >= " ":
                for character in match.group():
                    if self.y < self.rows and self.x < self.columns:
                        self.cells[self.y][self.x] = character
                    self.x += 1
        self.rest = text[end:]

    @property
    def text(self):
        return "\n".join("".join(row) for row in self.cells)


class Program:
    """The program on a pseudo-terminal."""

    def __init__(self, arguments, environment, columns=120, rows=40):
        self.screen = Screen(columns, rows)
        self.received = 0
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(arguments[0], arguments, environment)

    def read(self, seconds, limit=1 << 16):
        """What has come within a time; False when nothing did."""
        if not select.select([self.fd], [], [], max(0, seconds))[0]:
            return False
        try:
            data = os.read(self.fd, limit)
        except OSError:
            data = b""
        self.received += len(data)
        self.screen.feed(data)
        return bool(data)

    def drain(self, seconds=0.05):
        while self.read(seconds):
            pass

    def write(self, data):
        """Types bytes, and reads while the program has no room for them."""
        data = memoryview(data)
        os.set_blocking(self.fd, False)
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                self.read(0.01)
        os.set_blocking(self.fd, True)

    def until(self, condition, seconds=60, since=None):
        """Seconds until the screen is so."""
        since = time.monotonic() if since is None else since
        while not condition(self.screen.text):
            if time.monotonic() - since > seconds:
                raise SystemExit(f"this never showed within {seconds} s; the screen was:\n{self.screen.text}")
            self.read(0.1)
        return time.monotonic() - since

    def press(self, keys, condition, seconds=60):
        """Seconds from a key to the screen that it asks for."""
        self.drain(0)
        since = time.monotonic()
        self.write(keys)
        return self.until(condition, seconds, since)

    def resize(self, columns, rows):
        self.screen.resize(columns, rows)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    @property
    def processor_seconds(self):
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident_mib(self):
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            self.read(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
