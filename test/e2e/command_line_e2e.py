"""The command line: what is printed, what is refused, with which status, and that weir never starts half."""
import os
import re
import socket
import subprocess
import tempfile
import unittest

from weir import PROGRAM, Weir, eventually, refused


def output(*flags, env=None):
    return subprocess.run([PROGRAM, *flags], capture_output=True, text=True, timeout=20, check=True,
                          env={**os.environ, **(env or {})}).stdout


class CommandLine(unittest.TestCase):
    def wrong(self, expected, *flags, status=2, env=None):
        code, text = refused(*flags, env=env)
        self.assertEqual(text.count("\n"), 1, text)
        self.assertIn(expected, text)
        self.assertEqual(code, status, text)

    def test_version_and_help(self):
        self.assertRegex(output("--version"), r"^weir \d+\.\d+\.\d+\n$")
        text = output("--help")
        for flag in ("udp", "tcp", "http", "ws", "file", "post", "broadcast", "sse", "threads", "queue", "queue-slots",
                     "queue-bytes", "when-full", "drain-timeout", "log-level", "log-format", "status", "check"):
            self.assertRegex(text, rf"(?m)^  --{flag}\b")
        for option in ("rcvbuf", "sockets", "max-message", "allow", "framing", "max-connections", "idle-timeout",
                       "max-body", "max-header", "header-timeout", "body-timeout", "origins", "token", "ingest",
                       "live", "page", "metrics", "rotate", "rotate-every", "keep", "compress", "fsync", "mode",
                       "format", "batch-count", "batch-bytes", "linger", "connections", "timeout", "gzip", "header",
                       "retry-for", "dead-letter", "insecure", "client-buffer", "slow", "history", "live-path", "ingest-path"):
            self.assertRegex(text, rf"(?m)^      {option}=")

    def test_wrong_flags_name_the_nearest_right_word(self):
        self.wrong("unknown flag '--upd', did you mean '--udp'?", "--upd", ":1")
        self.wrong("unknown command 'rnu', did you mean 'run'?", "rnu")
        self.wrong("--udp :1: unknown option 'rcvbuff', did you mean 'rcvbuf'?", "--udp", ":1,rcvbuff=1MiB")
        self.wrong("did you mean 'octet-counting'?", "--tcp", ":1,framing=octet")
        self.wrong("did you mean 'drop-oldest'?", "--when-full", "oldest")
        self.wrong("'9000' is no address", "--udp", "9000")
        self.wrong("no port from 0 to 65535", "--udp", ":65536")
        self.wrong("is no size", "--udp", ":1,rcvbuf=4XB")
        self.wrong("is no time", "--drain-timeout", "5parsecs")
        self.wrong("--threads", "--threads", "many")
        self.wrong("weir: --threads: needs a value\n", "--threads")
        self.wrong("weir: --help: takes no value\n", "--help=udp")
        self.wrong("weir: --http :1: option token: must not be empty\n", "--http", ":1,token=")
        self.wrong("weir: --file x: keep and compress need rotate or rotate-every\n", "--file", "x,keep=3")
        self.wrong("WEIR_TCP :1: unknown option", env={"WEIR_TCP": ":1,framming=nul"})
        self.wrong("--post", "--post", "ftp://127.0.0.1/")
        self.wrong("--file", "--file", "x,mode=999")
        for port in ("http", "ws", "beacon", "sse", "broadcast"):
            self.wrong(f"--{port} :0: option max-connections: must be at least 1\n", f"--{port}", ":0,max-connections=0")
        self.wrong("16 sinks", *(["--file", "x"] * 17))

    def test_no_secret_is_ever_printed(self):
        flags = ("--http", "127.0.0.1:0,token=s3cret", "--post", "http://joe:s3cret@127.0.0.1:1/x,header=X-Key: s3cret")
        self.assertNotIn("s3cret", output("--check", *flags))
        code, text = refused("--post", "http://joe:s3cret@127.0.0.1:1/,what=s3cret")
        self.assertEqual(code, 2)
        self.assertNotIn("s3cret", text)
        with Weir(*flags) as weir:
            self.assertIn("http://127.0.0.1:1/x", "".join(weir.lines))
            weir.stop()
            self.assertNotIn("s3cret", "".join(weir.lines))

    def test_check_says_what_would_run(self):
        text = output("--check", "--udp", ":9,rcvbuf=64MiB,sockets=2", "--file", "-", "--threads", "3")
        self.assertRegex(text, r"(?m)^--udp :9,rcvbuf=64MiB,sockets=2")
        self.assertIn("--file -,", text)
        self.assertIn("--threads 3\n", text)
        self.assertNotIn("--tcp", text)
        # What it prints, it takes.
        words = [word for line in text.splitlines() for word in line.split(" ", 1)]
        self.assertEqual(output("--check", *words), text)

    def test_the_default_is_spelled_out(self):
        text = output("--check")
        for flag in ("--udp 127.0.0.1:9000", "--tcp 127.0.0.1:9001", "--http 127.0.0.1:8080",
                     "--file ./events.ndjson"):
            self.assertIn(flag, text)

    def test_flags_win_over_the_environment(self):
        env = {"WEIR_UDP": ":11;:12,sockets=2", "WEIR_QUEUE_SLOTS": "64", "WEIR_THREADS": "2"}
        text = output("--check", "--threads", "1", env=env)
        self.assertRegex(text, r"(?m)^--udp :11,")
        self.assertRegex(text, r"(?m)^--udp :12,.*sockets=2")
        self.assertIn("--queue-slots 64\n", text)
        self.assertIn("--threads 1\n", text)

    def test_what_can_not_be_had_ends_it_with_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            folder = tempfile.mkdtemp(prefix="weir-")
            self.wrong(f"127.0.0.1:{port}", "--tcp", f"127.0.0.1:{port}", "--file", f"{folder}/f", status=1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            self.wrong("already in use", "--udp", "127.0.0.1:%d" % taken.getsockname()[1], status=1)
        self.wrong("/no/such/folder/f", "--udp", "127.0.0.1:0", "--file", "/no/such/folder/f", status=1)
        self.wrong("no-such-host.invalid", "--udp", "no-such-host.invalid:1", status=1)

    def test_every_address_form(self):
        folder = tempfile.mkdtemp(prefix="weir-")
        with Weir("--tcp", f"unix:{folder}/t.sock", "--udp", "[::1]:0", "--http", ":0", "--ws", "localhost:0",
                  "--broadcast", "127.0.0.1:0", "--file", f"{folder}/out") as weir:
            self.assertEqual(weir.bound["tcp"], f"{folder}/t.sock")
            self.assertEqual(weir.bound["udp"][0], "::1")
            self.assertEqual(weir.get("/healthz"), "ok\n")
            self.assertEqual([line.split()[4] for line in weir.lines if line.endswith(" on all addresses\n")], ["http"])
            self.assertTrue(all(port > 0 for _, port in (weir.bound[k] for k in ("udp", "http", "ws", "broadcast"))))
            self.assertEqual(weir.stop()[0], 0)
        self.assertFalse(os.path.exists(f"{folder}/t.sock"))

    def test_what_is_printed_and_can_not_be_written_is_a_fault(self):
        for words in (("--version",), ("--help",), ("--check",), ("check",)):
            with open("/dev/full", "w") as full:
                done = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=20)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("No space left on device", done.stderr)

    def test_without_standard_streams_nothing_else_is_written_as_one(self):
        folder = tempfile.mkdtemp(prefix="weir-")
        run = subprocess.Popen([PROGRAM, "--tcp", f"unix:{folder}/in", "--file", f"{folder}/out"], cwd=folder,
                               preexec_fn=lambda: os.closerange(0, 3), close_fds=False)
        try:
            def sent():
                with socket.socket(socket.AF_UNIX) as to:
                    try:
                        to.connect(f"{folder}/in")
                    except OSError:
                        return False
                    to.sendall(b"event\n")
                    return True
            eventually(sent, what="the socket")
            eventually(lambda: os.path.getsize(f"{folder}/out") > 0, what="the event in the file")
            for each in (1, 2):
                self.assertEqual(os.readlink(f"/proc/{run.pid}/fd/{each}"), "/dev/null")
        finally:
            run.terminate()
            self.assertEqual(run.wait(20), 0)
        with open(f"{folder}/out") as file:
            self.assertEqual(file.read(), "event\n")

    def test_standard_output_that_is_closed_takes_no_events(self):
        done = subprocess.run([PROGRAM, "--udp", "127.0.0.1:0", "--file", "-"], stderr=subprocess.PIPE, text=True,
                              preexec_fn=lambda: os.close(1), timeout=20)
        self.assertEqual((done.returncode, done.stderr), (1, "weir: can't write '-': standard output is closed\n"))

    def test_logs_as_json(self):
        import json
        with Weir("--udp", "127.0.0.1:0", "--file", "out", "--log-format", "json") as weir:
            weir.stop()
            for line in weir.lines:
                self.assertEqual(set(json.loads(line)), {"time", "level", "component", "message"})
            self.assertTrue(any(re.search("published 0", line) for line in weir.lines))


if __name__ == "__main__":
    unittest.main(verbosity=2)
