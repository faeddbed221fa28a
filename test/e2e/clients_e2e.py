"""Each listener driven by clients that are not ours: nc, curl, Python's websockets and sockets; each sink read back."""
import asyncio
import gzip
import json
import os
import shutil
import socket
import struct
import subprocess
import unittest

import websockets

from weir import Weir, eventually


def shell(line, data=None):
    return subprocess.run(["bash", "-c", line], input=data, check=True, capture_output=True, timeout=60).stdout


class Clients(unittest.TestCase):
    def setUp(self):
        self.weirs = []

    def tearDown(self):
        for weir in self.weirs:
            weir.__exit__()

    def weir(self, *flags):
        self.weirs.append(Weir(*flags, "--file", "out"))
        return self.weirs[-1]

    def lines(self, weir, count):
        """What stands in the file once it has `count` lines; it must never have more."""
        def read():
            with open(os.path.join(weir.folder, "out"), "rb") as file:
                return file.read().splitlines()
        eventually(lambda: len(read()) >= count, what=f"{count} lines")
        weir.process.poll()
        return read()

    def ends_well(self, weir, delivered):
        status, books = weir.stop()
        self.assertEqual(status, 0, weir.lines)
        self.assertEqual(books["file", "out"],
                         {"published": delivered, "delivered": delivered, "filtered": 0, "lost": 0, "pending": 0})

    def test_nc_over_udp_tcp_and_unix_sockets(self):
        weir = self.weir("--udp", "127.0.0.1:0", "--udp", "[::1]:0", "--tcp", "127.0.0.1:0",
                         "--tcp", "unix:tcp.sock", "--http", "127.0.0.1:0")
        shell("printf 'over udp' | nc -u -w1 %s %d" % weir.bound["udp"])
        v6 = next(line.rsplit(":", 1)[1] for line in weir.lines if "[::1]" in line)
        shell(f"printf 'over udp6' | nc -6 -u -w1 ::1 {v6.strip()}")
        shell("printf 'one\\r\\n\\ntwo\\nlast' | nc -N %s %d" % weir.bound["tcp"])
        shell(f"printf 'unix\\n' | nc -N -U {weir.folder}/tcp.sock")
        self.assertEqual(sorted(self.lines(weir, 6)),
                         sorted([b"over udp", b"over udp6", b"one", b"two", b"last", b"unix"]))
        weir.check_books()
        self.ends_well(weir, 6)

    def test_every_tcp_framing(self):
        messages = [b"a", b"x" * 100_000, b"two\nlines", "ü€😀".encode()]
        frame = {"nul": lambda m: m + b"\0", "length": lambda m: struct.pack(">I", len(m)) + m,
                 "octet-counting": lambda m: b"%d %s" % (len(m), m)}
        for framing, wrap in frame.items():
            with self.subTest(framing):
                weir = self.weir("--tcp", f"127.0.0.1:0,framing={framing}")
                with socket.create_connection(weir.bound["tcp"]) as out:
                    for byte in b"".join(map(wrap, messages[:1])):
                        out.sendall(bytes([byte]))
                    out.sendall(b"".join(map(wrap, messages[1:])))
                lines = self.lines(weir, 4)
                self.assertEqual([lines[0], lines[1], lines[3]], [messages[0], messages[1], messages[3]])
                # A message with a newline is one record, and can be had back.
                self.assertIn("two\nlines", json.loads(lines[2]).values())
                self.ends_well(weir, 4)

    def test_an_oversized_line_is_counted_and_the_next_one_arrives(self):
        weir = self.weir("--tcp", "127.0.0.1:0,max-message=1KiB", "--http", "127.0.0.1:0,max-body=1KiB",
                         "--udp", "127.0.0.1:0,max-message=1KiB")
        shell("(head -c 5000000 /dev/zero | tr '\\0' x; echo; echo fits) | nc -N %s %d" % weir.bound["tcp"])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(b"x" * 2000, weir.bound["udp"])
            out.sendto(b"small", weir.bound["udp"])
        answer = shell(f"head -c 5000 /dev/zero | curl -s -w '%{{http_code}}' --data-binary @- {weir.url()}")
        self.assertTrue(answer.endswith(b"413"), answer)
        self.assertEqual(sorted(self.lines(weir, 2)), [b"fits", b"small"])
        for listener in ("tcp", "udp", "http"):
            self.assertEqual(weir.total("weir_refused_messages_total", listener=listener, reason="oversize"), 1)
        self.ends_well(weir, 2)

    def test_curl(self):
        weir = self.weir("--http", "127.0.0.1:0,origins=https://app.example.org")
        url = weir.url()

        def status(arguments, data=None, path="/"):
            return int(shell(f"curl -s -o /dev/null -w '%{{http_code}}' {arguments} '{url.rstrip('/')}{path}'", data))
        self.assertEqual(status("-d one"), 204)
        self.assertEqual(status("-X PUT --data-binary @-", b"two\n", path="/in/some/topic"), 204)
        self.assertEqual(status("-H 'Content-Type: application/x-ndjson' --data-binary @-", b"three\nfour\r\n\n"), 204)
        self.assertEqual(status("--data-binary @-", b"five\nsix", path="/?split=lines"), 204)
        self.assertEqual(status("-d '[7, {\"n\": 8}, [9]]'", path="/?split=array"), 204)
        self.assertEqual(status("-H 'Content-Encoding: gzip' --data-binary @-", gzip.compress(b"ten")), 204)
        self.assertEqual(status("-H 'Content-Encoding: zstd' --data-binary @-", shell("zstd -q -c", b"eleven")), 204)
        self.assertEqual(status("-H 'Transfer-Encoding: chunked' --data-binary @-", b"twelve"), 204)
        self.assertEqual(status("-H 'Expect: 100-continue' -d thirteen"), 204)
        self.assertEqual(status("-H 'Origin: https://app.example.org' -d fourteen"), 204)
        self.assertEqual(self.lines(weir, 14),
                         [b"one", b"two", b"three", b"four", b"five", b"six", b"7", b'{"n": 8}', b"[9]", b"ten",
                          b"eleven", b"twelve", b"thirteen", b"fourteen"])
        # And what is refused, with the reason as JSON.
        self.assertEqual(status("-d x", path="/nowhere"), 404)
        self.assertEqual(status("-X DELETE"), 405)
        self.assertEqual(status("-H 'Content-Encoding: br' -d x"), 415)
        self.assertEqual(status("-H 'Origin: https://evil.example.org' -d x"), 403)
        self.assertEqual(status("-d '[1,'", path="/?split=array"), 400)
        self.assertEqual(status("-X POST -H 'Content-Length: 0'"), 400)
        self.assertIn("error", json.loads(shell(f"curl -s -d '[1,' '{url}?split=array'")))
        preflight = shell(f"curl -si -X OPTIONS -H 'Origin: https://app.example.org' "
                          f"-H 'Access-Control-Request-Method: POST' {url}").decode().lower()
        self.assertIn("access-control-allow-origin: https://app.example.org", preflight)
        self.assertIn("allow:", shell(f"curl -si -X DELETE {url}").decode().lower())
        self.assertEqual(status("-I", path="/healthz"), 200)
        weir.check_books()
        self.ends_well(weir, 14)

    def test_a_token_keeps_strangers_out(self):
        weir = self.weir("--http", "127.0.0.1:0,token=s3cret")
        url = weir.url()

        def answer(arguments, path="/"):
            return shell(f"curl -si {arguments} '{url.rstrip('/')}{path}'").decode()
        self.assertIn(" 401 ", answer("-d x").splitlines()[0])
        self.assertIn("www-authenticate: bearer", answer("-d x").lower())
        self.assertIn(" 401 ", answer("-H 'Authorization: Bearer wrong' -d x").splitlines()[0])
        self.assertIn(" 401 ", answer("", "/metrics").splitlines()[0])
        self.assertIn(" 204 ", answer("-H 'Authorization: Bearer s3cret' -d one").splitlines()[0])
        self.assertIn(" 204 ", answer("-d two", "/?access_token=s3cret").splitlines()[0])
        self.assertIn(" 200 ", answer("", "/healthz").splitlines()[0])
        metrics = answer("-H 'Authorization: Bearer s3cret'", "/metrics")
        self.assertRegex(metrics, r'weir_refused_messages_total\{listener="http".*reason="unauthorized"\} [1-9]')
        self.ends_well(weir, 2)

    def test_websockets(self):
        weir = self.weir("--http", "127.0.0.1:0", "--ws", "127.0.0.1:0,max-message=64KiB", "--broadcast", "127.0.0.1:0")

        async def talk():
            got = []
            async with websockets.connect(weir.url("/live", scheme="ws")) as live, \
                    websockets.connect(weir.url("/", "broadcast", "ws")) as alone:
                async with websockets.connect(weir.url("/ws", scheme="ws")) as out:
                    await out.send("text")
                    await out.send(b"\xff\xfe")
                    await out.send(["in ", "three ", "fragments"])
                    await (await out.ping())
                for stream in (live, alone):
                    got.append([await asyncio.wait_for(stream.recv(), 10) for _ in range(3)])
            async with websockets.connect(weir.url("/any/path", "ws", "ws")) as out:
                await out.send("over --ws")
                await out.send("x" * 100_000)
                with self.assertRaises(websockets.ConnectionClosed) as closed:
                    await asyncio.wait_for(out.recv(), 10)
                self.assertEqual(closed.exception.code, 1009)
            with self.assertRaises(websockets.InvalidStatusCode) as no:
                await websockets.connect(weir.url("/ws", scheme="ws"), origin="https://evil.example.org")
            self.assertEqual(no.exception.status_code, 403)
            return got
        for got in asyncio.run(talk()):
            self.assertEqual(got, ["text", b"\xff\xfe", "in three fragments"])
        self.assertEqual(self.lines(weir, 4), [b"text", b"\xff\xfe", b"in three fragments", b"over --ws"])
        self.ends_well(weir, 4)

    def test_promtool_likes_the_metrics(self):
        weir = self.weir("--udp", "127.0.0.1:0", "--http", "127.0.0.1:0")
        self.assertIsNotNone(shutil.which("promtool"))
        shell(f"curl -s {weir.url('/metrics')} | promtool check metrics")


if __name__ == "__main__":
    unittest.main(verbosity=2)
