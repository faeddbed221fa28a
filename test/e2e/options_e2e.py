"""The options that no other end-to-end test uses, each once, on the built program."""
import glob
import gzip
import http.server
import json
import os
import re
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

from weir import Weir, eventually


def send(weir, *lines):
    with socket.create_connection(weir.bound["tcp"]) as out:
        out.sendall(b"".join(line + b"\n" for line in lines))


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


class Recorder(http.server.BaseHTTPRequestHandler):
    """Answers every POST with the server's `status` and keeps (path, headers, body)."""

    def do_POST(self):
        self.server.requests.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Target(http.server.ThreadingHTTPServer):
    def __init__(self, status=200, certificate=None):
        super().__init__(("127.0.0.1", 0), Recorder)
        self.status, self.requests = status, []
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"{scheme}://127.0.0.1:{self.server_address[1]}/in?key=1"

    def handle_error(self, *_):
        pass

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Options(unittest.TestCase):
    def test_every_queue(self):
        for kind in ("ring", "channel", "mutex-ring", "mutex-array"):
            for threads in ("1", "3"):
                with self.subTest(kind, threads=threads), Weir(
                        "--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out", "--queue", kind,
                        "--queue-slots", "1000", "--threads", threads) as weir:
                    send(weir, *(b"%d" % n for n in range(10_000)))
                    eventually(lambda: weir.total("weir_received_messages_total", listener="tcp") == 10_000)
                    weir.check_books()
                    self.assertEqual(weir.stop()[0], 0)
                    self.assertEqual(read(weir.folder, "out").split(), [b"%d" % n for n in range(10_000)])

    def test_files_rotate_and_are_compressed(self):
        for compress, ending, unpack in (("none", "", lambda data: data), ("gzip", ".gz", gzip.decompress),
                                         ("zstd", ".zst", lambda data: subprocess.run(["zstd", "-dc"], input=data,
                                                                                      capture_output=True).stdout)):
            with self.subTest(compress), Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file",
                                              f"out,rotate=100KiB,compress={compress},fsync=batch,mode=600") as weir:
                lines = [b"%05d " % n + b"y" * 94 for n in range(5_000)]
                for first in range(0, 5_000, 100):
                    send(weir, *lines[first:first + 100])
                    eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == first + 100)
                self.assertEqual(weir.stop()[0], 0)
                rotated = sorted(path for path in glob.glob(os.path.join(weir.folder, "out*")) if not path.endswith("/out"))
                self.assertGreaterEqual(len(rotated), 4)
                self.assertTrue(all(path.endswith(ending) for path in rotated), rotated)
                text = b"".join(unpack(read(path)) for path in rotated) + read(weir.folder, "out")
                self.assertEqual(text.split(b"\n")[:-1], lines)
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(weir.folder, "out")).st_mode), 0o600)

    def test_keep_and_rotate_every(self):
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out,rotate-every=100ms,keep=2,fsync=50ms") as weir:
            def rotated():
                send(weir, b"tick")
                return glob.glob(os.path.join(weir.folder, "out?*"))
            seen = set()
            eventually(lambda: seen.update(rotated()) or len(seen) >= 5, what="five rotations")
            eventually(lambda: len(glob.glob(os.path.join(weir.folder, "out?*"))) <= 2, what="two that are kept")
            self.assertEqual(weir.stop()[0], 0)

    def test_framed_files_and_standard_output(self):
        with Weir("--tcp", "127.0.0.1:0,framing=nul", "--http", "127.0.0.1:0", "--file", "length,framing=length",
                  "--file", "octets,framing=octet-counting", "--file", "-") as weir:
            with socket.create_connection(weir.bound["tcp"]) as out:
                out.sendall(b"one\0two\nlines\0")
            eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == 6)
            self.assertEqual(weir.stop()[0], 0)
            self.assertEqual(read(weir.folder, "length"), b"\0\0\0\3one\0\0\0\x09two\nlines")
            self.assertEqual(read(weir.folder, "octets"), b"3 one9 two\nlines")
            self.assertEqual(weir.stdout, 'one\n{"weir":"escaped","data":"two\\nlines"}\n')

    def test_post_formats_headers_and_gzip(self):
        events = [b'{"n":1}', b"no json", b'[2]']
        expected = {"ndjson": b'{"n":1}\nno json\n[2]\n', "array": [{"n": 1}, "no json", [2]], "single": events}
        for name, wanted in expected.items():
            with self.subTest(name), Target() as target, Weir(
                    "--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0",
                    "--post", f"{target.url},format={name},gzip,linger=200ms,header=X-Key: a\\, b") as weir:
                send(weir, *events)
                eventually(lambda: weir.total("weir_delivered_messages_total", sink="post") == 3)
                self.assertEqual(weir.stop()[0], 0)
                bodies = [gzip.decompress(body) for _, _, body in target.requests]
                path, headers, _ = target.requests[0]
                self.assertEqual((path, headers["X-Key"], headers["Content-Encoding"]), ("/in?key=1", "a, b", "gzip"))
                got = bodies if name == "single" else json.loads(bodies[0]) if name == "array" else bodies[0]
                self.assertEqual(got, wanted)

    def test_a_refusal_for_good_goes_to_the_dead_letters_at_once(self):
        with Target(status=400) as target, Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0",
                                                "--post", f"{target.url},dead-letter=dead") as weir:
            send(weir, b"one", b"two")
            eventually(lambda: weir.total("weir_lost_messages_total", sink="post", reason="rejected") == 2)
            self.assertEqual(weir.stop()[0], 3)
            self.assertEqual(read(weir.folder, "dead"), b"one\ntwo\n")

    def test_https_checks_certificates_unless_told_not_to(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate = os.path.join(folder, "pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
                            "-keyout", certificate + ".key", "-out", certificate + ".crt"], check=True, capture_output=True)
            with open(certificate, "wb") as both:
                both.write(read(certificate + ".key") + read(certificate + ".crt"))
            with Target(certificate=certificate) as target:
                def run(options, env, status, received):
                    before = len(target.requests)
                    with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--drain-timeout", "2s",
                              "--post", f"{target.url},retry-for=300ms{options}", env=env) as weir:
                        send(weir, b"secret")
                        eventually(lambda: weir.total("weir_pending_messages", sink="post") == 0)
                        self.assertEqual(weir.stop()[0], status)
                    self.assertEqual(len(target.requests) - before, received)
                run("", {}, 3, 0)
                run(",insecure", {}, 0, 1)
                run("", {"SSL_CERT_FILE": certificate + ".crt"}, 0, 1)

    def test_limits_on_connections(self):
        with Weir("--tcp", "127.0.0.1:0,max-connections=2,idle-timeout=300ms", "--tcp", "unix:denied,allow=10.0.0.0/8",
                  "--udp", "127.0.0.1:0,allow=10.0.0.0/8", "--http", "127.0.0.1:0,header-timeout=200ms", "--file", "out") as weir:
            connections = [socket.create_connection(weir.bound["tcp"]) for _ in range(3)]
            eventually(lambda: weir.total("weir_refused_messages_total", listener="tcp", reason="busy") == 1)
            for connection in connections:  # all hang up: one refused, two idle
                connection.settimeout(10)
                self.assertEqual(connection.recv(1), b"")
                connection.close()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.sendto(b"stranger", weir.bound["udp"])
            eventually(lambda: weir.total("weir_refused_messages_total", listener="udp", reason="not_allowed") == 1)
            with socket.create_connection(weir.bound["http"], timeout=10) as slow:
                slow.sendall(b"POST / HTTP/1.1\r\nHost")
                self.assertIn(b" 408 ", slow.recv(1000))
            self.assertEqual(weir.stop()[0], 0)

    def test_limits_on_the_ports_of_the_live_stream(self):
        with Weir("--sse", "127.0.0.1:0,max-connections=1", "--broadcast", "127.0.0.1:0,allow=10.0.0.0/8",
                  "--http", "127.0.0.1:0") as weir:
            with socket.create_connection(weir.bound["sse"], timeout=10) as first:
                first.sendall(b"GET / HTTP/1.1\r\nHost: weir\r\n\r\n")
                self.assertIn(b" 200 ", first.recv(1000))
                with socket.create_connection(weir.bound["sse"], timeout=10) as second:
                    self.assertEqual(second.recv(1), b"")
            with socket.create_connection(weir.bound["broadcast"], timeout=10) as stranger:
                self.assertEqual(stranger.recv(1), b"")
            self.assertEqual(weir.total("weir_refused_messages_total", reason="busy"), 1)
            self.assertEqual(weir.total("weir_refused_messages_total", reason="not_allowed"), 1)

    def test_parts_of_an_http_port_can_be_switched_off(self):
        with Weir("--http", "127.0.0.1:0,ingest=off,live=off,page=off,metrics=off", "--file", "out") as weir:
            def status(*words):
                return subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *words],
                                      capture_output=True, text=True).stdout
            upgrade = ("-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13",
                       "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
            self.assertEqual(status(weir.url("/healthz")), "200")
            for path in ("/", "/metrics", "/live", "/ws"):
                self.assertEqual(status(weir.url(path)), "404", path)
            self.assertEqual(status(*upgrade, weir.url("/live")), "404")
            self.assertIn(status("-d", "x", weir.url()), ("404", "405"))
            self.assertEqual(weir.stop()[0], 0)

    def test_the_log_level(self):
        with Weir("--udp", "127.0.0.1:0", "--file", "out", "--log-level", "debug") as weir:
            self.assertTrue(all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \w+ ", line) for line in weir.lines), weir.lines)


if __name__ == "__main__":
    unittest.main(verbosity=2)
