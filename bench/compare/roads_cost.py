"""How cost grows with size, connections, live clients and sinks; and the classic table of time per message."""
from . import gateway, roads_queue
from .measure import file_run, live_run
from .road import Case, Road
from .roads_file import START_AND_STOP, many

CLASSIC_SIZES = (18, 4266, 6786, 79435)
SIZES = (18, 256, 2 << 10, 16 << 10, 128 << 10, 1 << 20)
LARGEST_DATAGRAM = 65_507


class CellCase(Case):
    """One cell of a table: its row and column, and the figure that stands there."""

    def __init__(self, table, row, column, contender, run, seconds, *views):
        super().__init__(f"{table}: {column}, {row}", [contender], run, seconds)
        self.at = [table, row, column]
        self.views = views  # (figure, unit, whether it is to stay flat as the rows go on)


def weir_for(kind, **more):
    return gateway.held_back(kind, **more) if kind in ("tcp", "ws") else gateway.to_file(kind, **more)


def timed(run, size=256):
    """Adds what the tables show: the time and the CPU time of one message, in microseconds."""
    return run | {"micros": run["seconds"] / run["received"] * 1e6, "cpu_micros": run["cpu"],
                  "kib_micros": run["cpu"] * 1024 / size}


def bytes_of(size):
    for unit, limit in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= limit and size % limit == 0:
            return f"{size // limit} {unit}"
    return f"{size:,} B"


def fits(kind, size):
    return kind != "udp" or size <= LARGEST_DATAGRAM


def classic(_):
    """One second a run: there are many."""
    cases = []
    for kind in ("udp", "tcp", "http", "ws"):
        for senders, row in ((1, "one sender"), (16, "16 in parallel")):
            for size in CLASSIC_SIZES:
                if fits(kind, size):
                    options = {"size": size, "connections": senders, "duration": "1s"}
                    cases.append(CellCase(
                        "Time per message", f"{kind}, {row}", bytes_of(size), weir_for(kind),
                        lambda place, each, options=options: timed(file_run(place, each, options)),
                        1 + START_AND_STOP, ("micros", "µs from the first send to the file, by the messages", False)))
    return cases + roads_queue.by_size(CLASSIC_SIZES)


def growing(table, row, column, contender, options, *views):
    options = {"size": 256, "duration": "1s"} | options
    return CellCase(table, row, column, contender,
                    lambda place, each: timed(file_run(place, each, options), options["size"]),
                    1 + START_AND_STOP, *views)


def by_size():
    """A message's cost grows with the bytes that are copied, so what must not grow is that of its bytes."""
    return [growing("Message size", bytes_of(size), kind, weir_for(kind),
                    {"size": size, "connections": 1 if kind == "udp" else 4},
                    ("cpu_micros", "µs of CPU a message", False), ("kib_micros", "µs of CPU a KiB", True))
            for size in SIZES for kind in ("udp", "tcp", "http", "ws") if fits(kind, size)]


def by_connections():
    """Opening many takes a while, too, which is not to be the message's."""
    return [growing("Connections", f"{count:,}", kind, weir_for(kind),
                    {"connections": count, "duration": "4s" if count > 1000 else "1s"},
                    ("cpu_micros", "µs of CPU a message", True))
            for count in (1, 10, 100, 1000, 10_000) for kind in ("tcp", "http", "ws")]


def by_sinks():
    """At a fixed rate, so that the files all keep up; the cost of a message in each of them."""
    cases = []
    for count in (1, 2, 4, 8):
        def run(place, each, count=count):
            got = timed(file_run(place, each, {"size": 256, "rate": 500_000, "duration": "1s"}))
            return got | {"cpu_micros": got["cpu_micros"] / count}

        files = ["FILE"] + [f"FILE.{number}" for number in range(2, count + 1)]
        cases.append(CellCase("Sinks", many(count, "file"), "tcp", weir_for("tcp", files=files), run,
                              1 + START_AND_STOP, ("cpu_micros", "µs of CPU a message in each file", True)))
    return cases


def by_live_clients():
    """At five million deliveries a second, or 100,000 events a second where the clients are few."""
    cases = []
    for clients in (1, 10, 100, 1000, 10_000):
        rate = min(100_000, 5_000_000 // clients)
        options = {"size": 256, "rate": rate, "count": 2 * rate}
        cases.append(CellCase(
            "Live clients", f"{many(clients, 'client')}, {rate:,} events a second", "udp to live", gateway.to_live(),
            lambda place, each, clients=clients, options=options: timed(live_run(place, each, clients, options)),
            2 + START_AND_STOP + clients / 2000, ("cpu_micros", "µs of CPU a delivery", True)))
    return cases


def growth(_):
    return by_size() + by_connections() + by_live_clients() + by_sinks()


ROADS = [
    Road("classic", "Time per message",
         "The whole road from a sender to a file, at four sizes that are usual in this field, with one sender and "
         "with 16 in parallel. HTTP has one request under way on a connection, so its one sender waits for each answer.",
         classic),
    Road("growth", "How cost grows",
         "CPU time of the receiving process for one message, as one thing grows and the rest stays as it is. "
         "It should stay flat or fall; below each table stands where it does not. Where it grows with connections or "
         "clients, ten thousand sockets and what belongs to them have left the caches when their turn comes, and each "
         "read finds little: the same bytes cost more system calls.", growth),
]
