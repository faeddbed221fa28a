"""The roads that end in live WebSocket clients."""
from . import contender, gateway, nats, node
from .measure import fan_out_figures, idle_run, live_run
from .process import cpu_seconds, peak_memory
from .road import Case, Road

SIZE = 256


def nats_run(place, clients, count):
    with place.run() as run:
        running = nats.start(run)
        before = cpu_seconds(running.pid)
        received, seconds = nats.fan_out(running, clients, count, SIZE)
        return fan_out_figures(received, clients * count, seconds, cpu_seconds(running.pid) - before,
                               peak_memory(running.pid))


def live_case(title, clients, rate, seconds, contenders):
    count = int(rate * seconds)
    options = {"size": SIZE, "rate": rate, "count": count}

    def run(place, each):
        if each.name == "nats-server":
            return nats_run(place, clients, count // 2)
        return live_run(place, each, clients, options)

    return Case(title, contenders, run, seconds + 3)


def fan_out(clients, rate, slow_rate):
    """At RATE, and once more at what a peer keeps up with."""
    def cases(seconds):
        floor = contender.live_floor(clients, rate, int(rate * seconds), SIZE)
        return [live_case(f"{clients:,} clients, {rate:,} events a second", clients, rate, seconds,
                          [floor, gateway.to_live(), node.live(), nats.contender()]),
                live_case(f"{clients:,} clients, {slow_rate:,} events a second", clients, slow_rate, seconds,
                          [gateway.to_live(), node.live()])]

    return cases


def latency(seconds):
    seconds = max(seconds, 5)
    return [live_case("100 clients, 1,000 events a second", 100, 1000, seconds, [gateway.to_live(), node.live()])]


def idle(_):
    clients = 10_000
    floor = contender.live_floor(clients, 0, 0, SIZE)
    return [Case(f"{clients:,} clients", [floor, gateway.to_live(), node.live()],
                 lambda place, each: idle_run(place, each, clients), 6)]


FLAT_OUT = ("Datagrams in at a fixed rate, each a WebSocket frame to every client; the figures count deliveries, and "
            "every contender's share of them is lost that a client did not get, whoever dropped it. The floor makes "
            "the events itself. nats-server is sent its own protocol over TCP, as fast as it takes it.")

ROADS = [
    Road("live-100", "UDP in, live to 100 clients", FLAT_OUT, fan_out(100, 100_000, 1_000)),
    Road("live-1000", "UDP in, live to 1,000 clients", FLAT_OUT, fan_out(1000, 10_000, 100)),
    Road("latency", "Latency of one event",
         "From the sender's clock before the datagram to the live client's after the read.", latency),
    Road("idle-clients", "Memory of an idle live client",
         "How much the process grows (VmRSS) when 10,000 clients connect and get nothing. What the kernel holds for a "
         "socket comes on top, for everyone alike.", idle),
]
