#!/usr/bin/env python3
"""Drives each floor with plain sockets and compares what it wrote, answered or sent, to the byte.

    check_floors.py FOLDER_OF_THE_PROGRAMS [WEIR]

gRPC is no matter of plain sockets: its floor is driven by `weir bench`.
"""
import base64
import hashlib
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

WEIR = sys.argv.pop(2) if len(sys.argv) > 2 else None
PROGRAMS = sys.argv.pop(1) if len(sys.argv) > 1 else "."
UDP_SEGMENT = 103


class Floor:
    """A running floor; `port` is where it listens."""

    def __init__(self, test, road, *arguments):
        program = os.path.join(PROGRAMS, "bench_floor_" + road)
        command = [program, "0", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.process.stdout.close)
        test.addCleanup(self.process.wait)
        test.addCleanup(self.process.kill)
        self.port = int(self.process.stdout.readline().removeprefix("listening on "))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        report, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, self.process.returncode
        return json.loads(report)


class FileFloor(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "out")

    def written(self):
        with open(self.path, "rb") as f:
            return f.read()

    def wait_for_size(self, size):
        deadline = time.monotonic() + 30
        while os.path.getsize(self.path) < size and time.monotonic() < deadline:
            time.sleep(0.002)

    def expect(self, report, messages):
        self.assertEqual(report["messages"], len(messages))
        self.assertEqual(report["bytes"], sum(map(len, messages)))


class Udp(FileFloor):
    def test_each_datagram_is_a_line(self):
        floor = Floor(self, "udp", self.path)
        messages = [b"%d " % i + b"x" * (i * 37 % 1500) for i in range(1000)] + [b"", b"y" * 65000]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for message in messages:
                sender.sendto(message, ("127.0.0.1", floor.port))
        report = floor.end()
        self.expect(report, messages)
        self.assertEqual(report["dropped"], 0)
        self.assertEqual(self.written(), b"".join(m + b"\n" for m in messages))

    def test_joined_datagrams_are_split(self):
        floor = Floor(self, "udp", self.path, "--gro")
        messages = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for size, joined, last in (1, 60, 1), (256, 64, 256), (256, 60, 7), (1000, 50, 999):
                sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, size)
                parts = [b"%c" % (65 + i % 26) * size for i in range(joined)]
                parts[-1] = parts[-1][:last]
                sender.sendto(b"".join(parts), ("127.0.0.1", floor.port))
                messages += parts
        report = floor.end()
        self.expect(report, messages)
        self.assertEqual(self.written(), b"".join(m + b"\n" for m in messages))

    def test_what_the_kernel_drops_is_counted(self):
        floor = Floor(self, "udp", self.path, "--rcvbuf", 4096)
        floor.process.send_signal(signal.SIGSTOP)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(1000):
                sender.sendto(b"x" * 500, ("127.0.0.1", floor.port))
        floor.process.send_signal(signal.SIGCONT)
        report = floor.end()
        self.assertGreater(report["dropped"], 0)
        self.assertEqual(report["messages"] + report["dropped"], 1000)


class Tcp(FileFloor):
    def test_records_of_several_connections_stay_whole(self):
        floor = Floor(self, "tcp", self.path)
        records = {n: [b"%d:%d " % (n, i) + b"x" * (i * 31 % 700) for i in range(300)] for n in range(5)}
        streams = {n: b"\n".join(records[n]) for n in records}  # the last without its newline
        connections = {n: floor.connect() for n in records}
        choice = random.Random(1)
        while streams:
            n = choice.choice(list(streams))
            size = choice.randint(1, 5000)
            connections[n].sendall(streams[n][:size])
            streams[n] = streams[n][size:]
            if not streams[n]:
                del streams[n]
                connections[n].close()
        report = floor.end()
        everything = [r for n in records for r in records[n]]
        self.expect(report, everything)
        self.assertEqual(report["connections"], 5)
        lines = self.written().split(b"\n")
        self.assertEqual(lines.pop(), b"")
        for n in records:
            self.assertEqual([l for l in lines if l.startswith(b"%d:" % n)], records[n])
        self.assertEqual(len(lines), len(everything))

    def test_small_empty_and_large_records(self):
        floor = Floor(self, "tcp", self.path)
        messages = [b""] * 70_000 + [b"z" * (1 << 20), b"", b"a", b"y" * (3 << 20)]
        with floor.connect() as sender:
            sender.sendall(b"".join(m + b"\n" for m in messages))
        self.wait_for_size(sum(len(m) + 1 for m in messages))
        self.expect(floor.end(), messages)
        self.assertEqual(self.written(), b"".join(m + b"\n" for m in messages))


class Http(unittest.TestCase):
    ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"

    @staticmethod
    def post(body, name=b"Content-Length"):
        return b"POST /in HTTP/1.1\r\nHost: x\r\n%s: %d\r\nX: y\r\n\r\n%s" % (name, len(body), body)

    def answers(self, connection, n):
        got = b""
        while len(got) < n * len(self.ANSWER):
            part = connection.recv(1 << 16)
            self.assertTrue(part, "closed before every answer")
            got += part
        self.assertEqual(got, n * self.ANSWER)

    def test_one_at_a_time_pipelined_and_split(self):
        floor = Floor(self, "http")
        bodies = [b"", b"{}", b"\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n", b"x" * 300_000]
        requests = [self.post(b, n) for b in bodies for n in (b"Content-Length", b"content-length")]
        requests.append(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with floor.connect() as connection:
            for request in requests:
                connection.sendall(request)
                self.answers(connection, 1)
            connection.sendall(b"".join(requests) * 3)
            self.answers(connection, 3 * len(requests))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in self.post(b"ab") + self.post(b"") + self.post(b"cde"):
                connection.sendall(bytes([byte]))
            self.answers(connection, 3)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(connection.recv(1), b"", "answered more than was asked")
        report = floor.end()
        self.assertEqual(report["messages"], 4 * len(requests) + 3)
        self.assertEqual(report["bytes"], 4 * 2 * sum(map(len, bodies)) + 5)
        self.assertEqual(report["connections"], 1)


class Live(unittest.TestCase):
    SIZE = 256

    def upgraded(self, floor):
        connection = floor.connect()
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(
            b"GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n" % key.encode())
        stream = connection.makefile("rb")
        connection.close()  # the stream keeps it open
        self.assertIn(b" 101 ", stream.readline())
        fields = dict(iter(lambda: tuple(stream.readline().strip().split(b": ", 1)), (b"",)))
        magic = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(magic.encode()).digest())
        self.assertEqual(fields[b"Sec-WebSocket-Accept"], accept)
        return stream

    def frame(self, stream, size):
        head = stream.read(2)
        self.assertEqual(head[0], 0x81)
        width = {126: ">H", 127: ">Q"}[head[1]]
        self.assertEqual(struct.unpack(width, stream.read(struct.calcsize(width)))[0], size)
        return json.loads(stream.read(size))

    def run_with(self, size, rate):
        events = rate // 2
        floor = Floor(self, "live", 3, rate, size, 0.5)
        streams = [self.upgraded(floor) for _ in range(3)]
        for n in range(events):
            for stream in streams:
                self.assertEqual(self.frame(stream, size)["n"], n)
        report = floor.end()
        for stream in streams:
            self.assertEqual(stream.read(), b"")
            stream.close()
        self.assertEqual(report["events"], events)
        self.assertEqual(report["messages"], 3 * events)
        self.assertEqual(report["bytes"], 3 * events * size)
        self.assertEqual(report["clients"], 3)

    def test_every_client_gets_every_event_in_order(self):
        self.run_with(self.SIZE, 20_000)

    def test_large_frames(self):
        self.run_with(300_000, 100)


@unittest.skipUnless(WEIR, "no weir to drive it")
@unittest.skipUnless(os.path.exists(os.path.join(PROGRAMS, "bench_floor_grpc")), "built without gRPC")
class Grpc(unittest.TestCase):
    def test_every_event_is_counted_and_answered(self):
        floor = Floor(self, "grpc")
        for batch, calls in ((1, 1000), (100, 10)):
            sent = subprocess.run([WEIR, "bench", f"grpc://127.0.0.1:{floor.port}", "--count", "1000", "--connections",
                                   "2", "--batch", str(batch), "--json"], capture_output=True, text=True, check=True)
            report = json.loads(sent.stdout)
            self.assertEqual((report["errors"], report["answers"]), (0, {"0": calls}))
        report = floor.end()
        self.assertEqual((report["messages"], report["bytes"]), (2000, 2000 * 256))


if __name__ == "__main__":
    unittest.main()
