"""What one writes in Node.js with npm's ws and grpc-js, from bench/peers/."""
import os

from .contender import Contender, Running
from .place import ROOT

PACKAGES = os.path.join(ROOT, "test", "e2e", "node_modules")


def _missing(place, package):
    if not place.tool("node"):
        return "node is not there"
    there = os.path.isdir(os.path.join(PACKAGES, package))
    return None if there else f"npm's {package} is not there (the npm registry was not reachable)"


def _start(run, script, *words):
    return run.spawn("node", [run.place.tool("node"), os.path.join(ROOT, "bench", "peers", script), *words])


def to_file(scheme):
    """HTTP POST, WebSocket messages or gRPC to a file."""
    script = f"{scheme}_to_file.mjs"

    def start(run):
        file = run.path("out")
        process = _start(run, script, file)
        return Running(process, f"{scheme}://127.0.0.1:{process.listening_port()}/", file)

    name = {"http": "Node http", "ws": "Node ws", "grpc": "Node grpc-js"}[scheme]
    package = "@grpc/grpc-js" if scheme == "grpc" else "ws"
    return Contender(name, f"node bench/peers/{script} FILE", start, lambda place: _missing(place, package))


def live():
    def start(run):
        process = _start(run, "udp_to_live.mjs")
        live_port = process.listening_port()
        running = Running(process, f"udp://127.0.0.1:{process.listening_port()}")
        running.live_url = f"ws://127.0.0.1:{live_port}/live"
        return running

    return Contender("Node ws", "node bench/peers/udp_to_live.mjs", start, lambda place: _missing(place, "ws"))
