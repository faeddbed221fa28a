"""What each road must show, and whether it does. A goal looks at the medians, a loss at every run."""
from .figures import median, middle, percent, short, size, three_digits, values_of


class Verdict:
    def __init__(self, road, goal, measured, met):
        self.road = road
        self.goal = goal
        self.measured = measured
        self.met = met  # None: not measured
        self.reason = REASONS.get((road, goal))


HELD_BACK = "weir, block"


def at_least_share(title, share, who="weir", of="floor"):
    """weir's rate against that of the floor in the same turns."""
    def judge(results):
        rate, base = middle(results.runs(title, who), "rate"), middle(results.runs(title, of), "rate")
        if not rate or not base:
            return None
        return f"{rate / base:.2f} × ({short(rate)} of {short(base)} a second)", rate >= share * base

    return judge


def cpu_share(title, share):
    def judge(results):
        cpu, base = middle(results.runs(title, "weir"), "cpu"), middle(results.runs(title, "floor"), "cpu")
        if cpu is None or not base:
            return None
        return f"{cpu / base:.2f} × ({three_digits(cpu)} of {three_digits(base)})", cpu <= share * base

    return judge


def nothing_lost(title, of="floor"):
    def judge(results):
        lost, floor = (values_of(results.runs(title, who), "lost") for who in ("weir", of))
        if not lost:
            return None
        beside = f", {of} {percent(max(floor))}" if floor and max(floor) else ""
        return (f"at most {percent(max(lost))}{beside}" if max(lost) else "nothing", max(lost) == 0)

    return judge


def rate_at_least(title, least):
    def judge(results):
        rate = middle(results.runs(title, "weir"), "rate")
        return (f"{short(rate)} a second", rate >= least) if rate is not None else None

    return judge


def at_most(title, key, most, write):
    def judge(results):
        value = middle(results.runs(title, "weir"), key)
        return (write(value), value <= most) if value is not None else None

    return judge


def queue_times(case):
    return {name: median(values_of(each["runs"], "ns")) for name, each in case["contenders"].items() if each["runs"]}


def fastest_queue(results):
    """weir's ring against the best of the others, at every job with one message a batch."""
    jobs = {case["at"][2]: queue_times(case) for case in results.cases if case.get("compared") == "one"}
    behind = []
    for job, times in jobs.items():
        best = min((name for name in times if not name.startswith("weir")), key=times.get, default=None)
        if not best or "weir ring" not in times:
            return None
        if times["weir ring"] > times[best]:
            behind.append(f"{job}: {times['weir ring']:.0f} ns, {best} {times[best]:.0f}")
    if not jobs:
        return None
    return "; ".join(behind) if behind else f"at all {len(jobs)} jobs", not behind


def cheap_batches(most):
    def judge(results):
        times = [queue_times(case).get("weir ring") for case in results.cases if case.get("compared") == "many"]
        if not times or None in times:
            return None
        return f"{min(times):.2f} to {max(times):.2f} ns", max(times) <= most

    return judge


def micros(value):
    return f"{value / 1000:.2f} ms" if value >= 1000 else f"{value:.0f} µs"


GOALS = [
    ("udp", "CPU ≤ 0.6 × the floor's", cpu_share("flat out", 0.6)),
    ("udp", "nothing lost, flat out", nothing_lost("flat out")),
    ("udp-gso", "≥ 0.75 × the floor's rate", at_least_share("flat out", 0.75)),
    ("udp-gso", "≥ 0.75 × the rate of the floor with GRO", at_least_share("flat out", 0.75, of="floor, GRO")),
    ("udp-gso", "nothing lost, flat out", nothing_lost("flat out", of="floor, GRO")),
    ("udp-gso", "nothing lost at 1.6 million a second", nothing_lost("1,600,000", of="floor, GRO")),
    ("tcp", "1 connection: ≥ 0.8 × the floor's rate", at_least_share("1 connection", 0.8, HELD_BACK)),
    ("tcp", "16 connections: ≥ 0.8 × the floor's rate", at_least_share("16 connections", 0.8, HELD_BACK)),
    ("tcp-small", "≥ 0.8 × the floor's rate", at_least_share("", 0.8, HELD_BACK)),
    ("http", "16 connections: ≥ 0.8 × the floor's rate", at_least_share("16 connections", 0.8)),
    ("http", "64 connections: ≥ 0.8 × the floor's rate", at_least_share("64 connections", 0.8)),
    ("ndjson", "≥ 1.5 million messages a second", rate_at_least("", 1.5e6)),
    ("grpc", "Publish, 64 calls under way: ≥ 0.8 × the floor's rate", at_least_share("Publish, 4", 0.8)),
    ("grpc", "PublishStream: ≥ 0.8 × the floor's rate", at_least_share("PublishStream", 0.8, HELD_BACK)),
    ("ws", "1 connection: ≥ 0.85 × the TCP floor's rate", at_least_share("1 connection", 0.85, HELD_BACK)),
    ("ws", "16 connections: ≥ 0.95 × the TCP floor's rate", at_least_share("16 connections", 0.95, HELD_BACK)),
    ("live-100", "≥ 9 million deliveries a second", rate_at_least("100 clients, 100,000", 9e6)),
    ("live-100", "without a gap", nothing_lost("100 clients, 100,000")),
    ("live-100", "CPU ≤ 0.10 s per million", at_most("100 clients, 100,000", "cpu", 0.10, three_digits)),
    ("live-1000", "≥ 9 million deliveries a second", rate_at_least("1,000 clients, 10,000", 9e6)),
    ("live-1000", "without a gap", nothing_lost("1,000 clients, 10,000")),
    ("live-1000", "CPU ≤ 0.20 s per million", at_most("1,000 clients, 10,000", "cpu", 0.20, three_digits)),
    ("latency", "half within 0.5 ms", at_most("", "p50", 500, micros)),
    ("latency", "99 of 100 within 3 ms", at_most("", "p99", 3000, micros)),
    ("idle-clients", "≤ 1.5 KiB each in the process", at_most("", "per_client", 1536, size)),
    ("queues", "the ring as fast as the best of the others at each job, one message a batch", fastest_queue),
    ("queues", "the ring ≤ 2 ns a message, published and taken in batches of 64", cheap_batches(2)),
]


GSO_SENDER = (
    "The sender hands over more than 10 million datagrams a second, 3 GB/s, and the floor with GRO loses more than two in "
    "three. `perf record` of weir: 73 % of its time is the kernel's, 42 % alone the copy into the file, 7 % "
    "that out of the socket; 20 % is the one copy that puts a newline behind each message. What is not read in "
    "time the kernel drops, and weir counts it.")
HTTP_KERNEL = (
    "`perf record` at 16 connections: 83 % of weir's time is the kernel's, which is all that the floor takes; two "
    "system calls a request, as the floor has. Of the rest Beast's parser takes 3 %, the clock, the ring and the "
    "answer 1 % each, and 3 % is the thread that writes the file. The floor answers the same 204, but looks into "
    "no header beside the length, keeps no message and writes no file.")
GRPC_CALLS = (
    "All of it is that Publish is a stream to gRPC, so that a call whose event never comes is counted, and no event is read "
    "of who may not publish: a floor written so takes 19 to 20 µs of CPU a call where this one takes 11 to 13 and weir 18 to "
    "19, and answers 71 k to 75 k calls a second, weir 81 k to 85 k. `perf record`: 8 % of weir's time is its own code, gRPC's "
    "templates in it, and 3 % the thread that writes the file.")
GRPC_EVENTS = (
    "The floor neither keeps an event nor writes it. `perf record`: 8 % of weir's time is its own code, gRPC's "
    "templates in it; a floor that reads bytes, as weir does, is as fast as this one.")
# Why, as profiles show it, where a goal is not met; said only then.
REASONS = {
    ("udp-gso", "≥ 0.75 × the rate of the floor with GRO"): GSO_SENDER,
    ("udp-gso", "nothing lost, flat out"): GSO_SENDER,
    ("http", "16 connections: ≥ 0.8 × the floor's rate"): HTTP_KERNEL,
    ("http", "64 connections: ≥ 0.8 × the floor's rate"): HTTP_KERNEL,
    ("grpc", "Publish, 64 calls under way: ≥ 0.8 × the floor's rate"): GRPC_CALLS,
    ("grpc", "PublishStream: ≥ 0.8 × the floor's rate"): GRPC_EVENTS,
    ("ws", "16 connections: ≥ 0.95 × the TCP floor's rate"):
        "Whole runs of this road gave from 0.92 to 1.12. `perf record`: 77 % is the kernel's, as on the TCP road, 23 % "
        "alone the copy into the file and 14 % that out of the sockets; unmasking takes 4 % and checking UTF-8 9 %, "
        "which the floor does not do, and both come from two cores that the sender uses, too.",
    ("queues", "the ring as fast as the best of the others at each job, one message a batch"):
        "The ring's slots travel between cores: `perf annotate` finds 53 % of `try_take` at the load that brings the "
        "slot's line from the publisher's core and 32 % at the fetch_or that marks it taken, and 40 % of the "
        "publisher's claim at the exchange that brings the line back when the batch is given up. No system call and "
        "no lock is in it. Fetching lines ahead and a ring of 8,192 slots were tried and were no faster. moodycamel's "
        "readers never write what its publishers read, which a ring that counts each reader's losses can't do. "
        "In batches of 64, which is nearer to what listeners publish under load, the ring is ahead.",
}


def verdicts(road, results):
    """Of one road; `results` may be None."""
    found = []
    for name, goal, judge in GOALS:
        if name != road:
            continue
        judged = judge(results) if results else None
        found.append(Verdict(road, goal, *(judged or ("not measured", None))))
    return found
