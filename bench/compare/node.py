"""What one writes in Node.js with npm's ws, from bench/peers/."""
import os

from .contender import Contender, Running
from .place import ROOT

PACKAGE = os.path.join(ROOT, "test", "e2e", "node_modules", "ws")


def _missing(place, needs_ws):
    if not place.tool("node"):
        return "node is not there"
    return "npm's ws is not there (the npm registry was not reachable)" if needs_ws and not os.path.isdir(PACKAGE) else None


def _start(run, script, *words):
    return run.spawn("node", [run.place.tool("node"), os.path.join(ROOT, "bench", "peers", script), *words])


def to_file(scheme):
    """HTTP POST or WebSocket messages to a file."""
    script = f"{scheme}_to_file.mjs"

    def start(run):
        file = run.path("out")
        process = _start(run, script, file)
        return Running(process, f"{scheme}://127.0.0.1:{process.listening_port()}/", file)

    name = {"http": "Node http", "ws": "Node ws"}[scheme]
    return Contender(name, f"node bench/peers/{script} FILE", start, lambda place: _missing(place, True))


def live():
    def start(run):
        process = _start(run, "udp_to_live.mjs")
        live_port = process.listening_port()
        running = Running(process, f"udp://127.0.0.1:{process.listening_port()}")
        running.live_url = f"ws://127.0.0.1:{live_port}/live"
        return running

    return Contender("Node ws", "node bench/peers/udp_to_live.mjs", start, lambda place: _missing(place, True))
