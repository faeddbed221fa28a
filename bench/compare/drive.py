"""weir's own load generator: what drives every contender."""
import json
import subprocess


def flags_of(options):
    """{"connections": 16, "gso": True} as words."""
    words = []
    for name, value in options.items():
        if value is True:
            words.append(f"--{name}")
        elif value not in (None, False):
            words += [f"--{name}", str(value)]
    return words


def shown(url, options):
    return " ".join(["weir bench", url, *flags_of(options)])


def last_line(text):
    return text.strip().rpartition("\n")[2]


def generate(place, url, options):
    """Sends until done; what `weir bench --json` says of it."""
    words = [place.program("weir"), "bench", url, *flags_of(options), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=180)
    # 3: --verify missed something, which is a result.
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(words)}: ended with {done.returncode}: {last_line(done.stderr)}")
    report = json.loads(done.stdout)
    if not report["sent"]:
        raise RuntimeError(f"{' '.join(words)}: sent nothing: {last_line(done.stderr)}")
    return report


class LiveClients:
    """`weir bench live`, once all its clients are connected."""

    def __init__(self, run, url, options):
        words = [run.place.program("weir"), "bench", "live", url, *flags_of(options), "--json"]
        self.process = run.spawn("clients", words)
        self.process.wait_until(lambda: "ready" in self.process.said(), "ready", 60)

    def result(self, seconds=120):
        """What they received, when they are done."""
        out = self.process.child.communicate(timeout=seconds)[0]
        if self.process.child.returncode not in (0, 3):
            raise RuntimeError(f"weir bench live ended with {self.process.child.returncode}: {self.process.said()}")
        return json.loads(out)
