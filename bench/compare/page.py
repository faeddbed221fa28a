"""docs/benchmarks.md, made from the results of all roads."""
from . import goals
from .figures import FIGURES, cell, median, values_of, with_spread, three_digits
from .growth import remark

HEAD = """# Benchmarks

<!-- Made by scripts/bench; not to be edited. -->

Every road through weir, beside the smallest program that does the same job (the floor) and what people run
today, each started afresh and driven in turn by the same generator (`weir bench`) on the same machine, which
also runs the generator. `scripts/bench` measures all of it and writes this page, `scripts/bench ROAD…` one
road anew; `scripts/bench --list` names them.

- **CPU s per million**: user and system seconds of the receiving process for a million messages it took
  (deliveries, on the live roads). The fairest figure where sender and receiver share the cores.
- **per second**: messages that arrived, from the first send until the last one was in the file.
- **lost**: the share of what was sent that is not there at the end.
- **peak memory**: the most the process ever had resident (VmHWM).
- Figures are medians; in brackets the least and the most, where they differ.

After every run weir's own books were checked: sent = received + refused, published = delivered + lost +
pending. A page with a run where they did not balance is not written.
"""

MARKS = {True: "met", False: "**not met**", None: "not measured"}


def table(heading, rows):
    """Markdown; the first column to the left, the others to the right."""
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" + "---:|" * (len(heading) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def make(roads, load):
    """The whole page. `load(name)` gives a road's results or None."""
    results = {road.name: load(road.name) for road in roads}
    measured = [road for road in roads if results[road.name]]
    parts = [HEAD, summary(roads, results), machines(measured, results)]
    parts += [section(road, results[road.name]) for road in measured]
    parts.append(configurations(measured, results))
    return "\n".join(part for part in parts if part)


def summary(roads, results):
    rows, reasons = [], {}
    for road in roads:
        for verdict in goals.verdicts(road.name, results[road.name]):
            rows.append([road_link(road), verdict.goal, verdict.measured, MARKS[verdict.met]])
            if verdict.met is False and verdict.reason:
                reasons.setdefault(verdict.reason, f"- {road.name}: {verdict.reason}")
    parts = ["## Goals\n", left_table(["road", "goal", "measured", ""], rows) + "\n"]
    if reasons:
        parts += ["Why what is not met is not met:\n", *reasons.values(), ""]
    return "\n".join(parts)


def road_link(road):
    return f"[{road.name}](#{anchor(road.title)})"


def anchor(title):
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def left_table(heading, rows):
    return "\n".join(["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
                     + ["| " + " | ".join(row) + " |" for row in rows])


def machines(roads, results):
    """Each machine once; almost always there is one."""
    distinct = []
    for road in roads:
        machine = results[road.name].data["machine"]
        known = next((each for each in distinct if each[0] == machine), None)
        if known:
            known[1].append(road.name)
        else:
            distinct.append((machine, [road.name]))
    parts = ["## Machine\n"]
    for machine, names in distinct:
        if len(distinct) > 1:
            parts.append(f"For {', '.join(names)}:\n")
        parts.append(left_table(["", ""], [[what, value] for what, value in machine.items()]) + "\n")
    return "\n".join(parts) if distinct else ""


def section(road, results):
    parts = [f"## {road.title}\n", road.what + "\n"]
    for verdict in goals.verdicts(road.name, results):
        parts.append(f"- {verdict.goal}: {verdict.measured}, {MARKS[verdict.met]}")
    if parts[-1].startswith("- "):
        parts.append("")
    matrices = []
    for case in results.cases:
        if not case.get("at"):
            parts.append(contenders_table(case))
        elif case["at"][0] not in matrices:
            matrices.append(case["at"][0])
    parts += [matrix(results, title) for title in matrices]
    parts += [f"- not here: {why}" for why in results.left_out()]
    if results.left_out():
        parts.append("")
    parts += flags_used(results)
    data = results.data
    parts.append(f"Measured {data['date']} with `{data['command']}`: {data['rounds']} rounds.\n")
    return "\n".join(parts)


def contenders_table(case):
    figures = [figure for figure in FIGURES
               if any(values_of(each["runs"], figure[0]) for each in case["contenders"].values())]
    rows = [[name] + [cell(each["runs"], key, write) for key, _, write in figures]
            for name, each in case["contenders"].items()]
    return f"**{case['title']}**\n\n" + table([""] + [heading for _, heading, _ in figures], rows) + "\n"


def matrix(results, title):
    """Cases that stand in a column, and in a row or with a row for each contender; a table for each view."""
    cases = [case for case in results.cases if case.get("at") and case["at"][0] == title]
    return "\n".join(view(title, cases, *each) for each in cases[0]["views"])


def view(title, cases, figure, unit, stays_flat):
    values = {(case["at"][1] or name, case["at"][2]): values_of(each["runs"], figure)
              for case in cases for name, each in case["contenders"].items()}
    row_names, columns = (list(dict.fromkeys(key[side] for key in values)) for side in (0, 1))

    def written(row, column):
        found = values.get((row, column))
        return with_spread(found, three_digits) if found else "–"

    rows = [[row] + [written(row, column) for column in columns] for row in row_names]
    parts = [f"**{title}**, {unit}\n", table([""] + columns, rows) + "\n"]
    if stays_flat:
        for column in columns:
            points = [(row, median(values[row, column])) for row in row_names if values.get((row, column))]
            parts.append(f"- {remark(column, points, unit)}")
        parts.append("")
    return "\n".join(parts)


def shown_by_contender(results):
    """[(name, configuration)], each different one once, in order."""
    return list(dict.fromkeys((name, each["shown"]) for case in results.cases if not case.get("at")
                              for name, each in case["contenders"].items() if each["shown"]))


def flags_used(results):
    """The one-line configurations stand beside the figures."""
    lines = [f"- {name}: `{shown}`" for name, shown in shown_by_contender(results) if "\n" not in shown]
    return lines + [""] if lines else []


def configurations(roads, results):
    """The longer ones at the end, each once."""
    users = {}
    for road in roads:
        for name, shown in shown_by_contender(results[road.name]):
            if "\n" in shown:
                users.setdefault((name, shown), []).append(road.name)
    if not users:
        return ""
    parts = ["## Configurations\n"]
    for (name, shown), names in users.items():
        parts.append(f"**{name}** on {', '.join(names)}:\n\n```\n{shown.rstrip()}\n```\n")
    return "\n".join(parts)
