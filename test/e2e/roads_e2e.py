"""The main job: 100,000 messages through each of UDP, TCP, HTTP and WebSocket at once, every one of which must stand
once in the file, at a POST target and at a WebSocket client, with balanced books and exit status 0."""
import asyncio
import http.client
import os
import socket
import threading
import time
import unittest

import websockets

from post_target import PostTarget
from weir import Weir, eventually

EACH = int(os.environ.get("WEIR_E2E_MESSAGES", "100000"))
RATE = 20_000  # messages a second on each road
STEP = 200


def message(road, number):
    return b'{"road":"%s","number":%d,"text":"%s"}' % (road.encode(), number, b"x" * (number % 200))


def paced(send):
    """Calls send(first, last) for steps of all messages, at the moderate rate."""
    began = time.monotonic()
    for first in range(0, EACH, STEP):
        send(first, min(first + STEP, EACH))
        time.sleep(max(0, began + (first + STEP) / RATE - time.monotonic()))


def send_udp(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        paced(lambda first, last: [out.sendto(message("udp", n), address) for n in range(first, last)])


def send_tcp(address):
    with socket.create_connection(address) as out:
        paced(lambda first, last: out.sendall(b"".join(message("tcp", n) + b"\n" for n in range(first, last))))


def send_http(address):
    connection = http.client.HTTPConnection(*address)

    def post(first, last):
        body = b"".join(message("http", n) + b"\n" for n in range(first, last))
        connection.request("POST", "/", body, {"Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        assert answer.status == 204, (answer.status, answer.read())
        answer.read()

    paced(post)
    connection.close()


def send_ws(address):
    async def send():
        async with websockets.connect("ws://%s:%d/ws" % address, compression=None) as out:
            began = time.monotonic()
            for number in range(EACH):
                await out.send(message("ws", number).decode())
                if number % STEP == 0:
                    await asyncio.sleep(max(0, began + number / RATE - time.monotonic()))
    asyncio.run(send())


class LiveClient(threading.Thread):
    """A listener at /live that keeps what it gets, in order, until it was told to end."""

    def __init__(self, url, want):
        super().__init__()
        self.url, self.want = url, want
        self.messages = []
        self.connected = threading.Event()

    def run(self):
        asyncio.run(self.listen())

    async def listen(self):
        async with websockets.connect(self.url, compression=None, max_queue=None) as stream:
            self.connected.set()
            while len(self.messages) < self.want:
                self.messages.append((await asyncio.wait_for(stream.recv(), 120)).encode())


class Roads(unittest.TestCase):
    def test_every_message_arrives_everywhere_once(self):
        expected = {message(road, n) for road in ("udp", "tcp", "http", "ws") for n in range(EACH)}
        with PostTarget() as target, Weir(
                "--udp", "127.0.0.1:0,rcvbuf=64MiB", "--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "events.ndjson",
                "--post", target.url, "--broadcast", "127.0.0.1:0,client-buffer=64MiB") as weir:
            live = LiveClient(weir.url(kind="broadcast", scheme="ws"), 4 * EACH)
            live.start()
            self.assertTrue(live.connected.wait(10))
            senders = [threading.Thread(target=send, args=(weir.bound[kind],)) for send, kind in
                       ((send_udp, "udp"), (send_tcp, "tcp"), (send_http, "http"), (send_ws, "http"))]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
            eventually(lambda: weir.total("weir_published_messages_total") == 4 * EACH, 60, "everything published")
            live.join(120)
            weir.check_books()
            status, books = weir.stop()
            with open(os.path.join(weir.folder, "events.ndjson"), "rb") as file:
                written = file.read().splitlines()

        self.assertEqual(status, 0)
        for (sink, where), numbers in books.items():
            self.assertEqual(numbers, {"published": 4 * EACH, "delivered": 4 * EACH, "filtered": 0, "lost": 0, "pending": 0}, sink)
        self.assertEqual(len(books), 4)  # file, post, the port of its own, and /live
        for name, got in (("file", written), ("post", target.messages), ("live", live.messages)):
            self.assertEqual(len(got), len(expected), name)
            self.assertEqual(set(got), expected, name)
        # One connection's messages keep their order.
        for name, got in (("file", written), ("live", live.messages)):
            tcp = [line for line in got if line.startswith(b'{"road":"tcp"')]
            self.assertEqual(tcp, [message("tcp", n) for n in range(EACH)], name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
