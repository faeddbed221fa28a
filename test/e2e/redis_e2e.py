"""Counting in a real Redis: killed in the middle, cut off in the middle of a transaction; redis-cli and the JSON API
show the sums. redis-server is redis-check-rdb of the package redis-tools, called by its other name."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

from weir import Weir, eventually, refused


class Redis:
    """A Redis at a unix socket in a folder of its own, which keeps what it has acknowledged."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="weir-redis-")
        self.path = os.path.join(self.folder, "redis.sock")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--dir", self.folder, "--save", "",
             "--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning"],
            executable=shutil.which("redis-check-rdb"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(lambda: self.cli("ping", check=False) == "PONG", what="Redis")

    def cli(self, *words, check=True):
        done = subprocess.run(["redis-cli", "-s", self.path, *words], capture_output=True, text=True, timeout=20)
        if check:
            assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Proxy:
    """Between weir and Redis. What `on_commands(proxy, bytes, number)` returns for a connection's commands decides:
    "pass", "cut" (before Redis sees them), "deaf" (Redis gets them, weir no answer: cut then), "hold" (kept back)."""

    def __init__(self, redis, on_commands):
        self.redis, self.on_commands = redis, on_commands
        self.connections = 0
        self.held = []  # (number, socket to Redis, commands)
        self.heard = {}  # what Redis answered, by number
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client, self.connections), daemon=True).start()

    def _serve(self, client, number):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.redis.path)
        except OSError:
            client.close()
            return
        deaf, held = threading.Event(), threading.Event()
        threading.Thread(target=self._answers, args=(server, client, number, deaf, held), daemon=True).start()
        try:
            while data := client.recv(1 << 20):
                what = self.on_commands(data, number)
                if what == "cut":
                    break
                if what == "hold":
                    held.set()
                    self.held.append((number, server, data))
                    while client.recv(1 << 20):
                        pass
                    return  # the way to Redis stays open
                if what == "deaf":
                    deaf.set()
                server.sendall(data)
        except OSError:
            pass
        client.close()
        if not deaf.is_set():
            server.close()

    def _answers(self, server, client, number, deaf, held):
        try:
            while data := server.recv(1 << 20):
                if deaf.is_set():
                    break
                self.heard[number] = self.heard.get(number, b"") + data
                if not held.is_set():
                    client.sendall(data)
        except OSError:
            pass
        try:
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def release(self):
        """What was held reaches Redis at last; what it answered to it, up to the last command's +OK."""
        (number, server, data), = self.held
        before = len(self.heard[number])
        server.sendall(data)

        def answer():
            got = self.heard[number][before:]
            return got if got.endswith(b"+OK\r\n") and got.count(b"+QUEUED") == data.count(b"HINCRBY") + 1 else None
        return eventually(answer, what="Redis's answer")

    def end(self):
        self.listener.close()


def event(account="acme", kind="pageview", **data):
    return json.dumps({"type": kind, "time": "2013-02-01T09:05:07Z", "data": {"account": account, **data}}) + "\n"


class Counting(unittest.TestCase):
    def setUp(self):
        self.redis = Redis()
        self.weirs = []
        self.proxies = []

    def tearDown(self):
        for weir in self.weirs:
            weir.__exit__()
        for proxy in self.proxies:
            proxy.end()
        self.redis.end()

    def weir(self, url, *flags, options=""):
        weir = Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--redis", url + options, *flags)
        self.weirs.append(weir)
        return weir

    def proxied(self, on_commands):
        self.proxies.append(Proxy(self.redis, on_commands))
        return self.proxies[-1], f"redis://127.0.0.1:{self.proxies[-1].port}"

    def send(self, weir, *events):
        with socket.create_connection(weir.bound["tcp"]) as out:
            out.sendall("".join(events).encode())

    def delivered(self, weir, count):
        eventually(lambda: weir.total("weir_delivered_messages_total", sink="redis") >= count, what=f"{count} counted")

    def ends_well(self, weir, count):
        status, books = weir.stop()
        self.assertEqual(status, 0, weir.lines)
        book = next(numbers for (sink, _), numbers in books.items() if sink == "redis")
        self.assertEqual(book, {"published": count, "delivered": count, "filtered": 0, "lost": 0, "pending": 0})

    def total(self, key="track:acme:pageview:2013", field="2"):
        return int(self.redis.cli("hget", key, field) or 0)

    def test_killed_again_and_again_it_counts_exactly(self):
        weir = self.weir("unix:" + self.redis.path)
        with socket.create_connection(weir.bound["tcp"]) as out:
            for _ in range(5):
                for n in range(2000):
                    out.sendall((event() + event("other", "order", status="paid", unq="1")).encode())
                    if n == 1000:
                        self.redis.kill()
                        self.redis.start()
        self.delivered(weir, 20_000)
        self.assertEqual(self.total(), 10_000)
        self.assertEqual(self.total("track:acme:pageview:2013:2:1", "9"), 10_000)
        self.assertEqual(self.total("track:all:pageview:2013"), 10_000)
        self.assertEqual(self.total("track:other:unique:2013"), 10_000)
        self.assertEqual(self.total("funnels:all:order:2013:2", "paid"), 10_000)
        weir.check_books()
        self.ends_well(weir, 20_000)

    def cut_once(self, how):
        """One transaction is treated so; the events before, within and after it are counted once."""
        cuts = []

        def on_commands(data, _):
            if b"HINCRBY" in data and not cuts:
                cuts.append(how)
                return how
            return "pass"
        proxy, url = self.proxied(on_commands)
        weir = self.weir(url, options=",timeout=500ms")
        self.send(weir, event(), event())
        self.delivered(weir, 2)
        self.assertEqual(cuts, [how])
        self.assertEqual(self.total(), 2)
        self.send(weir, event())
        self.delivered(weir, 3)
        self.assertEqual(self.total(), 3)
        return weir, proxy

    def test_a_transaction_that_redis_never_saw_is_sent_again(self):
        weir, _ = self.cut_once("cut")
        self.ends_well(weir, 3)

    def test_a_transaction_whose_answer_was_lost_is_not_sent_again(self):
        weir, _ = self.cut_once("deaf")
        self.ends_well(weir, 3)

    def test_a_transaction_that_comes_late_is_aborted_by_redis(self):
        weir, proxy = self.cut_once("hold")
        self.assertIn(b"*-1\r\n", proxy.release())
        self.assertEqual(self.total(), 3)
        self.ends_well(weir, 3)

    def test_what_a_filter_leaves_out_is_not_counted(self):
        weir = self.weir("unix:" + self.redis.path, options=",filter=page*,prefix=,key-separator=/,padded")
        self.send(weir, event(), event(kind="order", status="paid"), event(kind="pageload"))
        self.delivered(weir, 2)
        self.assertEqual(self.total("acme/pageview/2013/02", "01"), 1)
        self.assertEqual(self.total("acme/pageload/2013", "02"), 1)
        self.assertNotIn("order", self.redis.cli("--scan"))
        _, books = weir.stop()
        self.assertEqual([b for (sink, _), b in books.items() if sink == "redis"],
                         [{"published": 3, "delivered": 2, "filtered": 1, "lost": 0, "pending": 0}])

    def test_while_redis_is_away_everything_waits(self):
        self.redis.kill()
        weir = self.weir("unix:" + self.redis.path)
        self.send(weir, *[event(str(n % 10)) for n in range(1000)])
        eventually(lambda: weir.total("weir_pending_messages", sink="redis") == 1000, what="all of them wait")
        weir.check_books()
        self.redis.start()
        self.delivered(weir, 1000)
        self.assertEqual(self.total("track:7:pageview:2013"), 100)
        self.ends_well(weir, 1000)

    def test_a_redis_that_never_comes_is_said_in_the_books(self):
        self.redis.kill()
        weir = self.weir("unix:" + self.redis.path, "--drain-timeout", "200ms")
        self.send(weir, event(), event())
        eventually(lambda: weir.total("weir_pending_messages", sink="redis") == 2, what="both wait")
        status, books = weir.stop()
        self.assertEqual(status, 3, weir.lines)
        self.assertEqual([b for (sink, _), b in books.items() if sink == "redis"],
                         [{"published": 2, "delivered": 0, "filtered": 0, "lost": 2, "pending": 0}])

    def ask(self, weir, path, **headers):
        """(status, headers, body) of the JSON API."""
        request = urllib.request.Request(weir.url(path, "stats"), headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read().decode()

    def test_the_json_api_shows_the_sums(self):
        weir = self.weir("unix:" + self.redis.path, "--stats", "127.0.0.1:0")
        self.send(weir, event(), event(), event("a*b/c:d"), event(kind="order", status="paid"), event("a1b"))
        self.delivered(weir, 5)
        host = "%s:%d" % weir.bound["stats"]

        def shown(path):
            status, headers, body = self.ask(weir, "/stats" + path)
            self.assertEqual((status, headers["Content-Type"]), (200, "application/json"), body)
            return json.loads(body)
        self.assertEqual(shown("/track/acme/pageview/2013/2"),
                         {"type": "track", "account": "acme", "event": "pageview", "year": "2013", "month": "2",
                          "day": "", "links": [f"http://{host}/stats/track/acme/pageview/2013/2/1"], "data": {"1": 2}})
        self.assertEqual(shown("/track/acme/pageview/2013/2/1")["data"], {"9": 2})
        self.assertEqual(shown("/track/all/pageview/2013")["data"], {"2": 4})
        self.assertEqual(shown("/funnels/acme/order/2013")["data"], {"paid": 1})
        self.assertEqual(shown("/track/nobody/nothing/2013"),
                         {"type": "track", "account": "nobody", "event": "nothing", "year": "2013", "month": "",
                          "day": "", "links": [], "data": {}})
        self.assertEqual(shown("/track")["names"], ["a*b/c:d", "a1b", "acme", "all"])
        self.assertEqual(shown("/funnels")["names"], ["acme", "all"])
        self.assertEqual(shown("/track/acme")["names"], ["order", "pageview"])
        self.assertEqual(shown("/track/acme/pageview")["links"],
                         [f"http://{host}/stats/track/acme/pageview/2013"])
        # Names are no patterns; and every link leads on.
        self.assertEqual(shown("/track/a*b%2Fc%3Ad")["names"], ["pageview"])
        self.assertEqual(shown("/track/a%3Fb")["names"], [])
        self.assertEqual(shown("/track/*")["names"], [])
        for link in shown("/track")["links"]:
            with urllib.request.urlopen(link, timeout=20) as answer:
                self.assertTrue(json.loads(answer.read())["links"])

    def test_jsonp_tokens_hosts_and_redis_away(self):
        weir = self.weir("unix:" + self.redis.path, "--stats", "127.0.0.1:0,token=s3cret,path-prefix=/counts")
        self.send(weir, event())
        self.delivered(weir, 1)
        path = "/counts/track/acme/pageview/2013"
        self.assertEqual(self.ask(weir, path)[0], 401)
        status, headers, body = self.ask(weir, path + "?access_token=s3cret&callback=cb_1.$x")
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Type"].startswith("text/javascript"))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(json.loads(re.fullmatch(r"/\*\*/cb_1\.\$x\((.*)\);\n", body)[1])["data"], {"2": 1})
        bearer = {"Authorization": "Bearer s3cret"}
        self.assertEqual(self.ask(weir, path + "?callback=alert(1)", **bearer)[0], 400)
        self.assertEqual(self.ask(weir, path, Host="a b", **bearer)[0], 400)
        self.assertEqual(self.ask(weir, "/stats/track", **bearer)[0], 404)
        self.assertEqual(self.ask(weir, "/counts/nothing", **bearer)[0], 404)
        self.redis.kill()
        status, _, body = self.ask(weir, path, **bearer)
        self.assertEqual(status, 503)
        self.assertIn("error", json.loads(body))
        self.redis.start()
        self.assertEqual(self.ask(weir, path, **bearer)[0], 200)

    def test_a_redis_that_hangs_ends_no_stop(self):
        weir = self.weir("unix:" + self.redis.path, "--stats", "127.0.0.1:0,timeout=1m", "--drain-timeout", "300ms")
        self.redis.process.send_signal(signal.SIGSTOP)
        try:
            def ask():
                with contextlib.suppress(OSError):  # it may be cut off
                    self.ask(weir, "/stats/track")
            asker = threading.Thread(target=ask)
            asker.start()
            eventually(lambda: weir.total("weir_connections", listener="stats") == 1, what="the question")
            status, _ = weir.stop()
            asker.join(20)
        finally:
            self.redis.process.send_signal(signal.SIGCONT)
        self.assertEqual(status, 0, weir.lines)

    def test_wrong_flags_are_said(self):
        for flags, word in ((("--redis", "http://h"), "redis://"), (("--redis", "redis://u:s3cret@h:0"), "port"),
                            (("--stats", ":0"), "--redis"), (("--stats", ":0,redis=redis://h,path-prefix=x"), "prefix"),
                            (("--redis", "redis://h,expire=1ms"), "expire")):
            status, said = refused(*flags)
            self.assertEqual(status, 2, said)
            self.assertIn(word, said)
            self.assertNotIn("s3cret", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
