"""weir's own books after a run, from its /metrics: nothing may be unaccounted for."""
import re

SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
MOST_JOINED = 64  # datagrams that the kernel joins (UDP_GRO) and counts as one where it drops them


def parse(text):
    """[(name, {label: value}, number)] of the Prometheus text format."""
    samples = []
    for line in text.splitlines():
        found = SAMPLE.fullmatch(line)
        if found and not line.startswith("#"):
            samples.append((found[1], dict(LABEL.findall(found[2] or "")), float(found[3])))
    return samples


def total(samples, name, **labels):
    return int(sum(number for each, has, number in samples
                   if each == name and all(has.get(key) == value for key, value in labels.items())))


def faults(samples, sent, joined=False):
    """One line for each equation that does not hold. `joined`: the sender used GSO."""
    found = []
    received = total(samples, "weir_received_messages_total")
    refused = total(samples, "weir_refused_messages_total")
    dropped = total(samples, "weir_refused_messages_total", reason="kernel_drop")
    published = total(samples, "weir_published_messages_total")
    most = received + refused + (dropped * (MOST_JOINED - 1) if joined else 0)
    if not received + refused <= sent <= most:
        found.append(f"sent {sent} is not received {received} + refused {refused} (off by {sent - received - refused})")
    if received != published:
        found.append(f"received {received} is not published {published}")
    for name, labels, pending in samples:
        if name != "weir_pending_messages":
            continue
        who = {key: labels[key] for key in ("sink", "target")}
        delivered = total(samples, "weir_delivered_messages_total", **who)
        lost = total(samples, "weir_lost_messages_total", **who)
        filtered = total(samples, "weir_filtered_messages_total", **who)
        if published != delivered + filtered + lost + pending:
            found.append(f"{labels['sink']} {labels['target']}: published {published} is not "
                         f"delivered {delivered} + filtered {filtered} + lost {lost} + pending {pending:.0f}")
    return found


def losses(samples):
    """{reason: messages} of what was refused or lost, where there was any."""
    found = {}
    for name, labels, number in samples:
        if name in ("weir_refused_messages_total", "weir_lost_messages_total") and number:
            found[labels["reason"]] = found.get(labels["reason"], 0) + int(number)
    return found


def live_faults(samples, received, missed, clients):
    """The same for the live stream: every client got each event, or was told how many it missed."""
    published = total(samples, "weir_published_messages_total")
    if received + missed != clients * published:
        return [f"{clients} clients times published {published} is not received {received} + missed {missed} "
                f"(off by {clients * published - received - missed})"]
    return []
