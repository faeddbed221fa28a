"""Measures roads one after another, and says on the terminal what it does and what came of it."""
import sys
import time

from . import goals, machine, page, road as turns, versions
from .figures import FIGURES
from .results import Results

SHOWN = ("rate", "cpu", "lost", "p50", "p99", "per_client", "micros", "cpu_micros")


def say(text=""):
    print(text, file=sys.stderr, flush=True)


def minutes(seconds):
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def estimates(roads, place, only, asked):
    return [turns.estimate(road.cases(asked.seconds), place, only, asked.rounds) for road in roads]


def show_list(roads, place, only, asked):
    for road, seconds in zip(roads, estimates(roads, place, only, asked)):
        print(f"{road.name:14} {road.title} (about {minutes(seconds)})")


def say_estimate(roads, place, only, asked):
    total = sum(estimates(roads, place, only, asked))
    say(f"bench: {len(roads)} roads, {asked.rounds} rounds, about {minutes(total)}; files in {place.scratch}")


def brief(run):
    """The figures of one run on a line."""
    known = {key: (heading, write) for key, heading, write in FIGURES}
    parts = []
    for key in SHOWN:
        if run.get(key) is not None:
            heading, write = known.get(key, (key, "{:.3g}".format))
            parts.append(f"{heading} {write(run[key])}")
    parts += [f"{reason} {number:,}" for reason, number in run.get("losses", {}).items()]
    return ", ".join(parts)


def as_json(case, runs, left_out):
    shown = {each.name: each.shown for each in case.contenders}
    data = {"title": case.title}
    for key in ("at", "views", "compared"):
        if getattr(case, key, None):
            data[key] = getattr(case, key)
    data["contenders"] = {name: {"shown": shown[name], "runs": each} for name, each in runs.items()}
    return data | {"left_out": left_out}


def measure(road, place, only, asked, described):
    """(what is kept of the road, what went wrong: above all books that do not balance)."""
    say(f"\n{road.name}: {road.title}")
    begin = time.monotonic()
    wrong = []

    def said(when, name, run, seconds):
        say(f"  {when}: {name}: {run.get('failed') or brief(run)} ({seconds:.1f} s)")
        faults = run.get("faults", [])
        if "failed" in run and name.startswith(("weir", "floor")):
            faults = [run["failed"]]  # a peer may fail; what is ours may not
        wrong.extend(f"{road.name}, {when}: {name}: {fault}" for fault in faults)
        for fault in run.get("faults", ()):
            say(f"  WRONG: {fault}")

    cases = []
    for case in road.cases(asked.seconds):
        cases.append(as_json(case, *turns.drive_in_turn(case, place, only, asked.rounds, said)))
    data = {"road": road.name, "date": machine.today(), "command": f"scripts/bench {road.name}",
            "rounds": asked.rounds, "machine": described, "cases": cases}
    say()
    say(page.section(road, Results(data)).partition("\nMeasured ")[0].partition("\n\n")[2])
    for line in versions.ratios(cases):
        say(line)
    for verdict in goals.verdicts(road.name, Results(data)):
        say(f"{road.name}: {verdict.goal}: {verdict.measured}: {page.MARKS[verdict.met].strip('*')}")
    say(f"{road.name}: {time.monotonic() - begin:.0f} s")
    return data, wrong
