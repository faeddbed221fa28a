"""The queues by themselves, with Google Benchmark: bench/queue_bench.cpp."""
import json
import subprocess

from .contender import Contender
from .road import Case, Road

PROGRAM = "bench_queues"
OURS = ("ring", "channel", "mutex-ring", "mutex-array")
OTHERS = ("boost-lockfree", "moodycamel", "moodycamel-blocking", "std-mutex")
LEAST_SECONDS = 0.1
JOBS = [(publishers, readers) for publishers in (1, 2) for readers in (1, 2, 4)]


def contenders(names):
    def missing(place):
        return None if place.program(PROGRAM) else f"{PROGRAM} was not built"

    return [Contender(f"weir {name}" if name in OURS else name, "", None, missing) for name in names]


def measure(place, queue, job):
    """`job` is a benchmark's name with QUEUE where the queue's stands."""
    name = job.replace("QUEUE", queue.removeprefix("weir "))
    words = [place.program(PROGRAM), f"--benchmark_filter=^{name}$", f"--benchmark_min_time={LEAST_SECONDS}",
             "--benchmark_format=json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    if done.returncode != 0 or not done.stdout.strip():
        raise RuntimeError(f"{' '.join(words)}: ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    found = json.loads(done.stdout)["benchmarks"]
    if len(found) != 1:
        raise RuntimeError(f"{len(found)} benchmarks are called {name}")
    run = {"ns": found[0]["ns_per_message"]}
    lost = int(found[0]["lost"])
    return run | ({"faults": [f"{name} lost {lost}"]} if lost else {})


class QueueCase(Case):
    """A column of a table; each queue is a row."""

    def __init__(self, table, column, names, job, compared=None):
        super().__init__(f"{table}: {column}", contenders(names),
                         lambda place, each: measure(place, each.name, job), 0.4)
        self.at = [table, None, column]
        self.views = [("ns", "ns a message", False)]
        self.compared = compared  # what the goals call it


def jobs(table, batch, how="", compared=None):
    return [QueueCase(table, f"{publishers} → {readers}", OURS + OTHERS,
                      f"queue/QUEUE/publishers:{publishers}/readers:{readers}/batch:{batch}/size:18{how}/manual_time",
                      compared)
            for publishers, readers in JOBS]


def between_threads(_):
    return (jobs("One message a batch, made by its publisher and freed by its last reader", 1, compared="one")
            + jobs("64 messages a batch, likewise", 64)
            + jobs("One message a batch, all made before and freed after", 1, "/made:before")
            + jobs("64 messages a batch, all made before and freed after", 64, "/made:before", "many"))


def by_size(sizes):
    """For the classic table: the same message sizes as the protocols have."""
    one = [QueueCase("Time per queue operation, one thread that publishes and takes", f"{size:,} B", OURS,
                     f"one_thread/QUEUE/batch:1/size:{size}") for size in sizes]
    two = [QueueCase("Time per queue operation, from a publisher's thread to a reader's", f"{size:,} B", OURS,
                     f"queue/QUEUE/publishers:1/readers:1/batch:1/size:{size}/made:copied/manual_time")
           for size in sizes]
    return one + two


ROADS = [
    Road("queues", "Queues",
         "Publishers → readers; every reader takes every batch of 18-byte messages. weir's queues are one for all; of the "
         "others there is one for each reader, as their users do it. A message counts once, however many take it. The "
         "time is that of the whole job, and on machines with fewer cores than threads they share them.",
         between_threads),
]
