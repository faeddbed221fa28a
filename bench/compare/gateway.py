"""weir as a contender. It is started as the end-to-end tests start it, with a port for its metrics."""
import functools
import importlib
import os
import sys
import time

from . import books
from .contender import Contender, Running
from .place import ROOT

ANY = "127.0.0.1:0"
METRICS = ("--http", ANY + ",ingest=off,live=off,page=off")
INGEST = ("--http", ANY + ",live=off,page=off")


@functools.cache
def _runner(program):
    os.environ["WEIR_PROGRAM"] = program  # which it starts where it is not told another
    sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))
    return importlib.import_module("weir").Weir


class RunningWeir(Running):
    def __init__(self, weir, url, file, joined):
        super().__init__(weir.process, url, file)
        self.weir = weir
        self.joined = joined
        self.live_url = f"ws://{':'.join(map(str, weir.bound['broadcast']))}/live" if "broadcast" in weir.bound else None

    def samples(self):
        return books.parse(self.weir.get("/metrics"))

    def faults(self, sent):
        """Waits a little: the kernel's drops are looked at once a second."""
        deadline = time.monotonic() + 5
        while (wrong := books.faults(self.samples(), sent, self.joined)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return wrong

    def losses(self):
        return books.losses(self.samples())

    def live_faults(self, got, clients):
        return books.live_faults(self.samples(), got["received"], got["missed"], clients)

    def stop(self):
        status, _ = self.weir.stop()
        if status not in (0, 3):
            raise RuntimeError(f"weir ended with {status}: {''.join(self.weir.lines)[-2000:]}")


def weir(*flags, url, name="weir", joined=False):
    """`url` has HOST:PORT as {udp}, {tcp} or {http}; FILE in the flags is what it writes."""
    def start(run, program=None):
        file = run.path("out")
        words = [flag.replace("FILE", file) for flag in flags]
        built = run.place.program("weir")
        started = run.ends.enter_context(_runner(built)(*words, program=program or built, cwd=run.folder))
        bound = {kind: f"{host}:{port}" for kind, (host, port) in started.bound.items()}
        return RunningWeir(started, url.format(**bound), file if words != list(flags) else None, joined)

    return Contender(name, " ".join(["weir", *flags]), start,
                     lambda place: None if place.program("weir") else "weir was not built")


def to_file(kind, *more, name="weir", files=("FILE",), joined=False):
    """The usual: one listener, one file, and the metrics."""
    sinks = [word for file in files for word in ("--file", file)]
    if kind == "http":
        return weir(*INGEST, *sinks, *more, url="http://{http}/", name=name)
    if kind == "ws":
        return weir(*INGEST, *sinks, *more, url="ws://{http}/ws", name=name)
    address = ANY + (",live=off" if kind == "grpc" else "")
    return weir(f"--{kind}", address, *sinks, *METRICS, *more, url=kind + "://{" + kind + "}", name=name, joined=joined)


def held_back(kind, **more):
    """Where there is a connection, a full queue can hold the sender back, as the others do; told apart by its name."""
    return to_file(kind, "--when-full", "block", name="weir, block", **more)


def to_live(*more):
    """Datagrams in, the live stream out."""
    return weir("--udp", ANY, "--broadcast", ANY, *METRICS, *more, url="udp://{udp}")
