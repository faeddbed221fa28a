"""--scrape against a real Prometheus, weir itself, and pages that prometheus_client reads as well."""
import gzip
import json
import math
import os
import shutil
import socket
import subprocess
import tempfile
import unittest
import urllib.request

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, Summary
from prometheus_client.exposition import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from servers import Certificate, HttpServer
from weir import PROGRAM, Weir, eventually, refused

TYPES = {"counter", "gauge", "histogram", "summary", "gaugehistogram", "stateset", "info", "unknown"}

# Every corner of the older format that prometheus_client reads, too.
CORNERS = r"""# HELP requests_total All \\ of them,\nin "two" lines.
# TYPE requests_total counter
requests_total{method="post",code="200"} 1027 1395066363000
requests_total{method="post",code="400"}    3 1395066363001
# A comment, and an empty line:

odd{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\"",brace="}{,=# ",grün="no"} 1
odd{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\"",brace="}{,=# ",empty="",text="grün 😀",} 1.458255915e9
minimal 12.47
weird{problem="division by zero"} +Inf -3982045
minus -Inf
nothing NaN
small 5e-324
large 1.7976931348623157e+308
negative -0.1
whole 9007199254740992
# TYPE duration_seconds histogram
duration_seconds_bucket{le="0.05"} 24054
duration_seconds_bucket{le="+Inf"} 144320
duration_seconds_sum 53423
duration_seconds_count 144320
# TYPE rpc_seconds summary
rpc_seconds{quantile="0.01"} 3102
rpc_seconds_sum 1.7560473e+07
rpc_seconds_count 2693
"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def number(value):
    return {"NaN": math.nan, "+Inf": math.inf, "-Inf": -math.inf}[value] if isinstance(value, str) else float(value)


def key(name, labels, value, timestamp):
    """NaN is not itself, so values are compared as text."""
    return name, tuple(sorted(labels.items())), repr(float(value)), timestamp


def of_event(event):
    return [key(m["name"], m["labels"], number(m["value"]), m.get("timestamp")) for m in event["metrics"]]


def of_client(families):
    """What prometheus_client makes of a page; its timestamps are seconds, too."""
    return [key(s.name, s.labels, s.value, float(s.timestamp) if s.timestamp is not None else None)
            for family in families for s in family.samples]


class Prometheus:
    """A real one, that scrapes itself and nothing else."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="weir-prometheus-")
        self.port = free_port()
        with open(os.path.join(self.folder, "prometheus.yml"), "w", encoding="utf-8") as config:
            config.write("global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: itself\n"
                         f"  static_configs: [{{targets: ['127.0.0.1:{self.port}']}}]\n")
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}"], stdout=self.log, stderr=subprocess.STDOUT)
        eventually(lambda: self.ready() or self.process.poll() is not None, what="Prometheus")
        assert self.process.poll() is None, open(self.log.name, encoding="utf-8").read()

    def ready(self):
        try:
            return self.get("/-/ready")
        except OSError:
            return None

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path, **headers):
        with urllib.request.urlopen(urllib.request.Request(self.url(path), headers=headers), timeout=10) as answer:
            return answer.read().decode()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Scrape(unittest.TestCase):
    def setUp(self):
        self.open = []

    def tearDown(self):
        for each in reversed(self.open):
            each.__exit__() if hasattr(each, "__exit__") else each.remove()

    def keep(self, thing):
        self.open.append(thing)
        return thing

    def serve(self, page, content_type="text/plain; version=0.0.4", certificate=None, **headers):
        def answer(request, _):
            request.reply(200, page if isinstance(page, bytes) else page.encode(), Content_Type=content_type, **headers)
        server = HttpServer(answer, certificate)
        self.open.append(server)
        return server

    def weir(self, *flags):
        return self.keep(Weir("--http", "127.0.0.1:0", "--file", "out", *flags))

    def lines(self, weir):
        path = os.path.join(weir.folder, "out")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def events(self, weir, count=1):
        eventually(lambda: len(self.lines(weir)) >= count, what=f"{count} events")
        return [json.loads(line) for line in self.lines(weir)]

    def ends_well(self, weir):
        weir.check_books()
        status, books = weir.stop()
        self.assertEqual(status, 0, weir.lines)
        for numbers in books.values():
            self.assertEqual((numbers["lost"], numbers["pending"]), (0, 0))

    def test_every_corner_of_a_page_is_what_prometheus_client_reads(self):
        page = "\n".join(line for line in CORNERS.split("\n") if "grün=" not in line)
        server = self.serve(CORNERS)
        weir = self.weir("--scrape", server.url("/metrics") + ",every=1h")
        event, = self.events(weir)
        expected = of_client(parse_text(page))
        self.assertEqual(sorted(of_event(event), key=repr), sorted(expected, key=repr))
        self.assertEqual(len(expected), 18)
        self.assertEqual((event["up"], event["samples"], event["parse_errors"]), (1, 18, 1))
        self.assertEqual(event["parse_error"], "line 7: a label without '='")
        self.assertEqual(event["target"], server.url("/metrics"))
        types = {m["name"]: m["type"] for m in event["metrics"]}
        self.assertEqual([types[name] for name in ("requests_total", "duration_seconds_bucket", "rpc_seconds",
                                                   "rpc_seconds_count", "minimal")],
                         ["counter", "histogram", "summary", "summary", "unknown"])
        self.ends_well(weir)

    def test_what_prometheus_client_writes_in_both_formats(self):
        registry = CollectorRegistry()
        counter = Counter("jobs", "Jobs\nand \\ more", ["kind"], registry=registry)
        for kind in ("a", 'quoted "b"', "line\nend", "back\\slash", "grün"):
            counter.labels(kind).inc(1.25)
        counter.labels("a").inc(1, {"trace_id": "abc"})
        Gauge("level", "Level", registry=registry).set(-2.5e-7)
        latency = Histogram("latency_seconds", "Latency", ["path"], registry=registry)
        for value in (0.001, 0.3, 99):
            latency.labels("/").observe(value, {"trace_id": "x y"})
        Summary("size_bytes", "Size", registry=registry).observe(1e300)
        Info("build", "Build", registry=registry).info({"version": "1.2", "commit": "abc"})
        pages = ((generate_latest(registry), "text/plain; version=0.0.4; charset=utf-8", parse_text),
                 (generate_openmetrics(registry), "application/openmetrics-text; version=1.0.0; charset=utf-8",
                  parse_openmetrics))
        for page, content_type, parse in pages:
            with self.subTest(content_type):
                weir = self.weir("--scrape", self.serve(page, content_type).url() + ",every=1h")
                event, = self.events(weir)
                self.assertNotIn("parse_errors", event)
                self.assertEqual(sorted(of_event(event), key=repr),
                                 sorted(of_client(parse(page.decode())), key=repr))
                types = {m["name"]: m["type"] for m in event["metrics"]}
                self.assertEqual(types["jobs_total"], "counter")
                self.assertEqual(types["latency_seconds_bucket"], "histogram")
                self.assertLessEqual(set(types.values()), TYPES)
                self.ends_well(weir)

    def test_a_real_prometheus(self):
        prometheus = self.keep(Prometheus())
        weir = self.weir("--scrape", prometheus.url("/metrics") + ",every=200ms")
        first = self.events(weir, 3)[0]
        self.assertEqual((first["up"], first.get("parse_errors")), (1, None))
        own = prometheus.get("/metrics", Accept="text/plain")
        families = {family.name: family for family in parse_text(own)}
        names = {sample.name for family in families.values() for sample in family.samples}
        self.assertGreater(len(names), 100)
        steady = {name for name in names if name.startswith(("go_", "prometheus_build", "prometheus_tsdb_"))}
        self.assertGreaterEqual({m["name"] for m in self.events(weir)[-1]["metrics"]}, steady)
        # What never changes has the very same value and labels.
        got = of_event(first)
        for sample in families["prometheus_build_info"].samples + families["go_info"].samples:
            self.assertIn(key(sample.name, sample.labels, sample.value, None), got)
        types = {m["name"]: m["type"] for m in first["metrics"]}
        for family in families.values():
            for sample in family.samples:
                if sample.name in types:
                    self.assertEqual(types[sample.name], family.type, sample.name)
        # It goes down, which is an event, and comes no more.
        prometheus.stop()
        eventually(lambda: json.loads(self.lines(weir)[-1])["up"] == 0, what="down")
        self.assertIn("refused", json.loads(self.lines(weir)[-1])["error"])
        target = f'{{target="{prometheus.url("/metrics")}"}}'
        metrics = weir.metrics()
        self.assertEqual(metrics["weir_scrape_up" + target], 0)
        self.assertGreaterEqual(metrics["weir_scrape_failures_total" + target], 1)
        self.ends_well(weir)

    def test_weir_scrapes_weir_and_promtool_likes_both(self):
        first = self.weir()
        second = self.weir("--scrape", first.url("/metrics") + ",every=50ms,metrics=weir_published*|weir_delivered_*"
                                       "|!*_bytes_total,topic=watch", "--file", "watched,filter=watch")
        urllib.request.urlopen(urllib.request.Request(first.url("/"), data=b"x"), timeout=10).close()

        def published(event):
            return [m["value"] for m in event["metrics"] if m["name"] == "weir_published_messages_total"]
        eventually(lambda: published(self.events(second)[-1]) == [1], what="the message in a scrape")
        event = self.events(second)[-1]
        self.assertEqual({m["name"] for m in event["metrics"]},
                         {"weir_published_messages_total", "weir_delivered_messages_total"})
        self.assertGreater(event["samples"], len(event["metrics"]))
        self.assertTrue(all(m["type"] == "counter" for m in event["metrics"]))
        with open(os.path.join(second.folder, "watched"), encoding="utf-8") as file:
            self.assertGreater(len(file.readlines()), 0)
        checked = subprocess.run(["promtool", "check", "metrics"], input=second.get("/metrics"), text=True,
                                 capture_output=True, timeout=60)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        self.ends_well(second)
        self.ends_well(first)

    def test_lines_are_a_page_again(self):
        server = self.serve(CORNERS)
        weir = self.weir("--scrape", server.url("/m") + ",every=1h,format=lines")
        eventually(lambda: len(self.lines(weir)) == 19, what="the lines")
        up, *rest = self.lines(weir)
        self.assertEqual(up, f'up{{target="{server.url("/m")}"}} 1')
        page = "\n".join(line for line in CORNERS.split("\n") if "grün=" not in line)
        self.assertEqual(sorted(of_client(parse_text("\n".join(rest) + "\n")), key=repr),
                         sorted(of_client(parse_text(page)), key=repr))
        self.ends_well(weir)

    def test_gzip_tls_and_secrets(self):
        certificate = Certificate()
        page = gzip.compress(CORNERS.encode())
        server = self.serve(page, certificate=certificate, Content_Encoding="gzip")
        url = server.url("/m?key=s3cret1", host="localhost")
        flags = (f"{url.replace('//', '//user:s3cret2@')},every=1h,ca-file={certificate.file}",
                 f"{url},every=1h,insecure,token=s3cret3",
                 f"{url},every=1h,user=me,password=s3cret4,ca-file={certificate.file}")
        weir = self.weir(*(word for flag in flags for word in ("--scrape", flag)))
        for event in self.events(weir, 3):
            self.assertEqual((event["up"], event["samples"]), (1, 18))
        sent = sorted(headers["Authorization"] for _, _, headers, _ in server.requests)
        self.assertEqual(sent, ["Basic bWU6czNjcmV0NA==", "Basic dXNlcjpzM2NyZXQy", "Bearer s3cret3"])
        self.assertEqual({path for _, path, _, _ in server.requests}, {"/m?key=s3cret1"})
        checked = subprocess.run([PROGRAM, "--check", *(w for flag in flags for w in ("--scrape", flag))],
                                 capture_output=True, text=True, timeout=20)
        self.assertEqual(checked.returncode, 0)
        status, _ = weir.stop()
        self.assertEqual(status, 0)
        for said in (checked.stdout + checked.stderr, "".join(weir.lines), "\n".join(self.lines(weir))):
            self.assertNotIn("s3cret", said)

    def test_targets_that_differ_in_the_query_are_told_apart_by_name(self):
        server = self.serve("a 1\n")
        url = server.url("/m")
        weir = self.weir("--scrape", url + "?k=s3cret1,every=1h,name=first",
                         "--scrape", url + "?k=s3cret2,every=1h,name=second")
        self.assertEqual({event["target"] for event in self.events(weir, 2)}, {"first", "second"})
        metrics = weir.metrics()
        for name in ("first", "second"):
            self.assertEqual(metrics[f'weir_scrape_up{{target="{name}"}}'], 1)
            self.assertEqual(metrics[f'weir_received_messages_total{{listener="scrape",address="{name}"}}'], 1)
        self.ends_well(weir)
        unnamed = self.weir("--scrape", url + "?k=s3cret1,every=1h", "--scrape", url + "?k=s3cret2,every=1h")
        self.events(unnamed, 2)
        self.ends_well(unnamed)
        said = [line for line in unnamed.lines if "name=" in line]
        self.assertEqual(len(said), 1, unnamed.lines)
        self.assertIn(f"two --scrape are called {url}", said[0])
        self.assertNotIn("s3cret", "".join(unnamed.lines))
        code, said = refused("--scrape", url + "?s3cret1,name=a", "--scrape", url + "?s3cret2,name=a", "--file", "-")
        self.assertEqual(code, 2, said)
        self.assertIn("another --scrape is called a", said)
        self.assertNotIn("s3cret", said)

    def test_one_slow_target_holds_up_nobody(self):
        with socket.create_server(("127.0.0.1", 0)) as slow:  # takes connections and never answers
            port = slow.getsockname()[1]
            server = self.serve("a 1\n")
            weir = self.weir("--scrape", f"http://127.0.0.1:{port}/,every=600ms",
                             "--scrape", server.url("/") + ",every=150ms", "--scrape", "http://127.0.0.1:1/,every=150ms")
            eventually(lambda: weir.total("weir_scrape_failures_total", target=f"http://127.0.0.1:{port}/") >= 2)
            events = self.events(weir)
            by_target = {}
            for event in events:
                by_target.setdefault(event["target"], []).append(event)
            waited, answered, dead = (by_target[url] for url in
                                      (f"http://127.0.0.1:{port}/", server.url("/"), "http://127.0.0.1:1/"))
            self.assertGreater(len(answered), len(waited))
            self.assertTrue(all(e["up"] == 1 for e in answered))
            self.assertTrue(all(e["up"] == 0 and e["error"] for e in waited + dead))
            self.assertGreater(weir.total("weir_scrape_skipped_total", target=f"http://127.0.0.1:{port}/"), 0)
            self.ends_well(weir)

    def test_wrong_flags_are_named(self):
        for flag, words in (("ftp://h", "http:// or https://"), ("http://h,every=0", "option every"),
                            ("http://h,metrics=a||b", "name is missing"), ("http://u@h,token=x", "only one"),
                            ("http://h,format=xml", "json, lines"), ("http://h,evry=1s", "did you mean"),
                            ("http://h,ca-file=/x", "https"), ("http://h,every=1s,timeout=2s", "option timeout"),
                            ("http://u@h,password=x", "in the URL")):
            with self.subTest(flag):
                code, said = refused("--scrape", flag, "--file", "-")
                self.assertEqual(code, 2, said)
                self.assertIn(words, said)
        for flag in ("http://u:s3cret@h/?key=s3cret,x=1", "http://u:s3cret\\,s3cret@h,x=1", "http://h/?s3cret,x=1",
                     "http://u:s3cret,s3cret@h", "http://h/#s3cret", "http://h,token=s3cret,x=1"):
            with self.subTest(flag):
                code, said = refused("--scrape", flag, "--file", "-")
                self.assertEqual(code, 2, said)
                self.assertNotIn("s3cret", said)
        code, said = refused("--scrape", "https://h,ca-file=/nowhere/ca.pem", "--file", "-")
        self.assertEqual(code, 1, said)
        self.assertIn("/nowhere/ca.pem", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
