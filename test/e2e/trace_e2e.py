"""Traces in Zipkin's JSON, by curl and with Python's HTTP servers: what is sampled, what is dropped, what goes on."""
import json
import re
import subprocess
import unittest

from servers import HttpServer
from weir import Weir, eventually, refused

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
# What Zipkin's API (zipkin2-api.yaml) says of a span.
FORMS = {"traceId": r"[a-f0-9]{16}|[a-f0-9]{32}", "parentId": r"[a-f0-9]{16}", "id": r"[a-f0-9]{16}",
         "kind": "CLIENT|SERVER|PRODUCER|CONSUMER", "name": r"[^A-Z]+"}
MEMBERS = {*FORMS, "timestamp", "duration", "localEndpoint", "tags"}


class Traces(unittest.TestCase):
    def accept(self, status=202):
        return HttpServer(lambda handler, _: handler.reply(status))

    def post(self, weir, *fields):
        arguments = [word for field in fields for word in ("-H", field)]
        subprocess.run(["curl", "-sf", "-d", "{}", *arguments, weir.url()], check=True, timeout=30)

    def spans(self, collector):
        got = []
        for method, path, headers, body in collector.requests:
            self.assertEqual((method, path), ("POST", "/api/v2/spans"))
            self.assertEqual(headers["Content-Type"], "application/json")
            got += json.loads(body)
        for span in got:
            self.assertLessEqual(set(span), MEMBERS)
            for name, form in FORMS.items():
                if name in span:
                    self.assertRegex(span[name], rf"^({form})$")
            self.assertIs(type(span["timestamp"]), int)
            self.assertGreaterEqual(span["duration"], 1)
            self.assertTrue(all(isinstance(value, str) for value in span["tags"].values()))
            self.assertEqual(span["localEndpoint"], {"serviceName": "weir"})
        return got

    def test_every_way_to_say_the_context(self):
        for fields in ([f"traceparent: 00-{TRACE}-{SPAN}-01"], [f"b3: {TRACE}-{SPAN}-1"],
                       [f"X-B3-TraceId: {TRACE}", f"X-B3-SpanId: {SPAN}", "X-B3-Sampled: 1"]):
            with self.subTest(fields[0]), self.accept() as collector, self.accept(204) as target:
                with Weir("--http", "127.0.0.1:0", "--post", target.url("/in"),
                          "--trace", f"zipkin:{collector.url()},sample=0") as weir:
                    self.post(weir, *fields)
                    self.assertEqual(weir.stop()[0], 0)
                spans = {span["name"]: span for span in self.spans(collector)}
                # The live stream of the http port is a sink, too.
                self.assertEqual(set(spans), {"accept http", "queue post", "deliver post", "queue broadcast",
                                              "deliver broadcast"})
                self.assertEqual({span["traceId"] for span in spans.values()}, {TRACE})
                self.assertEqual(spans["accept http"]["parentId"], SPAN)
                self.assertEqual(spans["deliver post"]["parentId"], spans["accept http"]["id"])
                self.assertEqual(target.requests[0][2]["traceparent"], f"00-{TRACE}-{spans['deliver post']['id']}-01")

    def test_without_trace_a_context_goes_through_untouched(self):
        with self.accept(204) as target:
            with Weir("--http", "127.0.0.1:0", "--post", target.url("/in")) as weir:
                self.post(weir, f"traceparent: 00-{TRACE}-{SPAN}-01", "tracestate: a=1", "tracestate: b=2")
                self.assertNotIn("weir_trace", weir.get("/metrics"))
                self.assertEqual(weir.stop()[0], 0)
            self.assertEqual(target.requests[0][2]["traceparent"], f"00-{TRACE}-{SPAN}-01")
            self.assertEqual(target.requests[0][2]["tracestate"], "a=1,b=2")

    def test_what_is_sampled(self):
        with self.accept() as collector:
            with Weir("--http", "127.0.0.1:0", "--file", "out", "--trace", f"zipkin:{collector.url()},sample=1") as weir:
                self.post(weir)                                           # begins a trace
                self.post(weir, f"traceparent: 00-{TRACE}-{SPAN}-00")     # decided against
                self.post(weir, "b3: 0")                                  # likewise
                self.post(weir, f"b3: {'1' * 32}-{SPAN}")                 # left to weir
                eventually(lambda: weir.total("weir_trace_spans_sent_total") == 10, what="the spans were sent")
                self.assertEqual(weir.stop()[0], 0)
            accepted = [span for span in self.spans(collector) if span["name"] == "accept http"]
            self.assertEqual(len(accepted), 2)
            self.assertNotIn("parentId", accepted[0])
            self.assertEqual(accepted[1]["traceId"], "1" * 32)

    def test_messages_of_many_traces_in_one_request_are_linked(self):
        with self.accept() as collector, self.accept(204) as target:
            with Weir("--http", "127.0.0.1:0,live=off", "--post", target.url("/in") + ",linger=10s",
                      "--trace", f"zipkin:{collector.url()},sample=0") as weir:
                for digit in "123":
                    self.post(weir, f"traceparent: 00-{digit * 32}-{SPAN}-01")
                self.assertEqual(weir.stop()[0], 0)
            deliveries = {span["traceId"][0]: span for span in self.spans(collector) if span["name"] == "deliver post"}
            self.assertEqual(set(deliveries), set("123"))
            sent = target.requests[0][2]["traceparent"]
            self.assertEqual(len(target.requests), 1)
            self.assertEqual(sent, f"00-{'1' * 32}-{deliveries['1']['id']}-01")
            self.assertNotIn("weir.sent_under", deliveries["1"]["tags"])
            for other in "23":
                self.assertEqual(deliveries[other]["tags"]["weir.sent_under"], sent[3:-3])

    def test_a_collector_that_is_away_costs_spans_and_nothing_else(self):
        with self.accept() as collector:
            url = collector.url()
        with Weir("--http", "127.0.0.1:0,live=off", "--file", "out", "--trace", f"zipkin:{url},sample=1") as weir:
            for _ in range(20):
                self.post(weir)
            eventually(lambda: weir.total("weir_trace_spans_dropped_total") == 60, what="60 spans were dropped")
            self.assertEqual(weir.total("weir_delivered_messages_total", sink="file"), 20)
            weir.check_books()
            self.assertTrue(any(re.search(r"trace: .* spans are dropped", line) for line in weir.lines))
            self.assertEqual(weir.stop()[0], 0)

    def test_what_is_refused_at_the_start(self):
        for wrong in ("http://127.0.0.1/", "jaeger:http://127.0.0.1/", "zipkin:127.0.0.1", "otlp:http://h/,sample=2"):
            self.assertEqual(refused("--trace", wrong, "--check")[0], 2, wrong)
        self.assertEqual(refused("--trace", "otlp:http://127.0.0.1:4318", "--check")[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
