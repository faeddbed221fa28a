#!/usr/bin/env python3
"""Measures every road through weir against its floor and its peers, and writes docs/benchmarks.md.

scripts/bench builds what this needs, and then runs it.
"""
import argparse
import os
import resource
import sys

from compare import machine, page, results, roads_cost, roads_file, roads_live, roads_queue, session, versions
from compare.place import ROOT, Place

ROADS = roads_file.ROADS + roads_live.ROADS + roads_queue.ROADS + roads_cost.ROADS
PAGE = os.path.join(ROOT, "docs", "benchmarks.md")
ENOUGH_ROUNDS = 3


def arguments():
    known = [road.name for road in ROADS]
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures roads through weir and writes "
                                     "docs/benchmarks.md.", epilog=f"Roads: {' '.join(known)}; all unless some are named.")
    parser.add_argument("roads", nargs="*", metavar="ROAD", help="the roads to measure")
    parser.add_argument("--list", action="store_true", help="only say which roads there are, and how long each takes")
    parser.add_argument("--report", action="store_true", help="only write the page anew, from bench/results/")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each is run (3)")
    parser.add_argument("--seconds", type=float, default=2, metavar="S", help="how long a run sends, about (2)")
    parser.add_argument("--only", metavar="NAME,…", help="only contenders whose names begin so")
    parser.add_argument("--no-peers", action="store_true", help="only weir and the floors")
    parser.add_argument("--against", metavar="PROGRAM", help="only weir, in turns with PROGRAM, another build of it")
    parser.add_argument("--build", default="build-bench", metavar="FOLDER", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    for name in asked.roads:
        if name not in known:
            parser.error(f"there is no road '{name}'; there are: {' '.join(known)}")
    return asked


def contender_filter(asked):
    names = (["weir"] if asked.against else ["floor", "weir"] if asked.no_peers
             else asked.only.split(",") if asked.only else None)
    return (lambda name: any(name.startswith(each) for each in names)) if names else None


def write_page():
    with open(PAGE, "w") as out:
        out.write(page.make(ROADS, results.load))
    print(f"wrote {os.path.relpath(PAGE)}", file=sys.stderr)


def main():
    asked = arguments()
    if asked.report:
        write_page()
        return 0
    roads = [road for road in ROADS if not asked.roads or road.name in asked.roads]
    if asked.against:
        roads = [versions.beside(road, os.path.abspath(asked.against)) for road in roads]
    place = Place(asked.build)
    only = contender_filter(asked)
    if asked.list:
        session.show_list(roads, place, only, asked)
        return 0
    # Everything started from here holds a descriptor for each connection.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    described = machine.describe(place)
    session.say_estimate(roads, place, only, asked)
    faults = []
    for road in roads:
        data, wrong = session.measure(road, place, only, asked, described)
        faults += wrong
        # What is on the page has been measured as the page says.
        if not wrong and not only and asked.rounds >= ENOUGH_ROUNDS:
            results.save(data)
            write_page()
        else:
            print(f"{road.name}: not written to the page", file=sys.stderr)
    if faults:
        print("\nWRONG:", *faults, sep="\n  ", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
