"""A road: what is driven over it in which cases, each contender in turn, as many rounds as asked for."""
import subprocess
import time


class Case:
    """Contenders that do the same job. `run(place, contender)` gives the figures of one run."""

    def __init__(self, title, contenders, run, seconds):
        self.title = title
        self.contenders = contenders
        self.run = run
        self.seconds = seconds  # that one run takes, about


class Road:
    def __init__(self, name, title, what, cases):
        self.name = name
        self.title = title
        self.what = what    # a sentence or two for the page
        self.cases = cases  # (seconds) -> [Case]


def chosen(case, place, only):
    """(those that take part, why the others do not)."""
    taking, left_out = [], []
    for each in case.contenders:
        if only and not only(each.name):
            continue
        why = each.missing(place) if each.missing else None
        if why:
            left_out.append(f"{each.name}: {why}")
        else:
            taking.append(each)
    return taking, left_out


def estimate(cases, place, only, rounds):
    return sum(case.seconds * rounds * len(chosen(case, place, only)[0]) for case in cases)


def drive_in_turn(case, place, only, rounds, said):
    """{contender: [figures of each round]}, and who was left out and why. One that fails has no more turns.
    Every other round goes backwards, so that nobody always comes first."""
    taking, left_out = chosen(case, place, only)
    runs = {each.name: [] for each in taking}
    for number in range(rounds):
        for each in [each for each in taking[::1 if number % 2 == 0 else -1] if each.name in runs]:
            begin = time.monotonic()
            try:
                run = case.run(place, each)
                runs[each.name].append(run)
            except (RuntimeError, OSError, subprocess.TimeoutExpired) as fault:
                run = {"failed": str(fault)}
                left_out.append(f"{each.name}: it failed in round {number + 1}")
                del runs[each.name]
            said(f"{case.title}, round {number + 1} of {rounds}", each.name, run, time.monotonic() - begin)
    return runs, left_out
