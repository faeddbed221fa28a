"""weir bench and weir bench live against a running weir: what they say they sent is what the file holds."""
import json
import os
import signal
import subprocess
import unittest

from weir import PROGRAM, Weir, refused

COUNT = 20_000
RATE = 40_000  # a moderate one, that the file keeps up with


def bench(*words, status=0):
    """What `weir bench WORDS --json` prints."""
    done = subprocess.run([PROGRAM, "bench", *map(str, words), "--json"], capture_output=True, text=True, timeout=120)
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


class Live:
    """A running `weir bench live`; made when all its clients listen."""

    def __init__(self, *words):
        self.process = subprocess.Popen([PROGRAM, "bench", "live", *map(str, words), "--json"], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stderr.readline()
        assert line == "ready\n", line

    def result(self, status=0):
        out, error = self.process.communicate(timeout=120)
        assert self.process.returncode == status, (self.process.returncode, out, error)
        return json.loads(out)


class Bench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.weir = Weir("--udp", "127.0.0.1:0,rcvbuf=64MiB", "--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0",
                        "--tcp", "unix:in.sock,framing=octet-counting", "--file", "events.ndjson")
        cls.file = os.path.join(cls.weir.folder, "events.ndjson")

    @classmethod
    def tearDownClass(cls):
        cls.weir.check_books()
        assert cls.weir.stop()[0] == 0

    def url(self, scheme, path=""):
        return self.weir.url(path, {"ws": "http"}.get(scheme, scheme), scheme)

    def verified(self, url, *flags, connections=4, size=256):
        got = bench(url, "--count", COUNT, "--rate", RATE, "--connections", connections, "--size", size,
                    "--verify", self.file, *flags)
        self.assertEqual(got["url"], url)
        self.assertEqual((got["size"], got["connections"]), (size, connections))
        self.assertEqual((got["sent"], got["bytes"], got["errors"]), (COUNT, COUNT * size, 0))
        self.assertGreater(got["seconds"], 0)
        self.assertGreater(got["cpu_seconds"], 0)
        self.assertAlmostEqual(got["rate"], COUNT / got["seconds"], delta=got["rate"] / 1000)
        verify = got["verify"]
        self.assertEqual((verify["expected"], verify["found"]), (COUNT, COUNT))
        self.assertEqual((verify["missing"], verify["duplicates"]), (0, 0))
        return got

    def test_udp(self):
        self.verified(self.url("udp"))
        self.verified(self.url("udp"), "--gso", size=100)
        self.verified(self.url("udp"), "--threads", 2, size=16)

    def test_tcp(self):
        got = self.verified(self.url("tcp"), "--threads", 2)
        self.assertEqual(got["verify"]["out_of_order"], 0)
        self.assertNotIn("latency_us", got)
        unix = "tcp://unix:" + os.path.join(self.weir.folder, "in.sock")
        self.verified(unix, "--framing", "octet-counting", connections=1, size=4266)

    def test_every_framing(self):
        for framing in ("newline", "nul", "length", "octet-counting"):
            with Weir("--tcp", f"127.0.0.1:0,framing={framing}", "--file", "events.ndjson") as weir:
                got = bench(weir.url("", "tcp", "tcp"), "--framing", framing, "--count", COUNT, "--size", 18,
                            "--verify", os.path.join(weir.folder, "events.ndjson"))
                self.assertEqual((got["verify"]["found"], got["verify"]["out_of_order"]), (COUNT, 0), framing)

    def test_http(self):
        got = self.verified(self.url("http", "/"))
        self.assertEqual(got["answers"], {"204": COUNT})
        latency = got["latency_us"]
        self.assertEqual(list(latency), ["p50", "p90", "p99", "p999", "max"])
        self.assertEqual(list(latency.values()), sorted(latency.values()))
        self.assertGreater(latency["p50"], 0)
        self.assertEqual(self.verified(self.url("http", "/in/topic"), "--pipeline", 8)["answers"], {"204": COUNT})
        self.assertEqual(self.verified(self.url("http", "/"), "--batch", 100)["answers"], {"204": COUNT // 100})

    def test_http_answers_that_are_no_success_are_errors(self):
        got = bench(self.url("http", "/no/such/path"), "--count", 100)
        self.assertEqual((got["sent"], got["errors"], got["answers"]), (100, 100, {"404": 100}))

    def test_ws(self):
        got = self.verified(self.url("ws", "/ws"))
        self.assertEqual(got["verify"]["out_of_order"], 0)
        self.verified(self.url("ws"), connections=1, size=79435 // 8)

    def test_live(self):
        live = Live(self.url("ws", "/live"), "--clients", 20, "--threads", 2, "--verify", "--expect", COUNT,
                    "--duration", "60s")
        self.verified(self.url("udp"))
        got = live.result()
        self.assertEqual((got["clients"], got["received"], got["bytes"]), (20, 20 * COUNT, 20 * COUNT * 256))
        self.assertEqual((got["gap_frames"], got["missed"], got["ended"]), (0, 0, 0))
        self.assertEqual(got["per_client"], {"min": COUNT, "max": COUNT})
        self.assertEqual(got["verify"], {"missing": 0, "duplicates": 0, "out_of_order": 0})
        latency = got["latency_us"]
        self.assertEqual(list(latency.values()), sorted(latency.values()))
        self.assertGreater(latency["p50"], 0)
        uppers = [upper for upper, _ in got["histogram_us"]]
        self.assertEqual(uppers, sorted(uppers))
        self.assertLessEqual(uppers[-2] if len(uppers) > 1 else 0, latency["max"])

    def test_live_ends_when_it_became_quiet(self):
        live = Live(self.url("ws", "/live"), "--clients", 3, "--quiet", "100ms", "--duration", "10m")
        bench(self.url("tcp"), "--count", 1)
        self.assertEqual(live.result()["received"], 3)

    def test_a_message_that_is_not_in_the_file_is_missed(self):
        other = os.path.join(self.weir.folder, "other.ndjson")
        verify = bench(self.url("tcp"), "--count", 10, "--verify", other, status=3)["verify"]
        self.assertEqual(verify, {"expected": 10, "found": 0, "missing": 10, "duplicates": 0, "out_of_order": 0})

    def test_an_interrupted_bench_reports(self):
        running = subprocess.Popen([PROGRAM, "bench", self.url("tcp"), "--rate", "100", "--duration", "10m", "--json",
                                    "--progress", "on"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        drawn = running.stderr.read(1)  # the line of progress: it runs
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
        self.assertEqual(drawn, b"\r")
        self.assertEqual(running.returncode, 0)
        self.assertGreater(json.loads(out)["sent"], 0)

    def test_the_text_for_people(self):
        done = subprocess.run([PROGRAM, "bench", self.url("http", "/"), "--count", "1200", "--connections", "2"],
                              capture_output=True, text=True, timeout=60, check=True)
        self.assertRegex(done.stdout, r"(?m)^sent +1,200 messages of 256 bytes over 2 connections$")
        self.assertRegex(done.stdout, r"(?m)^latency +p50 \d+ us +p90 ")
        self.assertRegex(done.stdout, r"(?m)^answers +204: 1,200$")
        self.assertEqual(done.stderr, "")


class CommandLine(unittest.TestCase):
    def test_help_names_it(self):
        for words, expected in ((["--help"], "weir bench URL"), (["bench", "--help"], "--pipeline N"),
                                (["bench", "live", "--help"], "--clients N")):
            done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=20, check=True)
            self.assertIn(expected, done.stdout)
            self.assertFalse([line for line in done.stdout.splitlines() if len(line) > 100])

    def wrong(self, expected, *words, status=2):
        code, text = refused(*words)
        self.assertEqual((code, text.count("\n")), (status, 1), text)
        self.assertIn(expected, text)

    def test_wrong_words_end_it_with_one_line(self):
        self.wrong("did you mean 'bench'?", "bnech")
        self.wrong("needs a URL", "bench")
        self.wrong("did you mean '--connections'?", "bench", "udp://127.0.0.1:1", "--connection", "1")
        self.wrong("is no URL", "bench", "127.0.0.1:9000")
        self.wrong("needs a URL", "bench", "live")
        self.wrong("ws://", "bench", "live", "http://127.0.0.1:1/")
        self.wrong("did you mean '--clients'?", "bench", "live", "ws://127.0.0.1:1/", "--client", "1")

    def test_nobody_there(self):
        self.wrong("can't connect to tcp://127.0.0.1:1: Connection refused", "bench", "tcp://127.0.0.1:1", status=1)
        self.wrong("no-such-host.invalid", "bench", "udp://no-such-host.invalid:1", status=1)
        with Weir("--http", "127.0.0.1:0", "--file", "out") as weir:
            self.wrong("it answers 'HTTP/1.1 404", "bench", "live", weir.url("/nothing", "http", "ws"), status=1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
