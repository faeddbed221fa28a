"""One run of one contender: started, driven, watched until it has settled, and its books checked."""
import time

from . import drive, process
from .settle import Watch, count_lines

MILLION = 1_000_000
LONGEST = "15s"  # that live clients wait for what they shall get


def file_run(place, contender, options, verify=False):
    """Messages in, lines in a file (or answers) out. `options` are the generator's; with `verify` it looks for
    every message in what weir wrote."""
    with place.run() as run:
        running = contender.start(run)
        watch = Watch(running.file) if running.file else None
        before = process.cpu_seconds(running.pid)
        looking = {"verify": running.file} if verify and contender.ours else {}
        sent = drive.generate(place, running.url, options | looking)
        if watch:
            watch.settle(sent["sent"] * (options["size"] + 1) if contender.exact else None)
        cpu = process.cpu_seconds(running.pid) - before
        peak = process.peak_memory(running.pid)
        books = books_of(running.faults(sent["sent"]), running.losses())
        running.stop()
        received = count_lines(running.file) if watch else sent["sent"] - sent["errors"]
    if "verify" in sent:
        books.setdefault("faults", []).extend(verify_faults(sent["verify"], sent["sent"] - received, in_order(running.url, options)))
    seconds = max(sent["seconds"], watch.seconds() if watch else 0)
    return {
        "sent": sent["sent"],
        "received": received,
        "seconds": round(seconds, 4),
        "rate": received / seconds,
        "cpu": cpu / received * MILLION if received else None,
        "lost": max(0, 1 - received / sent["sent"]),
        "peak": peak,
        "sender_cpu": sent["cpu_seconds"] / sent["sent"] * MILLION,
    } | books | latency(sent)


def live_run(place, contender, clients, options):
    """Datagrams in, frames to WebSocket clients out. A contender without a `url` makes its own events."""
    count = options["count"]
    with place.run() as run:
        running = contender.start(run)
        listening = drive.LiveClients(run, running.live_url, {"clients": clients, "expect": count, "duration": LONGEST})
        before = process.cpu_seconds(running.pid)
        sent = drive.generate(place, running.url, options)["sent"] if running.url else count
        got = listening.result()
        cpu = process.cpu_seconds(running.pid) - before
        peak = process.peak_memory(running.pid)
        books = books_of(running.faults(sent) + running.live_faults(got, clients), running.losses())
        running.stop()
    return fan_out_figures(got["received"], clients * sent, got["seconds"], cpu, peak) | books | latency(got)


def in_order(url, options):
    """gRPC's threads take the calls that are under way together in any order."""
    return not (url.startswith("grpc:") and options.get("pipeline", 1) > 1)


def verify_faults(report, missing, ordered=True):
    """What a receiver may lose it may still not write twice or in another order, and the rest must all be there."""
    looked_at = ("duplicates", "out_of_order") if ordered else ("duplicates",)
    wrong = [f"{report[what]} messages {what.replace('_', ' ')}" for what in looked_at if report[what]]
    if report["missing"] != missing:
        wrong.append(f"{report['missing']} messages missing, though only {missing} lines are")
    return wrong


def fan_out_figures(received, expected, seconds, cpu, peak):
    return {
        "sent": expected,
        "received": received,
        "seconds": round(seconds, 4),
        "rate": received / seconds if seconds else 0,
        "cpu": cpu / received * MILLION if received else None,
        "lost": max(0, 1 - received / expected),
        "peak": peak,
    }


def books_of(faults, losses):
    return ({"faults": faults} if faults else {}) | ({"losses": losses} if losses else {})


def latency(report):
    return dict(report.get("latency_us") or {})


def idle_run(place, contender, clients):
    """What connected clients that get nothing take in the process."""
    with place.run() as run:
        running = contender.start(run)
        before = process.memory(running.pid, "VmRSS")
        drive.LiveClients(run, running.live_url, {"clients": clients, "idle": True, "duration": "60s"})
        time.sleep(1)  # until the last buffers of the upgrades are given back
        grown = process.memory(running.pid, "VmRSS") - before
    return {"clients": clients, "per_client": grown / clients}
