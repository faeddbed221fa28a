"""What each kind of sink says of its deliveries: how many, how long they took, how many together, and their spans."""
import json
import shutil
import subprocess
import tempfile
import unittest

from servers import HttpServer
from weir import Weir, eventually

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EVENTS = b'{"type":"view","data":{"account":"a"}}\n{"type":"view","data":{"account":"b"}}\nplain\n'


class Deliveries(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weir-deliveries-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.socket = f"{self.folder}/redis.sock"

    def start_redis(self):
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.folder, "--save", "",
             "--loglevel", "warning"], executable=shutil.which("redis-check-rdb"), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (process.kill(), process.wait()))

    def test_every_sink_counts_times_and_traces(self):
        def once_busy(request, number):
            request.reply(503 if number == 0 else 204)
        with HttpServer(lambda request, _: request.reply(202)) as collector, HttpServer(once_busy) as target:
            weir = Weir("--http", "127.0.0.1:0", "--file", "out", "--post", target.url("/in?secret") + ",name=away",
                        "--zmq", "127.0.0.1:0,name=subscribers", "--redis", "unix:" + self.socket,
                        "--broadcast", "127.0.0.1:0,name=screens", "--sse", "127.0.0.1:0",
                        "--trace", f"zipkin:{collector.url()},sample=0")
            with weir:
                subprocess.run(["curl", "-sf", "-H", f"traceparent: 00-{TRACE}-00f067aa0ba902b7-01", "-H",
                                "Content-Type: application/x-ndjson", "--data-binary", "@-", weir.url()],
                               input=EVENTS, check=True, timeout=30)
                eventually(lambda: weir.total("weir_retries_total", sink="redis") > 0, what="a Redis that is away")
                self.start_redis()
                eventually(lambda: weir.total("weir_pending_messages") == 0, what="all deliveries")
                metrics = weir.metrics()
                sinks = [key[key.index("{"):] for key in metrics if key.startswith("weir_delivered_messages_total")]
                host, port = weir.bound["sse"]
                self.assertEqual(set(sinks), {
                    '{sink="file",target="out"}', '{sink="post",target="away"}',
                    '{sink="zmq",target="subscribers"}', f'{{sink="redis",target="redis+unix://{self.socket}"}}',
                    '{sink="broadcast",target="screens"}', f'{{sink="sse",target="{host}:{port}"}}',
                    '{sink="broadcast",target="/live"}'})
                for of in sinks:
                    with self.subTest(of):
                        self.assertEqual(metrics["weir_delivered_messages_total" + of], 3)
                        self.assertEqual(metrics["weir_delivery_seconds_count" + of], 3)
                        self.assertGreater(metrics["weir_delivery_seconds_sum" + of], 0)
                        self.assertEqual(metrics["weir_delivery_messages_sum" + of], 3)
                        self.assertGreaterEqual(metrics["weir_delivery_messages_count" + of], 1)
                        again = metrics["weir_retries_total" + of]
                        self.assertEqual(again > 0, "redis" in of or "post" in of, again)
                self.assertEqual(weir.stop()[0], 0)
            spans = [span for _, _, _, body in collector.requests for span in json.loads(body)]
        for name in ("file", "post", "zmq", "redis", "sse", "broadcast", "broadcast"):
            for step in ("queue", "deliver"):
                found = next((span for span in spans if span["name"] == f"{step} {name}"), None)
                self.assertIsNotNone(found, f"{step} {name}")
                self.assertEqual(found["traceId"], TRACE)
                self.assertNotIn("error", found["tags"])
                spans.remove(found)
        self.assertEqual([span["name"] for span in spans], ["accept http"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
