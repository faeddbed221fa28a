"""What goes wrong around weir: targets that die, clients that stop, disks that fill, strangers that send rubbish.
It stays up, nothing else is touched, and the books balance."""
import asyncio
import os
import random
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import websockets

from weir import Weir, eventually

HERE = os.path.dirname(os.path.abspath(__file__))


def start_target(port, file):
    """A POST target in a process of its own, which can be killed. (process, port)"""
    target = subprocess.Popen([sys.executable, os.path.join(HERE, "post_target.py"), str(port), file],
                              stdout=subprocess.PIPE, text=True)
    return target, int(target.stdout.readline())


def read_lines(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read().splitlines()


def memory_of(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


class Failures(unittest.TestCase):
    def test_a_post_target_killed_in_the_middle_gets_everything_in_the_end(self):
        with tempfile.TemporaryDirectory() as folder:
            got = os.path.join(folder, "got")
            target, port = start_target(0, got)
            with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out",
                      "--post", f"http://127.0.0.1:{port}/in,batch-count=100,retry-for=60s") as weir:
                with socket.create_connection(weir.bound["tcp"]) as out:
                    for number in range(20_000):
                        out.sendall(b"event %d\n" % number)
                        if number == 5_000:
                            eventually(lambda: len(read_lines(got)) > 0, what="the target's first message")
                            target.kill()
                            target.wait()
                        if number == 15_000:
                            # The dead target held nobody up.
                            eventually(lambda: len(read_lines(weir.folder, "out")) > 14_000, what="the file")
                            target.stdout.close()
                            target, _ = start_target(port, got)
                eventually(lambda: weir.total("weir_delivered_messages_total", sink="post") == 20_000, 60, "delivery")
                weir.check_books()
                status, books = weir.stop()
            target.kill()
            target.wait()
            target.stdout.close()
            self.assertEqual(status, 0)
            expected = {b"event %d" % number for number in range(20_000)}
            self.assertEqual(set(read_lines(got)), expected)  # at least once: a killed answer may double
            self.assertEqual(len(read_lines(weir.folder, "out")), 20_000)

    def test_a_dead_target_costs_what_the_books_say(self):
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out", "--drain-timeout", "1s",
                  "--post", "http://127.0.0.1:1/,retry-for=1s,dead-letter=dead") as weir:
            with socket.create_connection(weir.bound["tcp"]) as out:
                out.sendall(b"".join(b"%d\n" % number for number in range(1000)))
            eventually(lambda: weir.total("weir_lost_messages_total", sink="post", reason="gave_up") == 1000)
            weir.check_books()
            status, books = weir.stop()
        self.assertEqual(status, 3)
        self.assertEqual(books["post", "http://127.0.0.1:1/"]["lost"], 1000)
        self.assertEqual(books["file", "out"]["delivered"], 1000)
        self.assertEqual(read_lines(weir.folder, "dead"), [b"%d" % number for number in range(1000)])

    def test_one_stopped_live_client_changes_nothing_for_the_other_999(self):
        clients, events = 1000, 500
        with Weir("--udp", "127.0.0.1:0", "--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out",
                  "--broadcast", "127.0.0.1:0,client-buffer=256KiB") as weir:
            async def run():
                address = weir.url("/", "broadcast", "ws")
                dead = socket.socket()
                dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                dead.connect(weir.bound["broadcast"])
                dead.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                streams = [await websockets.connect(address, compression=None, max_queue=None, ping_interval=None)
                           for _ in range(clients - 1)]
                self.assertEqual(weir.total("weir_broadcast_clients"), clients)

                async def listen(stream):
                    return [int((await stream.recv()).split()[0]) for _ in range(events)]
                listening = [asyncio.create_task(listen(stream)) for stream in streams]
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                    for number in range(events):
                        out.sendto(b"%d %s" % (number, b"x" * 500), weir.bound["udp"])
                        if number % 10 == 9:
                            await asyncio.sleep(0.05)
                for received in await asyncio.wait_for(asyncio.gather(*listening), 240):
                    self.assertEqual(received, list(range(events)))
                weir.check_books()
                for stream in streams:
                    stream.transport.abort()
                await asyncio.sleep(0)  # for the loop to close them
                eventually(lambda: weir.total("weir_broadcast_clients") == 1, what="the 999 gone")
                # The stopped one falls behind until the kernel's buffers are full, too; then it goes on, is told
                # what it missed, and gets the newest.
                with socket.create_connection(weir.bound["tcp"]) as out:
                    for number in range(20_000):
                        out.sendall(b"%d %s\n" % (number, b"x" * 1000))
                eventually(lambda: weir.total("weir_broadcast_missed_messages_total") > 0, what="a skip")
                dead.settimeout(10)
                got = b""
                while b'"weir":"gap"' not in got[-100_000:]:
                    got += dead.recv(65536)
                missed = int(re.search(rb'"missed":(\d+)', got)[1])
                self.assertGreater(missed, 0)
                dead.close()
            asyncio.run(run())
            eventually(lambda: weir.total("weir_broadcast_clients") == 0, what="every client gone")
            status, _ = weir.stop()
            self.assertEqual(status, 0)

    @unittest.skipUnless(os.geteuid() == 0, "mounting a small file system needs root")
    def test_a_full_disk_costs_nothing_once_there_is_room_again(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "weir-test", folder], check=True)
            try:
                self.fill_and_free(folder)
            finally:
                subprocess.run(["umount", "-l", folder], check=True)

    def fill_and_free(self, folder):
        ballast = os.path.join(folder, "ballast")
        with open(ballast, "wb") as file:
            file.write(b"x" * 900_000)
        message = b"%06d " + b"m" * 100
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", f"{folder}/out") as weir:
            with socket.create_connection(weir.bound["tcp"]) as out:
                out.sendall(b"".join(message % number + b"\n" for number in range(5000)))
            eventually(lambda: weir.total("weir_received_messages_total", listener="tcp") == 5000)
            eventually(lambda: any("No space" in line for line in weir.lines), what="a line that says so")
            self.assertGreater(weir.total("weir_pending_messages", sink="file"), 0)
            weir.check_books()
            os.remove(ballast)
            eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == 5000, what="delivery")
            status, _ = weir.stop()
        self.assertEqual(status, 0)
        self.assertEqual(read_lines(folder, "out"), [message % number for number in range(5000)])

    def test_ten_thousand_connections(self):
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 10_000 if limit[1] >= 21_000 else limit[1] // 2 - 500
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out") as weir:
            before = memory_of(weir.process.pid)
            connections = []
            for number in range(wanted):
                # Several source addresses, for a port of one address has only so many peers.
                out = socket.create_connection(weir.bound["tcp"], source_address=(f"127.0.0.{1 + number % 8}", 0))
                connections.append(out)
            eventually(lambda: weir.total("weir_connections", listener="tcp") == wanted, what="all accepted")
            for number, out in enumerate(connections):
                out.sendall(b"%d\n" % number)
            eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == wanted, what="all written")
            self.assertLess(memory_of(weir.process.pid) - before, wanted * 20_000)
            for out in connections:
                out.close()
            eventually(lambda: weir.total("weir_connections", listener="tcp") == 0, what="all closed")
            self.assertEqual(weir.stop()[0], 0)
            self.assertEqual(len(set(read_lines(weir.folder, "out"))), wanted)

    def test_bad_bytes_on_every_port(self):
        seconds = float(os.environ.get("WEIR_E2E_BAD_SECONDS", "15"))
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", file=sys.stderr)
        with Weir("--udp", "127.0.0.1:0", "--tcp", "127.0.0.1:0,framing=length", "--http", "127.0.0.1:0",
                  "--ws", "127.0.0.1:0", "--broadcast", "127.0.0.1:0", "--file", "out,rotate=1MiB,keep=2",
                  "--queue-bytes", "16MiB") as weir:
            threads = [threading.Thread(target=throw_rubbish, args=(weir.bound[kind], kind, seed + n, seconds))
                       for n, kind in enumerate(("udp", "tcp", "http", "ws", "broadcast"))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertIsNone(weir.process.poll(), "".join(weir.lines[-20:]))
            self.assertLess(memory_of(weir.process.pid), 200 << 20)
            self.assertEqual(weir.get("/healthz"), "ok\n")
            self.assertGreater(weir.total("weir_refused_messages_total"), 0)
            weir.check_books()
            self.assertIn(weir.stop()[0], (0, 3))

    def test_logrotate_moves_the_file_away(self):
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out") as weir:
            out = socket.create_connection(weir.bound["tcp"])
            out.sendall(b"before\n")
            path = os.path.join(weir.folder, "out")
            eventually(lambda: read_lines(path) == [b"before"])
            os.rename(path, path + ".1")
            weir.process.send_signal(signal.SIGHUP)
            eventually(lambda: os.path.exists(path), what="a new file")
            out.sendall(b"after\n")
            eventually(lambda: read_lines(path) == [b"after"])
            self.assertEqual(read_lines(path + ".1"), [b"before"])
            out.close()
            self.assertEqual(weir.stop()[0], 0)

    def test_a_second_signal_stops_at_once(self):
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--drain-timeout", "10m",
                  "--post", "http://127.0.0.1:1/,retry-for=1h") as weir:
            with socket.create_connection(weir.bound["tcp"]) as out:
                out.sendall(b"one\ntwo\n")
            eventually(lambda: weir.total("weir_published_messages_total") == 2)
            weir.process.send_signal(signal.SIGTERM)
            eventually(lambda: any("stopping" in line for line in weir.lines))
            status, books = weir.stop(signal.SIGINT)
            self.assertEqual(status, 3)
            self.assertEqual(books["post", "http://127.0.0.1:1/"]["lost"], 2)


def throw_rubbish(address, kind, seed, seconds):
    chance = random.Random(seed)
    upgrade = (b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    starts = {"http": [b"", b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
                       b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", upgrade],
              "ws": [b"", upgrade], "broadcast": [b"", upgrade]}
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        rubbish = chance.randbytes(chance.choice((1, 10, 100, 5000)))
        if kind == "udp":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                for _ in range(50):
                    out.sendto(rubbish, address)
            time.sleep(0.001)
            continue
        try:
            with socket.create_connection(address, timeout=5) as out:
                out.sendall(chance.choice(starts.get(kind, [b""])) + rubbish)
                if chance.random() < 0.5:
                    out.shutdown(socket.SHUT_WR)
                    select.select([out], [], [], 0.05)
        except OSError:
            pass  # it may well hang up on us


if __name__ == "__main__":
    unittest.main(verbosity=2)
