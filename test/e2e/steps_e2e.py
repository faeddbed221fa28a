"""Steps before sinks: every example of docs/processing.md, and the books of sinks with different steps."""
import json
import os
import re
import shlex
import socket
import subprocess
import unittest

from weir import PROGRAM, Weir, eventually, refused

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "processing.md")


def examples():
    """(words of the command line, events in, events out) of each block that begins with `$ weir`."""
    with open(DOCS, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.startswith("    ")]
    found = []
    for line in lines:
        kind, rest = line.split(" ", 1)
        if kind == "$":
            found.append((shlex.split(rest)[1:], [], []))
        elif kind in "<>":
            found[-1][1 if kind == "<" else 2].append(rest)
    return found


def send(weir, *lines):
    with socket.create_connection(weir.bound["tcp"]) as out:
        out.sendall(b"".join(line.encode() + b"\n" for line in lines))


def read(weir, name):
    with open(os.path.join(weir.folder, name), "rb") as file:
        return file.read().decode().splitlines()


class Steps(unittest.TestCase):
    def test_every_example_of_the_docs(self):
        self.assertGreaterEqual(len(examples()), 9)
        for flags, sent, expected in examples():
            with self.subTest(flags), Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", *flags) as weir:
                send(weir, *sent)
                eventually(lambda: weir.total("weir_received_messages_total", listener="tcp") == len(sent))
                weir.check_books()
                status, books = weir.stop()
                self.assertEqual(status, 0)
                got = re.sub(r'"time":"20[^"]*Z","listener":"tcp [^"]*"', '"time":"…","listener":"…"', weir.stdout)
                self.assertEqual(got.splitlines(), expected)
                self.assertEqual(books["file", "-"]["filtered"], len(sent) - len(expected))

    def test_each_sink_has_its_own_behind_those_of_all(self):
        count = 3000
        with Weir("--envelope", "--tcp", "127.0.0.1:0", "--file", "all", "--file", "own,filter=data.n~7$,pick=seq,data.n,site,add=end:=1",
                  "--add", "site=here", "--http", "127.0.0.1:0", "--file", "some,sample=1/3,drop=time,listener",
                  "--drop", "data.password,data.type", "--file", "few,rate=5/h") as weir:
            send(weir, *(json.dumps({"type": "t", "n": n, "password": "x"}) if n % 10 else f"text {n}" for n in range(count)))
            eventually(lambda: weir.total("weir_pending_messages", sink="file") == 0
                       and weir.total("weir_received_messages_total", listener="tcp") == count)
            weir.check_books()
            self.assertEqual(weir.total("weir_untouched_messages_total", sink="file"), 0)  # an envelope is always an object
            status, books = weir.stop()
            self.assertEqual(status, 0)
            everything = [json.loads(line) for line in read(weir, "all")]
            self.assertEqual([event["seq"] for event in everything], list(range(1, count + 1)))
            for n, event in enumerate(everything):
                self.assertEqual(event["data"], {"n": n} if n % 10 else f"text {n}")
                self.assertEqual((event["topic"], event["site"]), ("t" if n % 10 else "", "here"))
            self.assertEqual(read(weir, "own"), ['{"seq":%d,"data":{"n":%d},"site":"here","end":1}' % (n + 1, n)
                                                 for n in range(7, count, 10)])
            some = [json.loads(line) for line in read(weir, "some")]
            self.assertTrue(900 < len(some) < 1100, len(some))
            self.assertEqual(list(some[0]), ["seq", "topic", "data", "site"])
            self.assertEqual(len(read(weir, "few")), 5)
            self.assertEqual({name: books["file", name]["filtered"] for name in ("all", "own", "some", "few")},
                             {"all": 0, "own": count - count // 10, "some": count - len(some), "few": count - 5})

    def test_the_live_stream_sees_what_the_flags_for_all_leave(self):
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out,filter=none", "--drop", "password") as weir:
            send(weir, '{"n":1,"password":"x"}')
            eventually(lambda: weir.total("weir_delivered_messages_total", sink="broadcast") == 1)
            done = subprocess.run([PROGRAM, "tail", weir.url("/events?last=1"), "--count", "1"], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.stdout, '{"n":1}\n')
            self.assertEqual(weir.stop()[0], 0)
            self.assertEqual(read(weir, "out"), [])

    def test_steps_from_the_environment_and_what_would_run(self):
        def check(*flags, **env):
            return subprocess.run([PROGRAM, "--check", *flags], capture_output=True, text=True, timeout=20, check=True,
                                  env={**os.environ, **env}).stdout.splitlines()
        lines = check("--pick", r"b,c\,d", "--add", "a=b", "--file", "x,envelope,filter=a,add=q=r,filter=b=c,rate=1/s",
                      WEIR_ADD="never=seen", WEIR_SAMPLE="1/2", WEIR_ENVELOPE="on")
        self.assertEqual([line for line in lines if re.match("--(pick|add|sample|envelope)", line)],
                         ["--sample 1/2", "--envelope", "--pick b", r"--pick c\,d", "--add a=b"])
        self.assertTrue(any(line.endswith(",envelope=on,filter=a,add=q=r,filter=b=c,rate=1/s") for line in lines), lines)

    def test_wrong_steps_are_told(self):
        for said, flags in (("--rate 5: '5' is no rate", ("--rate", "5")), ("option rate: '5' is no rate", ("--file", "x,rate=5")),
                            ("--sample 2/1", ("--sample", "2/1")), ("is no regular expression", ("--filter", "a~(")),
                            ("--add a=b: a comma within a value is written \\,", ("--add", "a=b,c=d")),
                            ("'gzip' behind pick= can be read in two ways; write gzip=on or pick=gzip", ("--post", "http://127.0.0.1:1,pick=a,gzip")),
                            ("did you mean 'sample'", ("--file", "x,simple=1/2")), ("did you mean '--envelope'", ("--envelop",))):
            status, text = refused(*flags)
            self.assertEqual((status, text.count("\n")), (2, 1), text)
            self.assertIn(said, text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
