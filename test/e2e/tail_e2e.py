"""weir tail against weir and against servers that are not ours, which cut the connection in the middle."""
import json
import os
import signal
import subprocess
import threading
import unittest
import urllib.request

from servers import Certificate, HttpServer, WebSocketServer
from weir import PROGRAM, Weir, eventually, refused


class Tail:
    """A running weir tail."""

    def __init__(self, *words, env=None):
        self.out, self.said = [], []
        self.process = subprocess.Popen([PROGRAM, "tail", *map(str, words)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, errors="replace",
                                        env={**os.environ, **(env or {})})
        self.readers = [threading.Thread(target=self._read, args=pair)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.said))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _read(stream, into):
        for line in stream:
            into.append(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.status()

    def listens(self):
        eventually(lambda: any("listening to" in line for line in self.said), what="listening")
        return self

    def has(self, count):
        eventually(lambda: len(self.out) >= count, what=f"{count} events")
        return self.out

    def status(self, how=None):
        if how:
            self.process.send_signal(how)
        status = self.process.wait(30)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return status


def post(weir, body, path="/"):
    urllib.request.urlopen(urllib.request.Request(weir.url(path), data=body), timeout=10).close()


def envelope(seq, data, **more):
    return json.dumps({"seq": seq, "time": "2026-11-20T18:45:01.123Z", "listener": "udp", "topic": "", "data": data,
                       **more}, separators=(",", ":"))


class AgainstWeir(unittest.TestCase):
    def setUp(self):
        self.weir = Weir("--http", "127.0.0.1:0", "--file", "out")
        self.url = self.weir.url("/live", scheme="ws")

    def tearDown(self):
        self.weir.__exit__()

    def test_events_are_lines(self):
        with Tail(self.url) as tail:
            tail.listens()
            for body in (b'{"a": 1.50}', b"plain", b"two\nlines", "\u00e9".encode()):
                post(self.weir, body)
            self.assertEqual(tail.has(4),
                             ['{"a": 1.50}', "plain", '{"weir":"escaped","data":"two\\nlines"}', "\u00e9"])
            self.assertEqual(tail.status(signal.SIGINT), 0)
            self.assertEqual(len(tail.said), 1, tail.said)

    def test_count_ends_it(self):
        with Tail(self.url, "--count", 2) as tail:
            tail.listens()
            for body in (b"1", b"2", b"3"):
                post(self.weir, body)
            self.assertEqual(tail.status(), 0)
            self.assertEqual(tail.out, ["1", "2"])

    def test_a_closed_stdout_ends_it_quietly(self):
        line = f"'{PROGRAM}' tail {self.url} | head -1; echo ${{PIPESTATUS[0]}}"
        shell = subprocess.Popen(["bash", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertIn("listening to", shell.stderr.readline())
        post(self.weir, b"one")
        out, said = shell.communicate(timeout=30)
        self.assertEqual((out, said), ("one\n0\n", ""))

    def test_a_restarted_weir_is_found_again(self):
        port = self.weir.bound["http"][1]
        with Tail(self.url) as tail:
            tail.listens()
            post(self.weir, b"before")
            tail.has(1)
            self.weir.stop()
            self.weir = Weir("--http", f"127.0.0.1:{port}", "--file", "out")
            eventually(lambda: sum("listening to" in line for line in tail.said) == 2, what="another connection")
            post(self.weir, b"after")
            self.assertEqual(tail.has(2), ["before", "after"])
            self.assertEqual(tail.status(signal.SIGTERM), 0)

    def test_what_is_no_live_stream(self):
        for url, expected in ((self.weir.url("/nothing", scheme="ws"), "answers 404 Not Found"),
                              (self.weir.url("/"), "is no text/event-stream but text/html"),
                              ("ws://127.0.0.1:1", "can't connect to ws://127.0.0.1:1: Connection refused"),
                              ("http://no-such-host.invalid", "no-such-host.invalid has no address")):
            status, said = refused("tail", url)
            self.assertEqual((status, said.count("\n")), (1, 1), said)
            self.assertIn(expected, said)


class Tokens(unittest.TestCase):
    def test_with_and_without(self):
        with Weir("--http", "127.0.0.1:0,token=s3cret", "--file", "out") as weir:
            url = weir.url("/live", scheme="ws")
            for words in ((url,), (url, "--token", "wr0ng"), (url + "?access_token=wr0ng",)):
                status, said = refused("tail", *words)
                self.assertEqual((status, said.count("\n")), (1, 1), said)
                self.assertIn("answers 401 Unauthorized", said)
                self.assertNotIn("wr0ng", said)
            for tail in (Tail(url, "--token", "s3cret"), Tail(url, env={"WEIR_TOKEN": "s3cret"})):
                with tail:
                    tail.listens()
                    self.assertNotIn("s3cret", "".join(tail.said))


class ServerSentEvents(unittest.TestCase):
    def test_a_cut_stream_goes_on_behind_the_last_id(self):
        def answer(handler, number):
            handler.begin_stream()
            if number == 0:
                handler.chunk("retry: 1\n\n: hello\n\nid: 1\ndata: one\n\nid: 2\nda")
                handler.chunk("ta: {\"n\":2}\r\n\r\n")
                handler.cut()
            else:
                handler.chunk('data: {"weir":"gap","missed":3}\n\nid: 6\ndata: six\ndata: lines\n\n')
                handler.chunk("id: 7\ndata: seven\n\n")
                handler.chunk("")
        with HttpServer(answer) as server, Tail(server.url("?x=y"), "--last", 10, "--topic", "a,b*",
                                                "--count", 4) as tail:
            self.assertEqual(tail.status(), 0, tail.said)
            self.assertEqual(tail.out, ["one", '{"n":2}', '{"weir":"escaped","data":"six\\nlines"}', "seven"])
            first, second = server.requests
            self.assertEqual(first[:2], ("GET", "/events?x=y&last=10&topic=a,b*"))
            self.assertEqual(first[2]["Accept"], "text/event-stream")
            self.assertNotIn("Last-Event-ID", first[2])
            self.assertEqual(second[1], "/events?x=y&topic=a,b*")
            self.assertEqual(second[2]["Last-Event-ID"], "2")
            said = "\n".join(tail.said)
            self.assertIn("the connection ended in the middle", said)
            self.assertIn("3 events missed", said)
            self.assertNotIn("x=y", said)

    def test_plain_lines_go_on_behind_the_last_envelope(self):
        def answer(handler, number):
            handler.begin_stream("application/x-ndjson")
            handler.chunk(envelope(5 + number, {"n": number}) + "\n\n")
            handler.chunk(envelope(6 + number, "text")[:20])
            if number == 0:
                handler.cut()
            else:
                handler.chunk(envelope(6 + number, "text")[20:] + "\n")
                handler.chunk("")
        with HttpServer(answer) as server, Tail(server.url("/e"), "--raw", "--count", 3) as tail:
            self.assertEqual(tail.status(), 0, tail.said)
            self.assertEqual(tail.out, ['{"n":0}', '{"n":1}', "text"])
            self.assertEqual([request[1] for request in server.requests], ["/e?raw&meta=1", "/e?raw&meta=1&since=5"])

    def test_envelopes_are_printed_where_they_were_asked_for(self):
        def answer(handler, _):
            handler.begin_stream()
            handler.chunk(f"id: 1\ndata: {envelope(1, 'x')}\n\n")
            handler.chunk("")
        with HttpServer(answer) as server, Tail(server.url(), "--meta", "--no-reconnect", "--token", "t") as tail:
            self.assertEqual(tail.status(), 0, tail.said)
            self.assertEqual(tail.out, [envelope(1, "x")])
            self.assertEqual(server.requests[0][1], "/events?meta=1")
            self.assertEqual(server.requests[0][2]["Authorization"], "Bearer t")
            self.assertIn("the stream has ended", tail.said[-1])

    def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(self):
        def answer(handler, number):
            if number == 0:
                handler.begin_stream()
                handler.chunk("id: 1\ndata: one\n\n")
                handler.cut()
            elif number == 1:
                handler.reply(503, b'{"error":"full"}', Retry_After="0")
            else:
                handler.reply(403, b'{"error":"go away"}')
        with HttpServer(answer) as server, Tail(server.url()) as tail:
            self.assertEqual(tail.status(), 1, tail.said)
            self.assertEqual(tail.out, ["one"])
            self.assertIn("answers 503 Service Unavailable (full)", tail.said[2])
            self.assertIn("answers 403 Forbidden (go away)", tail.said[3])

    def test_without_reconnecting_a_broken_stream_is_a_fault(self):
        def answer(handler, _):
            handler.begin_stream()
            handler.chunk("data: one\n\n")
            handler.cut()
        with HttpServer(answer) as server, Tail(server.url(), "--no-reconnect") as tail:
            self.assertEqual(tail.status(), 1, tail.said)
            self.assertEqual(tail.out, ["one"])


class WebSockets(unittest.TestCase):
    def test_a_cut_stream_goes_on_behind_the_last_envelope(self):
        async def serve(socket, number):
            if number == 0:
                await socket.send(envelope(1, {"n": 1}))
                await socket.send([envelope(2, "te")[:30], envelope(2, "te")[30:]])
                await (await socket.ping())  # the pong has come, so the events have
                socket.transport.abort()
            else:
                await socket.send('{"weir":"restart"}')
                await socket.send(envelope(1, "/w==", encoding="base64").encode())
                await socket.wait_closed()
        with WebSocketServer(serve) as server, Tail(server.url("/live?since=9"), "--count", 3) as tail:
            self.assertEqual(tail.status(), 0, tail.said)
            self.assertEqual(server.paths, ["/live?since=9&meta=1", "/live?meta=1&since=2"])
            self.assertEqual(tail.out, ['{"n":1}', "te", "\ufffd"])
            self.assertIn("the server has started anew", "\n".join(tail.said))

    def test_frames_without_an_envelope_are_printed_as_they_are(self):
        async def serve(socket, _):
            await socket.send('{"seq":1}')
            await socket.send("x" * 100_000)
            await socket.close(1000)
        with WebSocketServer(serve) as server, Tail(server.url(), "--no-reconnect") as tail:
            self.assertEqual(tail.status(), 0, tail.said)
            self.assertEqual(tail.out, ['{"seq":1}', "x" * 100_000])

    def test_a_close_with_a_reason_is_told(self):
        async def serve(socket, _):
            await socket.close(1008, "too slow")
        with WebSocketServer(serve) as server, Tail(server.url(), "--no-reconnect") as tail:
            self.assertEqual(tail.status(), 1, tail.said)
            self.assertIn("the server closes: 1008 too slow", tail.said[-1])


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()

    def check(self, server, path=""):
        trusting = ("--ca", self.certificate.file)
        for words in ((server.url(path), *trusting), (server.url(path, "localhost"), *trusting),
                      (server.url(path), "--insecure")):
            with Tail(*words, "--count", 1) as tail:
                self.assertEqual(tail.status(), 0, tail.said)
                self.assertEqual(tail.out, ["secret"])
        status, said = refused("tail", server.url(path))
        self.assertEqual((status, said.count("\n")), (1, 1), said)
        self.assertIn("the certificate is not trusted", said)
        status, said = refused("tail", server.url(path), "--ca", "/nowhere.pem")
        self.assertEqual((status, said.count("\n")), (1, 1), said)
        self.assertIn("--ca /nowhere.pem", said)

    def test_wss(self):
        async def serve(socket, _):
            await socket.send(envelope(1, "secret"))
            await socket.wait_closed()
        with WebSocketServer(serve, self.certificate) as server:
            self.check(server)

    def test_https(self):
        def answer(handler, _):
            handler.begin_stream()
            handler.chunk("data: secret\n\n")
            handler.chunk("")
        with HttpServer(answer, self.certificate) as server:
            self.check(server)


class CommandLine(unittest.TestCase):
    def test_help_names_it(self):
        for words, expected in ((["--help"], "weir tail URL"), (["tail", "--help"], "--since SEQ")):
            done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=20, check=True)
            self.assertIn(expected, done.stdout)
            self.assertFalse([line for line in done.stdout.splitlines() if len(line) > 100])

    def test_wrong_words_end_it_with_one_line(self):
        for words, expected in (((), "needs a URL"), (("udp://h:1",), "a live stream is at"),
                                (("ws://h", "--lst", "1"), "did you mean '--last'?"),
                                (("ws://joe:s3cret@h",), "--token")):
            status, said = refused("tail", *words)
            self.assertEqual((status, said.count("\n")), (2, 1), said)
            self.assertIn(expected, said)
            self.assertNotIn("s3cret", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
