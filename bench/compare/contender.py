"""What is compared: a name, the configuration as the page shows it, and how it is started."""


class Running:
    """A contender that takes messages at `url` and writes them to `file`, where it writes."""

    def __init__(self, process, url, file=None):
        self.process = process
        self.pid = process.pid
        self.url = url
        self.file = file
        self.live_url = None  # where live clients connect

    def faults(self, sent):
        """What in the contender's own books does not balance, a line each; only weir has any."""
        return []

    def losses(self):
        """{reason: messages} of what it says it refused or lost."""
        return {}

    def live_faults(self, got, clients):
        """Likewise, of what live clients say they got."""
        return []

    def stop(self):
        self.process.stop()


class Contender:
    def __init__(self, name, shown, start, missing=None, exact=True):
        self.name = name
        self.shown = shown      # its configuration, with PORT and FILE in place of what a run picks
        self.start = start      # (run) -> Running
        self.missing = missing  # (place) -> why it can't take part, or None
        self.ours = name.startswith("weir")
        self.exact = exact      # writes the message as it came and a newline, so that its file's size is known


def floor(protocol, *more, name="floor"):
    """The smallest program that does the job, from bench/floor_*.cpp."""
    program = f"bench_floor_{protocol}"
    words = ([] if protocol in ("http", "grpc") else ["FILE"]) + list(more)

    def start(run):
        file = run.path("out") if "FILE" in words else None
        arguments = [file if word == "FILE" else word for word in words]
        process = run.spawn("floor", [run.place.program(program), 0, *arguments])
        return Running(process, f"{protocol}://127.0.0.1:{process.listening_port()}", file)

    return Contender(name, " ".join([program, "PORT", *words]), start,
                     lambda place: None if place.program(program) else f"{program} was not built")


def live_floor(clients, rate, count, size):
    """It makes its own events, so nothing is sent to it."""
    program = "bench_floor_live"
    seconds = count / rate if rate else 3600

    def start(run):
        process = run.spawn("floor", [run.place.program(program), 0, clients, rate, size, seconds])
        running = Running(process, None)
        running.live_url = f"ws://127.0.0.1:{process.listening_port()}/"
        return running

    return Contender("floor", f"{program} PORT {clients} {rate} {size} {seconds:g}", start,
                     lambda place: None if place.program(program) else f"{program} was not built")
