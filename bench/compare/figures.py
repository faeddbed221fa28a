"""Median and spread, and how a figure is written for people."""
import statistics


def median(values):
    return statistics.median(values)


def spread(values):
    return min(values), max(values)


def short(value):
    """Three digits that count, with k or M: 1,612,000 is 1.61 M."""
    for limit, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= limit * 0.9995:
            return three_digits(value / limit) + unit
    return three_digits(value)


def three_digits(value):
    if value == 0:
        return "0"
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    if abs(value) >= 9.995:
        return f"{value:.1f}"
    if abs(value) >= 0.0995:
        return f"{value:.2f}"
    return f"{value:.2g}"


def percent(share):
    """Of a loss: nothing is 0, and what is more than nothing never looks like it."""
    if share == 0:
        return "0"
    return f"{share * 100:.1f}%" if share >= 0.0005 else "< 0.1%"


def size(count):
    for limit, unit in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= limit:
            return f"{three_digits(count / limit)} {unit}"
    return f"{count:.0f} B"


def mebibytes(count):
    return f"{count / (1 << 20):,.0f} MiB"


def with_spread(values, write):
    """The median, and the least and the most where they are not written the same."""
    low, high = (write(each) for each in spread(values))
    middle = write(median(values))
    return middle if low == middle == high else f"{middle} ({low}–{high})"


# What a run is measured by: key, the column's heading, how it is written. In the columns' order.
FIGURES = (
    ("rate", "per second", short),
    ("cpu", "CPU s per million", three_digits),
    ("lost", "lost", percent),
    ("gaps", "missed in gaps", percent),
    ("p50", "p50 µs", three_digits),
    ("p90", "p90 µs", three_digits),
    ("p99", "p99 µs", three_digits),
    ("p999", "p99.9 µs", three_digits),
    ("per_client", "each, in the process", size),
    ("peak", "peak memory", mebibytes),
)


def values_of(runs, key):
    return [run[key] for run in runs if run.get(key) is not None]


def cell(runs, key, write):
    values = values_of(runs, key)
    return with_spread(values, write) if values else "–"


def middle(runs, key):
    """The median over the runs, or None where it was not measured."""
    values = values_of(runs, key)
    return median(values) if values else None
