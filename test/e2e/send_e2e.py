"""weir send against weir, looked up in its file and books, and against servers that are not ours."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from servers import Certificate, HttpServer, WebSocketServer
from weir import PROGRAM, Weir, eventually, refused

LINES = [f'{{"n":{n},"pad":"{"x" * (n % 300)}"}}' for n in range(3000)]
TEXT = "\n".join(LINES)


def send(*words, text=TEXT, status=0, env=None):
    """What `weir send WORDS --json` prints."""
    done = subprocess.run([PROGRAM, "send", *map(str, words), "--json"], input=text, capture_output=True, text=True,
                          timeout=120, env={**os.environ, **(env or {})}, check=False)
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


class ToWeir(unittest.TestCase):
    def check(self, flag, kind, scheme, *words, path="", text=TEXT):
        with Weir(*flag, "--file", "out") as weir:
            bound = weir.bound[kind]
            url = f"tcp://unix:{weir.folder}/{bound}" if isinstance(bound, str) else weir.url(path, kind, scheme)
            got = send(url, *words, text=text)
            lines = [line for line in text.replace("\r\n", "\n").split("\n") if line]
            self.assertEqual((got["sent"], got["refused"], got["errors"], got["fault"]), (len(lines), 0, 0, None))
            self.assertEqual(got["bytes"], sum(len(line.encode()) for line in lines))

            def arrived():
                with open(os.path.join(weir.folder, "out"), encoding="utf-8") as file:
                    return file.read().splitlines()
            eventually(lambda: len(arrived()) >= len(lines), what="every line")
            self.assertEqual(arrived(), lines)
            status, books = weir.stop()
            self.assertEqual(status, 0)
            self.assertEqual(books["file", "out"],
                             {"published": len(lines), "delivered": len(lines), "filtered": 0, "lost": 0, "pending": 0})

    def test_udp(self):
        self.check(("--udp", "127.0.0.1:0,rcvbuf=16MiB"), "udp", "udp", "--rate", "30k", text="\n".join(LINES[:1000]))

    def test_tcp(self):
        self.check(("--tcp", "127.0.0.1:0"), "tcp", "tcp")
        self.check(("--tcp", "unix:in.sock"), "tcp", "tcp")
        self.check(("--tcp", "127.0.0.1:0"), "tcp", "tcp", text="one\r\n\r\n\ntwo\n\nlast")

    def test_every_framing(self):
        for framing in ("newline", "nul", "length", "octet-counting"):
            self.check(("--tcp", f"127.0.0.1:0,framing={framing}"), "tcp", "tcp", "--framing", framing)

    def test_http(self):
        self.check(("--http", "127.0.0.1:0"), "http", "http")
        self.check(("--http", "127.0.0.1:0"), "http", "http", "--batch", 7, "--rate", "50k", path="/in/topic")

    def test_ws(self):
        self.check(("--http", "127.0.0.1:0"), "http", "ws")
        self.check(("--ws", "127.0.0.1:0"), "ws", "ws", path="/any", text="long " + "y" * 900_000 + "\n\u00e9\n")

    def test_token(self):
        with Weir("--http", "127.0.0.1:0,token=s3cret", "--file", "out") as weir:
            for scheme in ("http", "ws"):
                url = weir.url("/ws" if scheme == "ws" else "/", "http", scheme)
                self.assertEqual(send(url, text="x", env={"WEIR_TOKEN": "s3cret"})["sent"], 1)
                done = subprocess.run([PROGRAM, "send", url, "--token", "wr0ng"], input="x", capture_output=True,
                                      text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("answers 401 Unauthorized", done.stderr)
                self.assertNotIn("wr0ng", done.stderr)


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weir-send-")
        for name, text in (("a", "a1\na2"), ("b", ""), ("c", "c1\n")):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def test_one_after_the_other(self):
        with HttpServer(lambda handler, _: handler.reply(204)) as server:
            got = send(server.url(), self.path("a"), "-", self.path("b"), self.path("c"), text="in1\nin2\n")
            self.assertEqual(got["sent"], 5)
            self.assertEqual(b"".join(body for *_, body in server.requests), b"a1\na2\nin1\nin2\nc1\n")

    def test_one_that_is_not_there(self):
        status, said = refused("send", "udp://127.0.0.1:1", self.path("none"))
        self.assertEqual((status, said.count("\n")), (1, 1), said)
        self.assertIn("none: No such file", said)
        with HttpServer(lambda handler, _: handler.reply(204)) as server:
            got = send(server.url(), self.path("a"), self.path("none"), text="", status=1)
            self.assertEqual(got["sent"], 2)
            self.assertIn("none: No such file", got["fault"])


class Http(unittest.TestCase):
    def test_batches_over_one_connection(self):
        with HttpServer(lambda handler, _: handler.reply(204)) as server:
            got = send(server.url("/in/x?y=z"), "--batch", 1000)
            self.assertEqual(got["sent"], 3000)
            self.assertEqual(server.connections, 1)
            for method, path, headers, body in server.requests:
                self.assertEqual((method, path), ("POST", "/in/x?y=z"))
                self.assertEqual(headers["Content-Type"], "application/x-ndjson")
                self.assertLessEqual(body.count(b"\n"), 1000)
                self.assertLessEqual(len(body), 256 << 10)
            self.assertEqual(b"".join(body for *_, body in server.requests).decode(), TEXT + "\n")

    def test_a_busy_server_gets_the_same_again(self):
        def answer(handler, number):
            if number == 0:
                handler.reply(503, b'{"error":"full"}', Retry_After="0")
            elif number == 1:
                handler.reply(429, Retry_After="0", Connection="close")
                handler.close_connection = True
            elif number == 2:
                handler.close_connection = True  # without an answer
            else:
                handler.reply(200, b"thanks")
        with HttpServer(answer) as server:
            self.assertEqual(send(server.url(), text="one\n")["sent"], 1)
            self.assertEqual([body for *_, body in server.requests], [b"one\n"] * 4)
            self.assertEqual(server.connections, 3)

    def test_a_server_that_stays_busy_is_given_up(self):
        with HttpServer(lambda handler, _: handler.reply(503)) as server:
            got = send(server.url(), "--retry-for", "1ms", text="one\ntwo\n", status=1)
            self.assertEqual((got["sent"], got["refused"]), (0, 2))
            self.assertIn("503 Service Unavailable, and --retry-for 1ms is over", got["fault"])

    def test_a_refused_batch_is_counted_and_the_next_one_sent(self):
        def answer(handler, number):
            handler.reply(400 if number == 0 else 204, b'{"error":"bad line"}' if number == 0 else b"")
        with HttpServer(answer) as server:
            got = send(server.url(), "--batch", 2, text="1\n2\n3\n", status=1)
            self.assertEqual((got["sent"], got["refused"]), (1, 2))
            self.assertEqual(got["reasons"], {"400 Bad Request (bad line)": 2})

    def test_a_server_that_wants_none_of_it_ends_it(self):
        with HttpServer(lambda handler, _: handler.reply(404)) as server:
            got = send(server.url(), "--batch", 1, text="1\n2\n3\n", status=1)
            self.assertEqual((got["sent"], got["refused"], len(server.requests)), (0, 1, 1))
            self.assertIn("answers 404 Not Found", got["fault"])


class Streams(unittest.TestCase):
    def setUp(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = "tcp://127.0.0.1:%d" % self.listening.getsockname()[1]

    def tearDown(self):
        self.listening.close()

    def start(self, *words):
        return subprocess.Popen([PROGRAM, "send", self.url, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def test_lines_go_out_as_they_come_and_an_interrupt_is_an_end(self):
        running = self.start()
        connection, _ = self.listening.accept()
        for line in (b"one\n", b"two\n"):
            running.stdin.write(line)
            running.stdin.flush()
            self.assertEqual(connection.recv(100), line)
        running.send_signal(signal.SIGINT)
        self.assertEqual(connection.recv(100), b"")
        connection.close()
        self.assertIn(b"sent 2 messages", running.communicate(timeout=30)[1])
        self.assertEqual(running.returncode, 0)

    def test_a_connection_that_was_closed_in_between_is_opened_again(self):
        running = self.start()
        for line in (b"one\n", b"two\n"):
            running.stdin.write(line)
            running.stdin.flush()
            connection, _ = self.listening.accept()
            self.assertEqual(connection.recv(100), line)
            connection.close()
        _, said = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 0, said)

    def test_a_receiver_that_resets_is_a_fault(self):
        running = self.start()
        running.stdin.write(b"one\n")
        running.stdin.flush()
        connection, _ = self.listening.accept()
        self.assertEqual(connection.recv(100), b"one\n")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        connection.close()
        _, said = running.communicate(b"one\n" * 100_000, timeout=30)
        self.assertEqual(running.returncode, 1, said)
        self.assertIn(b"ended early: Connection reset by peer", said)

    def test_a_second_interrupt_ends_it_at_once(self):
        running = self.start()
        connection, _ = self.listening.accept()
        running.send_signal(signal.SIGINT)
        self.assertEqual(connection.recv(100), b"")  # it waits for us to close
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(30), 1)
        connection.close()
        running.communicate()


class WebSockets(unittest.TestCase):
    def test_pings_are_answered_while_there_is_nothing_to_send(self):
        got, ponged = [], threading.Event()

        async def serve(peer, _):
            await (await peer.ping())
            ponged.set()
            async for message in peer:
                got.append(message)
        with WebSocketServer(serve) as server:
            running = subprocess.Popen([PROGRAM, "send", server.url()], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertTrue(ponged.wait(30))
            _, said = running.communicate("one\n\u00e9\n".encode() + b"\xff\n", timeout=30)
            self.assertEqual(running.returncode, 0, said)
            eventually(lambda: len(got) >= 3, what="every message")
            self.assertEqual(got, ["one", "\u00e9", b"\xff"])
            self.assertEqual(server.paths, ["/ws"])

    def test_a_server_that_closes_is_a_fault(self):
        async def serve(peer, _):
            await peer.recv()
            await peer.close(1009, "too big")
        with WebSocketServer(serve) as server:
            running = subprocess.Popen([PROGRAM, "send", server.url()], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            running.stdin.write(b"one\n")
            running.stdin.flush()
            self.assertEqual(running.wait(30), 1)  # though standard input is still open
            self.assertIn(b"the server closes: 1009 too big", running.communicate()[1])


class Tls(unittest.TestCase):
    def test_https_and_wss(self):
        certificate, got = Certificate(), []

        async def serve(peer, _):
            async for message in peer:
                got.append(message)
        with HttpServer(lambda handler, _: handler.reply(204), certificate) as server:
            self.assertEqual(send(server.url(), "--ca", certificate.file)["sent"], 3000)
            self.assertEqual(b"".join(body for *_, body in server.requests).decode(), TEXT + "\n")
            status, said = refused("send", server.url())
            self.assertEqual(status, 1)
            self.assertIn("the certificate is not trusted", said)
        with WebSocketServer(serve, certificate) as server:
            self.assertEqual(send(server.url(), "--ca", certificate.file)["sent"], 3000)
            eventually(lambda: len(got) >= len(LINES), what="every message")  # the library keeps some in a queue
            self.assertEqual(got, LINES)


class Datagrams(unittest.TestCase):
    def test_one_a_line(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
            receiving.bind(("127.0.0.1", 0))
            got = send("udp://127.0.0.1:%d" % receiving.getsockname()[1], text="one\ntwo\n" + "x" * 65_508 + "\nlast",
                       status=1)
            self.assertEqual((got["sent"], got["reasons"]), (3, {"longer than a datagram": 1}))
            self.assertEqual([receiving.recv(100) for _ in range(3)], [b"one", b"two", b"last"])

    def test_nobody_listens(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
            receiving.bind(("127.0.0.1", 0))
            port = receiving.getsockname()[1]
        got = send(f"udp://127.0.0.1:{port}", text="one\n", status=1)
        self.assertEqual(got["errors"], 1)


class CommandLine(unittest.TestCase):
    def test_help_names_it(self):
        for words, expected in ((["--help"], "weir send URL"), (["send", "--help"], "--retry-for TIME")):
            done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=20, check=True)
            self.assertIn(expected, done.stdout)
            self.assertFalse([line for line in done.stdout.splitlines() if len(line) > 100])

    def test_wrong_words_end_it_with_one_line(self):
        for words, expected, wanted in (((), "needs a URL", 2), (("file.txt",), "is no URL", 2),
                                        (("tcp://127.0.0.1:1",), "Connection refused", 1),
                                        (("udp://127.0.0.1:1", "--batch", "2"), "--batch is for", 2)):
            status, said = refused("send", *words)
            self.assertEqual((status, said.count("\n")), (wanted, 1), said)
            self.assertIn(expected, said)

    def test_the_text_for_people_goes_to_stderr(self):
        with HttpServer(lambda handler, _: handler.reply(204)) as server:
            done = subprocess.run([PROGRAM, "send", server.url()], input="one\ntwo\n", capture_output=True, text=True,
                                  timeout=60, check=True)
            self.assertEqual(done.stdout, "")
            self.assertRegex(done.stderr, r"^sent 2 messages, 6 bytes, in \d+\.\d\d s: [\d,]+/s\n$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
