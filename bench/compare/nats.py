"""nats-server as a contender for the live roads: its own protocol over TCP, one publisher, N subscribers.
Not the same job: no WebSocket and no datagrams, and a publisher that is held back. But the same fan-out."""
import selectors
import socket
import threading
import time

from .contender import Contender, Running
from .process import free_port, is_bound

PIECE = 256 << 10


def start(run):
    port, config = free_port(), run.path("nats.conf")
    with open(config, "w") as out:
        out.write(shown().replace("PORT", str(port)))
    process = run.spawn("nats-server", [run.place.tool("nats-server"), "-c", config])
    process.wait_until(lambda: is_bound(port, "tcp"), f"port {port}")
    return Running(process, f"nats://127.0.0.1:{port}")


def shown():
    return 'listen: "127.0.0.1:PORT"\nmax_connections: 20000\n'


def contender():
    return Contender("nats-server", shown(), start,
                     lambda place: None if place.tool("nats-server") else "nats-server is not there")


def _connect(port, more=b""):
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(b'CONNECT {"verbose":false,"pedantic":false}\r\n' + more + b"PING\r\n")
    said = b""
    while b"PONG\r\n" not in said:  # INFO comes before it
        part = client.recv(4096)
        if not part:
            raise RuntimeError(f"nats-server hung up: {said[-200:]!r}")
        said += part
    return client


def fan_out(running, clients, count, size):
    """Publishes COUNT messages as fast as it is let, until every subscriber has them or none came for 2 s:
    (received over all, seconds)."""
    port = int(running.url.rpartition(":")[2])
    frame = len(f"MSG e 1 {size}\r\n") + size + 2
    subscribers = [_connect(port, b"SUB e 1\r\n") for _ in range(clients)]
    chooser = selectors.DefaultSelector()
    for number, client in enumerate(subscribers):
        client.setblocking(False)
        chooser.register(client, selectors.EVENT_READ, number)
    publisher = _connect(port)
    message = b"PUB e %d\r\n%s\r\n" % (size, b"x" * size)
    sender = threading.Thread(target=publisher.sendall, args=(message * count,), daemon=True)
    room = bytearray(PIECE)
    left = [count * frame] * clients
    open_ones = clients
    begin = last = time.monotonic()
    sender.start()
    while open_ones and (ready := chooser.select(timeout=2)):
        for key, _ in ready:
            got = key.fileobj.recv_into(room)
            left[key.data] -= got
            if got == 0 or left[key.data] <= 0:
                chooser.unregister(key.fileobj)
                open_ones -= 1
        last = time.monotonic()
    sender.join(5)
    for each in (*subscribers, publisher):
        each.close()
    return sum(count - max(0, -(-rest // frame)) for rest in left), last - begin
