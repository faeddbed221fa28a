"""The configuration file: a run from it, who wins over it, what is refused, and changing it while weir runs."""
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import tomllib
import unittest
import urllib.request

from weir import PROGRAM, Weir, built_with_grpc, eventually, refused

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def scratch(text, name="weir.toml"):
    path = os.path.join(tempfile.mkdtemp(prefix="weir-config-"), name)
    write(path, text)
    return path


def write(path, text):
    """As a whole, as an editor or a deployment does."""
    with open(path + ".new", "w") as out:
        out.write(text)
    os.replace(path + ".new", path)


def lines_of(weir, name):
    with open(os.path.join(weir.folder, name)) as file:
        return file.read().splitlines()


def output(*words, env=None):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=20, check=True,
                          env={**os.environ, **(env or {})}).stdout


def free_port():
    """At every address, and below those that the kernel gives to connections: nobody takes it meanwhile."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as bounds:
        first_given = int(bounds.read().split()[0])
    for _ in range(1000):
        port = random.randrange(10_000, first_given)
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET6, kind) as free:
                    free.bind(("::", port))
            return port
        except OSError:
            continue
    raise AssertionError(f"no free port from 10000 to {first_given}")


def send_line(weir, text, kind="tcp"):
    with socket.create_connection(weir.bound[kind]) as out:
        out.sendall(text.encode() + b"\n")


class File(unittest.TestCase):
    def test_a_whole_run(self):
        path = scratch("""
            drain-timeout = 5
            [[tcp]]
            listen = "127.0.0.1:0"
            topic = "${TOPIC}"
            [[udp]]
            listen = "127.0.0.1:0"
            [[http]]
            listen = "127.0.0.1:0"
            token = "file:TOKEN"
            [[file]]
            path = "all"
            [[file]]
            path = "some"
            filter = ["good", "other"]
        """.replace("TOKEN", scratch("s3cret\n", "token")))
        for flags, env in ((("--config", path), {}), ((), {"WEIR_CONFIG": path})):
            with Weir(*flags, env={"TOPIC": "good", **env}) as weir:
                send_line(weir, "from tcp")
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                    out.sendto(b"from udp", weir.bound["udp"])
                self.assertEqual(refusal(weir.url("/metrics")), 401)
                metrics = lambda: weir.get("/metrics", Authorization="Bearer s3cret")
                eventually(lambda: 'weir_delivered_messages_total{sink="file",target="all"} 2\n' in metrics())
                status, _ = weir.stop()
                self.assertEqual(status, 0)
                self.assertEqual(sorted(lines_of(weir, "all")), ["from tcp", "from udp"])
                self.assertEqual(lines_of(weir, "some"), ["from tcp"])
                self.assertNotIn("s3cret", "".join(weir.lines))

    def test_flags_win_over_the_environment_and_that_over_the_file(self):
        path = scratch('threads = 1\nqueue-slots = 8\nwhen-full = "block"\n[[udp]]\nlisten = ":1"\n[[tcp]]\nlisten = ":2"\n')
        env = {"WEIR_THREADS": "2", "WEIR_QUEUE_SLOTS": "16"}
        told = tomllib.loads(output("check", "--config", path, "--threads", "3", "--udp", ":3", "--udp", ":4", env=env))
        self.assertEqual((told["threads"], told["queue-slots"], told["when-full"]), (3, 16, "block"))
        self.assertEqual([each["listen"] for each in told["udp"]], [":3", ":4"])
        self.assertEqual([each["listen"] for each in told["tcp"]], [":2"])
        self.assertNotIn("http", told)  # no default beside what is given

    def test_check_prints_a_file_that_says_the_same(self):
        flags = ("--http", ":1,token=s3cret,allow=::1", "--file", "a\\,b,rotate=1MiB", "--post", "https://me:s3cret@h/?s3cret,header=A: s3cret")
        text = output("check", *flags)
        self.assertNotIn("s3cret", text)
        self.assertEqual(tomllib.loads(text)["file"][0]["path"], "a,b")
        self.assertEqual(output("check", "--config", scratch(text)), text)

    def test_every_fault_is_told_with_its_line(self):
        path = scratch('thread = 2\n[[udp]]\nlisten = "9000"\n[[file]]\npath = "x"\nkeep = "many"\n')
        code, text = refused("check", "--config", path)
        self.assertEqual(code, 2)
        self.assertEqual([re.sub(r".*weir.toml", "", line)[:6] for line in text.splitlines()], [":1:1: ", ":3:10:", ":6:8: "])
        self.assertIn("did you mean 'threads'?", text)
        code, text = refused("--config", scratch('[[http]]\nlisten = ":1"\nmax-body = "99GiB"\n'))
        self.assertEqual(code, 2)
        self.assertRegex(text, r"weir.toml:1:1: http: option max-body: must be from")
        code, text = refused("--config", "/no/such/weir.toml")
        self.assertEqual((code, text), (2, "weir: can't read '/no/such/weir.toml': No such file or directory\n"))

    def test_the_example_is_right(self):
        told = tomllib.loads(output("check", "--config", os.path.join(ROOT, "examples", "weir.toml")))
        self.assertEqual(set(told) & {"udp", "tcp", "http", "file"}, {"udp", "tcp", "http", "file"})


def refusal(url):
    try:
        urllib.request.urlopen(url, timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    return 200


class Reloading:
    """A weir with a file, and the means to change it."""

    def __init__(self, text):
        self.path = scratch(text)
        self.weir = Weir("--config", self.path)
        self.done = 0

    def reload(self, text, says="reloaded"):
        write(self.path, text)
        self.weir.process.send_signal(signal.SIGHUP)
        self.done += 1
        eventually(lambda: sum(bool(re.search(r"\d reloaded|info +reloaded|not reloaded", line)) for line in list(self.weir.lines)) == self.done,
                   what="the reload")
        last = [line for line in self.weir.lines if "reloaded" in line][-1]
        assert says in last and ("not" in last) == ("not" in says), "".join(self.weir.lines[-8:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.weir.__exit__()


BASE = '[[tcp]]\nlisten = "127.0.0.1:0"\n[[udp]]\nlisten = "127.0.0.1:0"\nrcvbuf = "2MiB"\n[[http]]\nlisten = "127.0.0.1:0"\n' \
       '[[file]]\npath = "kept"\n'


class Load:
    """Numbered events over one TCP connection and by UDP, and a live client that reads them all."""

    def __init__(self, weir):
        self.weir, self.stopping, self.sent = weir, threading.Event(), {"tcp": 0, "udp": 0}
        self.seen = []
        self.stream = urllib.request.urlopen(weir.url("/events?raw"), timeout=60)
        self.tcp = socket.create_connection(weir.bound["tcp"])
        self.threads = [threading.Thread(target=each) for each in (self.send_tcp, self.send_udp, self.listen)]
        for thread in self.threads:
            thread.start()

    def send_tcp(self):
        while not self.stopping.wait(0.0005):
            self.tcp.sendall(b"tcp %d\ntcp %d\n" % (self.sent["tcp"], self.sent["tcp"] + 1))
            self.sent["tcp"] += 2

    def send_udp(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            while not self.stopping.wait(0.001):
                out.sendto(b"udp %d" % self.sent["udp"], self.weir.bound["udp"])
                self.sent["udp"] += 1

    def listen(self):
        for line in self.stream:
            self.seen.append(line.decode().rstrip("\n"))

    def stop(self):
        self.stopping.set()
        for thread in self.threads[:2]:
            thread.join()

    def wanted(self):
        return sorted(f"{kind} {n}" for kind, count in self.sent.items() for n in range(count))


class Reload(unittest.TestCase):
    def test_a_hundred_times_under_load(self):
        with Reloading(BASE) as run:
            weir = run.weir
            load = Load(weir)
            for n in range(100):
                text = BASE + f'[[file]]\npath = "changed"\nfsync = "{n + 1}s"\n'
                if n % 2 == 0:
                    text += '[[tcp]]\nlisten = "127.0.0.1:0"\ntopic = "more"\n[[file]]\npath = "more"\n'
                if n % 3 == 0:
                    text += '[[broadcast]]\nlisten = "127.0.0.1:0"\n'
                run.reload(text)
                if n == 0:
                    begun = load.sent["tcp"]
            load.stop()
            wanted = load.wanted()
            self.assertGreater(len(wanted), 200)
            eventually(lambda: weir.total("weir_received_messages_total") == len(wanted), what="all that was sent")
            eventually(lambda: len([line for line in load.seen if line]) >= len(wanted), what="the live client")
            load.tcp.close()
            status, books = weir.stop()
            self.assertEqual(status, 0)
            load.threads[2].join()
            self.assertEqual(sorted(lines_of(weir, "kept")), wanted)
            self.assertEqual(sorted(line for line in load.seen if line), wanted)
            # What went from one file sink to the next at the same path: each once, none missing since the first.
            changed = [int(line.split()[1]) for line in lines_of(weir, "changed") if line.startswith("tcp")]
            self.assertEqual(changed, list(range(changed[0], load.sent["tcp"])))
            self.assertLessEqual(changed[0], begun)
            self.assertEqual(books["file", "changed"]["delivered"], len(lines_of(weir, "changed")))
            self.assertEqual(books["file", "more"]["delivered"], len(lines_of(weir, "more")))

    def test_a_wrong_file_changes_nothing(self):
        with Reloading(BASE) as run:
            weir = run.weir
            with socket.create_connection(weir.bound["tcp"]) as out, socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                taken.listen()
                for text, says in ((BASE + "[[file]]\npth = 'x'\n", "weir.toml:11:1: file: unknown key 'pth'"),
                                   ("[[tcp", "weir.toml:1:"),
                                   (BASE + '[[http]]\nlisten = ":1"\nmax-body = "99GiB"\n', "max-body"),
                                   (BASE + '[[file]]\npath = "/no/such/folder/x"\n', "/no/such/folder/x"),
                                   (BASE + f'[[tcp]]\nlisten = "127.0.0.1:{taken.getsockname()[1]}"\n', "already in use")):
                    run.reload(text, "not reloaded")
                    self.assertIn(says, "".join(weir.lines[-8:]))
                    self.assertEqual(weir.metrics()["weir_config_last_reload_successful"], 0)
                out.sendall(b"still here\n")
                eventually(lambda: lines_of(weir, "kept") == ["still here"])
            self.assertEqual(weir.metrics().get('weir_delivered_messages_total{sink="file",target="kept"}'), 1)
            run.reload(BASE)
            self.assertEqual(weir.metrics()["weir_config_last_reload_successful"], 1)
            weir.check_books()
            self.assertEqual(weir.stop()[0], 0)

    def test_what_is_taken_away_ends_and_what_is_changed_goes_on(self):
        port = free_port()
        http = '[[http]]\nlisten = "127.0.0.1:0"\n'
        tcp = f'[[tcp]]\nlisten = "127.0.0.1:{port}"\n'
        with Reloading(http + tcp + '[[file]]\npath = "one"\n') as run:
            weir = run.weir
            send_line(weir, "first")
            eventually(lambda: weir.total("weir_delivered_messages_total", target="one") == 1)
            run.reload(http + tcp + 'topic = "t"\n[[file]]\npath = "two"\n')  # the same port, otherwise
            send_line(weir, "second")
            eventually(lambda: weir.total("weir_delivered_messages_total", target="two") == 1)
            # One series for the address, and what was counted before is still in it.
            self.assertEqual(weir.total("weir_received_messages_total", listener="tcp"), 2)
            run.reload(http + '[[file]]\npath = "two"\nfilter = ["!x"]\n')
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
            status, books = weir.stop()
            self.assertEqual(status, 0)
            self.assertEqual(lines_of(weir, "one"), ["first"])
            self.assertEqual(lines_of(weir, "two"), ["second"])
            self.assertEqual(books["file", "one"]["delivered"], 1)
            self.assertEqual(books["file", "two"]["delivered"], 1)

    def test_ports_of_their_own_and_unix_sockets_are_replaced_where_they_are(self):
        port = free_port()
        path = os.path.join(tempfile.mkdtemp(prefix="weir-config-"), "t.sock")
        text = lambda n: '[[http]]\nlisten = "127.0.0.1:0"\n[[file]]\npath = "out"\n' \
                         f'[[sse]]\nlisten = "127.0.0.1:{port}"\nmax-connections = {n}\n[[tcp]]\nlisten = "unix:{path}"\nmax-connections = {n}\n'

        def send(line):
            with socket.socket(socket.AF_UNIX) as out:
                out.connect(path)
                out.sendall(line + b"\n")

        with Reloading(text(10)) as run:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/?raw", timeout=30) as first, \
                    urllib.request.urlopen(run.weir.url("/events?raw"), timeout=30) as other:
                send(b"one")
                self.assertEqual([first.readline(), other.readline()], [b"one\n", b"one\n"])
                run.reload(text(11))
                self.assertEqual(first.read(), b"")  # its port went
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/?raw", timeout=30) as second:
                    send(b"two")
                    self.assertEqual([second.readline(), other.readline()], [b"two\n", b"two\n"])
            self.assertTrue(os.path.exists(path))
            self.assertEqual(run.weir.stop()[0], 0)
            self.assertEqual(lines_of(run.weir, "out"), ["one", "two"])

    def test_a_port_that_is_anothers_too_is_refused_with_nothing_changed(self):
        for kind in ("tcp", "udp", "ws", "grpc"):
            if kind == "grpc" and not built_with_grpc():
                with self.subTest(kind):
                    self.skipTest("weir was built without gRPC")
                continue
            text = lambda listen: f'[[http]]\nlisten = "127.0.0.1:0"\n[[file]]\npath = "out"\n[[{kind}]]\nlisten = "{listen}"\n'
            port = free_port()
            with self.subTest(kind), Reloading(text(f"127.0.0.1:{port}")) as run, \
                    socket.socket(type=socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM) as other:
                other.bind(("127.0.0.2", port))
                if kind != "udp":
                    other.listen()
                run.reload(text(f":{port}"), "not reloaded")  # that would be 127.0.0.2, too
                self.assertIn("already in use", "".join(run.weir.lines[-2:]))
                self.assertFalse(any("stopping" in line for line in run.weir.lines))
                # Nobody else can have the port now, not even who would share it.
                with socket.socket(type=other.type) as third:
                    third.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                    with self.assertRaises(OSError):
                        third.bind(("127.0.0.1", port))
                other.close()
                run.reload(text(f":{port}"))
                self.assertEqual(run.weir.stop()[0], 0)

    def test_two_that_would_share_a_port_are_refused(self):
        port = free_port()
        text = lambda topics: '[[http]]\nlisten = "127.0.0.1:0"\n[[file]]\npath = "out"\n' + \
            "".join(f'[[tcp]]\nlisten = "{host}:{port}"\ntopic = "{topic}"\n' for host, topic in topics)
        with Reloading(text([("127.0.0.1", "a")])) as run:
            for second in ("127.0.0.1", ""):
                run.reload(text([("127.0.0.1", "b"), (second, "c")]), "not reloaded")
                self.assertIn("in the same file", "".join(run.weir.lines[-2:]))
            run.reload(text([("127.0.0.1", "b"), ("127.0.0.2", "c")]))
            self.assertEqual(run.weir.stop()[0], 0)

    def test_ports_change_hands_and_nobody_is_refused_or_unheard(self):
        first, second = free_port(), free_port()
        udp = free_port()
        base = '[[http]]\nlisten = "127.0.0.1:0"\n[[file]]\npath = "out"\n'
        text = lambda a, b, n: base + f'[[tcp]]\nlisten = "127.0.0.1:{a}"\ntopic = "t{n}"\n[[ws]]\nlisten = "127.0.0.1:{b}"\n' \
                                      f'[[udp]]\nlisten = "127.0.0.1:{udp}"\ntopic = "t{n}"\nsockets = {1 + n % 2}\n'
        with Reloading(text(first, second, 0)) as run:
            stopping, refused_there, sent = threading.Event(), [], [0]

            def connect():
                while not stopping.wait(0.0005):
                    for port in (first, second):
                        try:
                            socket.create_connection(("127.0.0.1", port)).close()
                        except ConnectionRefusedError:
                            refused_there.append(port)

            def send():
                while not stopping.wait(0.0002):
                    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:  # another port each time
                        out.sendto(b"udp %d" % sent[0], ("127.0.0.1", udp))
                    sent[0] += 1

            threads = [threading.Thread(target=each) for each in (connect, send)]
            for thread in threads:
                thread.start()
            for n in range(1, 11):
                run.reload(text(*((first, second) if n % 2 == 0 else (second, first)), n))
            stopping.set()
            for thread in threads:
                thread.join()
            self.assertEqual(refused_there, [])
            eventually(lambda: run.weir.total("weir_received_messages_total", listener="udp") >= sent[0], what="every datagram")
            self.assertEqual(run.weir.stop()[0], 0)
            self.assertEqual(sorted(lines_of(run.weir, "out")), sorted(f"udp {n}" for n in range(sent[0])))

    def test_what_can_not_be_had_is_tried_again(self):
        text = lambda n: BASE + f'[[file]]\npath = "out"\nfsync = "{n}s"\n'
        with Reloading(text(1)) as run:
            weir, path = run.weir, os.path.join(run.weir.folder, "out")
            os.remove(path)
            os.mkdir(path)  # opened only after the old one was told to end
            run.reload(text(2), "reloaded, but for what is said above")
            self.assertRegex("".join(weir.lines), r"reload: file out does not run: .*; it is tried again")
            self.assertEqual(weir.metrics()["weir_config_last_reload_successful"], 0)
            eventually(lambda: any("; trying again in" in line for line in list(weir.lines)), what="a try")
            send_line(weir, "unheard")
            eventually(lambda: lines_of(weir, "kept") == ["unheard"])
            os.rmdir(path)
            eventually(lambda: weir.metrics()["weir_config_last_reload_successful"] == 1, what="the file")
            send_line(weir, "heard")
            eventually(lambda: lines_of(weir, "out") == ["heard"])
            self.assertTrue(any("what was missing runs now" in line for line in weir.lines))
            # What is told meanwhile ends the trying.
            os.remove(path)
            os.mkdir(path)
            run.reload(text(3), "reloaded, but for what is said above")
            run.reload(BASE)
            self.assertEqual(weir.metrics()["weir_config_last_reload_successful"], 1)
            self.assertEqual(weir.stop()[0], 0)

    def test_steps_for_all_sinks_are_changed_where_they_are(self):
        with Reloading(BASE) as run:
            with urllib.request.urlopen(run.weir.url("/events?raw"), timeout=30) as live:
                for n, steps in enumerate(('add = ["n=1"]\n', 'drop = ["secret"]\nfilter = ["b"]\n', "")):
                    run.reload(steps + BASE + '[[file]]\npath = "own"\nadd = ["own=true"]\n')
                    send_line(run.weir, '{"type":"a","secret":1}\n{"type":"b","secret":2}')
                    eventually(lambda: run.weir.total("weir_received_messages_total") == 2 * n + 2)
                    eventually(lambda: run.weir.total("weir_pending_messages") == 0)
                wanted = ['{"type":"a","secret":1,"n":"1"}', '{"type":"b","secret":2,"n":"1"}', '{"type":"b"}',
                          '{"type":"a","secret":1}', '{"type":"b","secret":2}']
                self.assertEqual([json.loads(live.readline()) for _ in wanted], [json.loads(line) for line in wanted])
            self.assertEqual(sum("steps for all sinks are changed" in line for line in run.weir.lines), 3)
            self.assertEqual(sum("stopping" in line or "ending" in line for line in run.weir.lines), 0)
            run.weir.check_books()
            self.assertEqual(run.weir.stop()[0], 0)
            self.assertEqual(lines_of(run.weir, "kept"), wanted)
            self.assertEqual([json.loads(line) for line in lines_of(run.weir, "own")],
                             [{**json.loads(line), "own": "true"} for line in wanted])

    def test_stats_notice_the_changed_password_of_the_redis_they_borrow(self):
        port = free_port()
        text = lambda password: BASE + '[[stats]]\nlisten = "127.0.0.1:0"\n' \
            f'[[redis]]\nurl = "redis://:{password}@127.0.0.1:{port}"\nexpire = "1d"\n'
        with Reloading(text("one")) as run:
            run.reload(text("two"))
            self.assertTrue(any(re.search(r"stopping +stats", line) for line in run.weir.lines))
            before = len(run.weir.lines)
            run.reload(text("two").replace("1d", "2d"))  # which is no matter of theirs
            self.assertFalse(any("stats" in line for line in run.weir.lines[before:]))
            self.assertNotRegex("".join(run.weir.lines), ":(one|two)@")

    def test_live_clients_outlive_the_port_they_came_by(self):
        tcp, port = '[[tcp]]\nlisten = "127.0.0.1:0"\n[[file]]\npath = "out"\n', '[[http]]\nlisten = "127.0.0.1:0"\ntopic = "%s"\n'
        with Reloading(port % "a" + port % "b" + tcp) as run:
            with urllib.request.urlopen(run.weir.url("/events?raw"), timeout=30) as first:
                run.reload(port % "b" + tcp)
                send_line(run.weir, "one")
                self.assertEqual(first.readline(), b"one\n")
                run.reload(tcp)
                self.assertEqual(first.read(), b"")
            self.assertEqual(run.weir.stop()[0], 0)

    def dead_post(self, drain):
        return f'drain-timeout = "{drain}"\n' + BASE + f'[[post]]\nurl = "http://127.0.0.1:{free_port()}/"\n'

    def test_what_is_taken_away_and_can_not_drain_is_counted_as_lost(self):
        with Reloading(self.dead_post("300ms")) as run:
            send_line(run.weir, "one\ntwo")
            eventually(lambda: run.weir.total("weir_published_messages_total") == 2)
            run.reload('drain-timeout = "300ms"\n' + BASE)
            self.assertEqual(run.weir.total("weir_lost_messages_total", sink="post", reason="shutdown"), 2)
            send_line(run.weir, "three")
            eventually(lambda: run.weir.total("weir_delivered_messages_total", sink="file") == 3)
            status, books = run.weir.stop()
            self.assertEqual(status, 3)
            self.assertEqual([numbers["lost"] for (sink, _), numbers in books.items() if sink == "post"], [2])

    def test_a_second_signal_while_something_drains(self):
        with Reloading(self.dead_post("1h")) as run:
            send_line(run.weir, "one")
            eventually(lambda: run.weir.total("weir_published_messages_total") == 1)
            write(run.path, 'drain-timeout = "1h"\n' + BASE)
            run.weir.process.send_signal(signal.SIGHUP)
            eventually(lambda: any(re.search(r"reload: ending +post", line) for line in list(run.weir.lines)))
            self.assertEqual(run.weir.stop()[0], 3)

    def test_a_secret_that_was_changed_is_taken(self):
        token = scratch("old", "token")
        text = f'[[http]]\nlisten = "unix:{token}.sock"\n[[ws]]\nlisten = "127.0.0.1:0"\ntoken = "file:{token}"\n[[file]]\npath = "out"\n'
        with Reloading(text) as run:
            run.reload(text)
            self.assertFalse(any("stopping" in line for line in run.weir.lines))
            write(token, "new")
            run.reload(text)
            self.assertTrue(any(re.search(r"stopping +ws", line) for line in run.weir.lines))

    def test_what_takes_a_new_start_is_said(self):
        with Reloading(BASE) as run:
            run.reload("threads = 7\ndrain-timeout = 1\n" + BASE)
            text = "".join(run.weir.lines)
            self.assertIn("threads is changed, which takes a new start of weir", text)
            self.assertRegex(text, r"drain-timeout is changed\n")
            self.assertNotIn("history", text)
            run.reload(BASE.replace("[[http]]", "[[http]]\nhistory = '1MiB'"))
            self.assertIn("history is changed, which takes a new start of weir", "".join(run.weir.lines))

    def test_weir_reload(self):
        pid = os.path.join(tempfile.mkdtemp(prefix="weir-config-"), "pid")
        text = f'pid-file = "{pid}"\n' + BASE
        with Reloading(text) as run:
            with open(pid) as file:
                self.assertEqual(int(file.read()), run.weir.process.pid)
            for words in (("--pid-file", pid), (str(run.weir.process.pid),)):
                before = len(run.weir.lines)
                output("reload", *words)
                eventually(lambda: any("reloaded" in line for line in run.weir.lines[before:]))
            code, text = refused("--udp", "127.0.0.1:0", "--pid-file", pid)
            self.assertEqual((code, text), (1, f"weir: the pid file '{pid}' is that of the weir {run.weir.process.pid}, which runs\n"))
            with open(pid) as file:
                self.assertEqual(int(file.read()), run.weir.process.pid)
            self.assertEqual(run.weir.stop()[0], 0)
        self.assertFalse(os.path.exists(pid))
        for words, code in ((("--pid-file", pid), 1), ((str(os.getpid()),), 1), (("x",), 1), ((), 2)):
            self.assertEqual(refused("reload", *words)[0], code, words)


class Pages(unittest.TestCase):
    def complete(self, line):
        script = f"source <({PROGRAM} completion bash)\nCOMP_LINE={line!r}; COMP_POINT=${{#COMP_LINE}}; _weir; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=20).stdout.split()

    def test_bash_completes(self):
        self.assertIn("reload", self.complete("weir re"))
        self.assertEqual(self.complete("weir --ud"), ["--udp"])
        self.assertEqual(self.complete("weir run --http :80,hist"), ["80,history="])
        self.assertEqual(self.complete("weir --file a,rotate=1MiB,kee"), ["1MiB,keep="])
        self.assertEqual(self.complete("weir tail --no-re"), ["--no-reconnect"])
        self.assertEqual(self.complete("weir completion f"), ["fish"])
        self.assertEqual(self.complete("weir --when-full drop-n"), ["drop-newest"])
        self.assertEqual(self.complete("weir --threads "), [])
        self.assertEqual(self.complete("weir bench live --cl"), ["--clients"])

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not here")
    def test_zsh_completes(self):
        folder = os.path.dirname(scratch(output("completion", "zsh"), "_weir"))
        # In a terminal, with a weir that says what it was given; each read waits until it is there.
        script = f"""
            zmodload zsh/zpty; zpty shell zsh -f -i
            zpty -w shell 'weir() {{ print "given:$*:" }}; fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; print RE""ADY'
            zpty -r shell shown '*READY*'
            for line whole in "$@"; do
                zpty -w shell "$line"$'\t'
                zpty -r shell shown "*given:$whole:*" || exit 1
            done
        """
        lines = {"weir re": "reload", "weir --ud": "--udp", "weir check --udp :1 --ud": "check --udp :1 --udp",
                 "weir run --http :80,hist": "run --http :80,history=", "weir --when-full drop-n": "--when-full drop-newest",
                 "weir --filter a --filt": "--filter a --filter", "weir bench live --cl": "bench live --clients",
                 "weir tail --no-re": "tail --no-reconnect"}
        subprocess.run(["zsh", "-f", "-c", script, "zsh", *(word for pair in lines.items() for word in pair)],
                       check=True, timeout=60, capture_output=True)

    def test_other_shells_and_groff_take_what_is_printed(self):
        for words, reader in ((("completion", "zsh"), ["zsh", "-n"]), (("completion", "fish"), ["fish", "--no-execute"]),
                              (("completion", "bash"), ["bash", "-n"]), (("man",), ["groff", "-man", "-Tutf8", "-ww", "-z"])):
            if not shutil.which(reader[0]):
                continue
            done = subprocess.run([*reader, scratch(output(*words))], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)

    @unittest.skipUnless(shutil.which("fish"), "fish is not here")
    def test_fish_completes(self):
        def complete(line):
            script = f"{PROGRAM} completion fish | source; complete -C '{line}'"
            out = subprocess.run(["fish", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout
            return [each.split("\t")[0] for each in out.splitlines()]
        self.assertIn("--udp", complete("weir --ud"))
        self.assertIn(":80,history=", complete("weir --http :80,hist"))
        self.assertIn("tail", complete("weir ta"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
