"""gRPC with a client that is not ours: Debian's python3-grpcio. Its messages come from protoc, its calls are generic."""
import importlib
import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

import grpc

from servers import HttpServer
from weir import PROGRAM, Weir, eventually

PROTO = pathlib.Path(__file__).parent / "../../proto"
STUBS = tempfile.mkdtemp(prefix="weir-proto-")
subprocess.run(["protoc", "-I", PROTO, f"--python_out={STUBS}", "weir/v1/ingest.proto"], check=True)
# Its package is called as our helper is: only the module itself is wanted.
sys.path.insert(0, STUBS + "/weir/v1")
pb = importlib.import_module("ingest_pb2")

CODE = grpc.StatusCode


class Client:
    """The three methods of the service, and two of the services beside it, as bytes."""

    def __init__(self, weir, credentials=None, options=(), target=None):
        where = weir.bound["grpc"]
        target = target or ("unix:" + where if isinstance(where, str) else "%s:%d" % where)
        options = [("grpc.enable_http_proxy", 0), *options]
        self.channel = (grpc.secure_channel(target, credentials, options) if credentials
                        else grpc.insecure_channel(target, options))
        service = "/weir.v1.Ingest/"
        self.publish = self.channel.unary_unary(service + "Publish", pb.Event.SerializeToString,
                                                pb.PublishReply.FromString)
        self.publish_stream = self.channel.stream_unary(service + "PublishStream", pb.Event.SerializeToString,
                                                        pb.Summary.FromString)
        self.publish_bytes = self.channel.stream_unary(service + "PublishStream", bytes, pb.Summary.FromString)
        self.subscribe = self.channel.unary_stream(service + "Subscribe", pb.Filter.SerializeToString,
                                                   pb.Event.FromString)
        self.health = self.channel.unary_unary("/grpc.health.v1.Health/Check", bytes, bytes)
        self.reflect = self.channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", bytes, bytes)


class Live:
    """A subscription, read by a thread of its own from the moment weir has it."""

    def __init__(self, client, **wish):
        self.events = queue.Queue()
        self.call = client.subscribe(pb.Filter(**wish))
        self.call.initial_metadata()
        self.end = None
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        try:
            for event in self.call:
                self.events.put(event)
        except grpc.RpcError as fault:
            self.end = fault.code()

    def take(self, count):
        return [self.events.get(timeout=30) for _ in range(count)]

    def cancel(self):
        self.call.cancel()
        self.thread.join()


def event(data, topic=None):
    return pb.Event(data=data, topic=topic)


class Grpc(unittest.TestCase):
    def weir(self, grpc_options="", *flags, address="127.0.0.1:0"):
        # The address sanitizer would keep what is given back, and memory is looked at here.
        quarantine = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}
        weir = Weir("--grpc", address + grpc_options, "--http", "127.0.0.1:0", "--file", "out", *flags, env=quarantine)
        self.addCleanup(weir.__exit__)
        return weir

    def client(self, *arguments, **named):
        client = Client(*arguments, **named)
        self.addCleanup(client.channel.close)
        return client

    def refused(self, code, call, *arguments, **named):
        with self.assertRaises(grpc.RpcError) as caught:
            call(*arguments, timeout=30, **named)
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception

    def written(self, weir):
        return pathlib.Path(weir.folder, "out").read_bytes().splitlines()

    def test_publish_one_and_a_stream(self):
        weir = self.weir()
        client = self.client(weir)
        client.publish(event(b'{"n":0}'))
        summary = client.publish_stream(event(b'{"n":%d}' % n) for n in range(1, 20_001))
        self.assertEqual((summary.accepted, summary.refused), (20_000, 0))
        eventually(lambda: len(self.written(weir)) == 20_001)
        self.assertEqual(self.written(weir), [b'{"n":%d}' % n for n in range(20_001)])
        self.assertEqual(weir.total("weir_received_messages_total", listener="grpc"), 20_001)
        self.assertEqual(weir.total("weir_connections", listener="grpc"), 1)
        weir.check_books()
        client.channel.close()
        eventually(lambda: weir.total("weir_connections", listener="grpc") == 0)
        status, books = weir.stop()
        self.assertEqual(status, 0)

    def test_a_stream_s_events_are_published_while_it_goes_on(self):
        weir = self.weir()
        client = self.client(weir)
        more = queue.Queue()
        call = client.publish_stream.future(iter(more.get, None))
        for n in range(1, 4):
            more.put(event(b"%d" % n))
            eventually(lambda: weir.total("weir_received_messages_total", listener="grpc") == n)
        more.put(None)
        self.assertEqual(call.result(30).accepted, 3)

    def test_what_is_refused_is_told_and_counted(self):
        weir = self.weir(",max-message=1KiB")
        client = self.client(weir)
        self.refused(CODE.INVALID_ARGUMENT, client.publish, event(b""))
        self.refused(CODE.INVALID_ARGUMENT, client.publish, event(b"1", "t" * 1025))
        self.refused(CODE.RESOURCE_EXHAUSTED, client.publish, event(b"x" * 1025))
        for far_too_long in (3 << 10, 5 << 20):  # and is not looked into
            self.refused(CODE.RESOURCE_EXHAUSTED, client.publish, event(b"x" * far_too_long))
        client.publish(event(b"x" * 1024))
        events = [event(b"1"), event(b""), event(b"x" * 1025), event(b"x" * (5 << 20)), event(b"2")]
        summary = client.publish_stream(iter(events))
        self.assertEqual((summary.accepted, summary.refused), (2, 3))
        fault = self.refused(CODE.INVALID_ARGUMENT, client.publish_bytes, iter([b"\x0a\x01y", b"\xff\xff"]))
        self.assertEqual(dict(fault.trailing_metadata())["weir-accepted"], "1")
        self.assertEqual([self.refusals(weir, why) for why in ("empty", "oversize", "bad_request")], [2, 5, 2])
        self.assertEqual(weir.total("weir_received_messages_total", listener="grpc"), 4)
        weir.check_books()

    @staticmethod
    def refusals(weir, reason):
        return weir.total("weir_refused_messages_total", listener="grpc", reason=reason)

    def test_what_was_read_of_a_stream_that_breaks_off_is_published(self):
        weir = self.weir()
        client = self.client(weir)
        for count, timeout in enumerate((None, 1), 1):
            more = queue.Queue()
            call = client.publish_stream.future(iter(more.get, None), timeout=timeout)
            more.put(event(b"%d" % count))
            eventually(lambda: weir.total("weir_received_messages_total", listener="grpc") == count)
            if timeout is None:
                call.cancel()
            with self.assertRaises((grpc.RpcError, grpc.FutureCancelledError)):
                call.result(30)
            more.put(None)
        eventually(lambda: self.written(weir) == [b"1", b"2"])
        eventually(lambda: self.counted(weir, timeout=2))
        weir.check_books()

    def test_a_call_whose_event_does_not_come_is_counted(self):
        weir = self.weir()
        client, other = self.client(weir), self.client(weir, options=[("grpc.use_local_subchannel_pool", 1)])
        # As a method that has one event gets none: the client may not send it at once.
        publish = "/weir.v1.Ingest/Publish"
        nothing = client.channel.stream_unary(publish, pb.Event.SerializeToString, pb.PublishReply.FromString)
        lost = other.channel.stream_unary(publish, pb.Event.SerializeToString, pb.PublishReply.FromString)
        never = queue.Queue()
        self.addCleanup(lambda: [never.put(None) for _ in range(3)])
        self.assertEqual(weir.total("weir_refused_messages_total", listener="grpc"), 0)

        for each in (client, other):
            each.publish(event(b"1"))  # connected: what is sent from now on weir hears in this order
        call = nothing.future(iter(never.get, None))
        client.publish(event(b"2"))
        call.cancel()
        eventually(lambda: self.counted(weir, timeout=1))
        with self.assertRaises(grpc.RpcError):
            nothing(iter(never.get, None), timeout=0.5)
        eventually(lambda: self.counted(weir, timeout=2))
        self.refused(CODE.INVALID_ARGUMENT, nothing, iter([]))
        self.assertTrue(self.counted(weir, timeout=2, bad_request=1))
        lost.future(iter(never.get, None))
        other.publish(event(b"3"))
        other.channel.close()
        eventually(lambda: self.counted(weir, timeout=3, bad_request=1))
        self.assertEqual(weir.total("weir_received_messages_total", listener="grpc"), 4)
        weir.check_books()

    def counted(self, weir, **reasons):
        return (weir.total("weir_refused_messages_total", listener="grpc") == sum(reasons.values())
                and all(self.refusals(weir, why) == count for why, count in reasons.items()))

    def test_packed_messages_are_unpacked(self):
        weir = self.weir()
        client = self.client(weir)
        for packing in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            client.publish(event(b"x" * 1000), compression=packing)
            summary = client.publish_stream((event(b"y" * 1000, "t") for _ in range(50)), compression=packing)
            self.assertEqual((summary.accepted, summary.refused), (50, 0))
        eventually(lambda: len(self.written(weir)) == 102)
        self.assertEqual(set(self.written(weir)), {b"x" * 1000, b"y" * 1000})
        live = Live(client, last=3, topics=["t"] * 30)
        self.assertEqual([e.data for e in live.take(3)], [b"y" * 1000] * 3)
        live.cancel()
        packed = client.subscribe(pb.Filter(last=2, topics=["t"] * 60), compression=grpc.Compression.Gzip)
        self.assertEqual(next(packed).data, b"y" * 1000)
        packed.cancel()
        weir.check_books()

    def test_what_unpacks_to_too_much_is_refused_and_costs_no_more(self):
        weir = self.weir()
        client = self.client(weir, options=[("grpc.max_send_message_length", -1)])
        before = self.most_memory(weir)
        for packing in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            bomb = event(b"x" * (256 << 20))
            self.refused(CODE.RESOURCE_EXHAUSTED, client.publish, bomb, compression=packing)
            summary = client.publish_stream(iter([event(b"1"), bomb, event(b"2")]), compression=packing)
            self.assertEqual((summary.accepted, summary.refused), (2, 1))
        self.assertLess(self.most_memory(weir) - before, 32 << 20)
        self.assertTrue(self.counted(weir, oversize=4))
        weir.check_books()

    def test_what_was_not_read_yet_is_bounded(self):
        weir = self.weir(",max-memory=16MiB")
        before = self.most_memory(weir)
        clients = [self.client(weir, options=[("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)])
                   for _ in range(4)]
        large = event(b"x" * (64 << 20))
        calls = [client.publish_stream.future(iter([large])) for client in clients for _ in range(4)]
        codes = [call.code() for call in calls]  # when it is over
        self.assertLessEqual(set(codes), {CODE.OK, CODE.RESOURCE_EXHAUSTED})
        self.assertGreater(codes.count(CODE.RESOURCE_EXHAUSTED), 8)
        self.assertLess(self.most_memory(weir) - before, 64 << 20)
        # An end is counted as what has broken off, and what got through as what is too long.
        eventually(lambda: self.counted(weir, timeout=codes.count(CODE.RESOURCE_EXHAUSTED),
                                        oversize=codes.count(CODE.OK)))
        self.client(weir).publish(event(b"1"))
        weir.check_books()

    def test_a_call_s_trace_goes_on(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        sampled = (("traceparent", f"00-{trace}-00f067aa0ba902b7-01"),)
        with (HttpServer(lambda handler, _: handler.reply(202)) as collector,
              HttpServer(lambda handler, _: handler.reply(204)) as target):
            weir = self.weir(",token=s3cret", "--post", target.url("/in") + ",linger=0ms", "--trace",
                             f"zipkin:{collector.url()},sample=0")
            client = self.client(weir)
            self.refused(CODE.UNAUTHENTICATED, client.publish, event(b"no"), metadata=sampled)
            self.refused(CODE.UNAUTHENTICATED, client.publish_stream, iter([event(b"no")]), metadata=sampled)
            right = (("authorization", "Bearer s3cret"),)
            client.publish(event(b"one"), metadata=sampled + right)
            eventually(lambda: target.requests, what="the first request")
            summary = client.publish_stream(iter([event(b"two"), event(b"three")]), metadata=sampled + right)
            self.assertEqual(summary.accepted, 2)
            client.publish(event(b"four"), metadata=right)  # of no trace
            self.assertEqual(weir.stop()[0], 0)
            headers = [headers for _, _, headers, _ in target.requests]
            self.assertTrue(headers[0]["traceparent"].startswith(f"00-{trace}-"), headers[0])
            spans = [span for _, _, _, body in collector.requests for span in json.loads(body)]
            accepts = [span for span in spans if span["name"] == "accept grpc"]
            self.assertEqual(len(accepts), 2, spans)
            self.assertEqual({(span["traceId"], span["parentId"]) for span in accepts}, {(trace, "00f067aa0ba902b7")})
            self.assertEqual({span["traceId"] for span in spans}, {trace})

    def test_the_token(self):
        weir = self.weir(",token=s3cret")
        client = self.client(weir)
        for metadata in ([], [("authorization", "Bearer wrong1")], [("authorization", "s3cret")],
                         [("authorization", "Basic s3cret")]):
            self.refused(CODE.UNAUTHENTICATED, client.publish, event(b"1"), metadata=metadata)
        self.refused(CODE.UNAUTHENTICATED, client.publish_stream, iter([event(b"1")]))
        self.refused(CODE.UNAUTHENTICATED, lambda **named: list(client.subscribe(pb.Filter(), **named)))
        right = [("authorization", "Bearer s3cret")]
        client.publish(event(b"1"), metadata=right)
        self.assertEqual(client.publish_stream(iter([event(b"2")]), metadata=right).accepted, 1)
        self.assertEqual(client.health(b""), b"\x08\x01")
        self.assertEqual(weir.total("weir_refused_messages_total", listener="grpc", reason="unauthorized"), 6)
        weir.check_books()
        weir.stop()
        self.assertNotIn("s3cret", "".join(weir.lines))
        self.assertNotIn("wrong1", "".join(weir.lines))

    def test_no_event_is_read_of_who_has_no_token(self):
        weir = self.weir(",token=s3cret")
        client = self.client(weir, options=[("grpc.max_send_message_length", -1)])
        self.refused(CODE.UNAUTHENTICATED, client.publish, event(b"1"))

        before = self.most_memory(weir)
        self.refused(CODE.UNAUTHENTICATED, client.publish, event(b"x" * (96 << 20)))
        self.assertLess(self.most_memory(weir) - before, 48 << 20)

    @staticmethod
    def most_memory(weir):
        status = pathlib.Path(f"/proc/{weir.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10

    def test_health_and_reflection(self):
        client = self.client(self.weir())
        serving = b"\x08\x01"
        self.assertEqual(client.health(b""), serving)
        self.assertEqual(client.health(b"\x0a\x0eweir.v1.Ingest"), serving)
        answers = client.reflect(iter([b"\x3a\x01*"]))  # list_services
        self.assertIn(b"weir.v1.Ingest", next(answers))
        answers = client.reflect(iter([b"\x22\x0eweir.v1.Ingest"]))  # file_containing_symbol
        self.assertIn(b"weir/v1/ingest.proto", next(answers))

    def test_tls(self):
        folder = tempfile.mkdtemp(prefix="weir-tls-")
        key, cert = folder + "/key.pem", folder + "/cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
        weir = self.weir(f",cert={cert},key={key}")
        trusting = grpc.ssl_channel_credentials(pathlib.Path(cert).read_bytes())
        client = self.client(weir, trusting)
        client.publish(event(b"1"))
        self.assertEqual(client.publish_stream(event(b"%d" % n) for n in range(1000)).accepted, 1000)
        self.refused(CODE.UNAVAILABLE, self.client(weir).publish, event(b"plain"))
        for options, status, words in (
                (f",cert={cert}", 2, "cert and key"), (f",cert={cert},key=/nowhere", 1, "can't read /nowhere"),
                (f",cert={cert},key={cert}", 1, "no private key"), (f",cert={key},key={key}", 1, "no certificate")):
            wrong = Weir("--grpc", "127.0.0.1:0" + options, wait=False)
            self.addCleanup(wrong.__exit__)
            self.assertEqual(wrong.process.wait(30), status)
            eventually(lambda: words in "".join(wrong.lines), what=words)

    def test_a_unix_socket_and_an_address_in_use(self):
        folder = tempfile.mkdtemp(prefix="weir-")
        weir = self.weir(address=f"unix:{folder}/grpc")
        self.client(weir).publish(event(b"1"))
        taken = Weir("--grpc", f"unix:{folder}/grpc", wait=False)
        self.addCleanup(taken.__exit__)
        self.assertEqual(taken.process.wait(30), 1)
        eventually(lambda: "address already in use" in "".join(taken.lines))
        self.client(weir).publish(event(b"2"))

    def test_block_holds_a_sender_back(self):
        weir = self.weir("", "--queue-bytes", "1MiB", "--when-full", "block", "--post",
                         "http://127.0.0.1:9/,retry-for=1h")
        client = self.client(weir)
        sent = []

        def events():
            for n in range(100_000):
                sent.append(n)
                yield event(b"x" * 1000)

        call = client.publish_stream.future(events())
        eventually(lambda: weir.total("weir_received_messages_total", listener="grpc") > 500)
        last = -1

        def stands():
            nonlocal last
            before, last = last, len(sent)
            time.sleep(0.5)
            return before == len(sent)

        eventually(stands, what="the sender's being held back")
        self.assertLess(len(sent), 20_000)
        self.assertEqual(weir.total("weir_refused_messages_total", listener="grpc"), 0)
        # One that can't be held back as long is told; its deadline comes first.
        self.assertEqual(self.deadline(client), CODE.DEADLINE_EXCEEDED)
        eventually(lambda: weir.total("weir_refused_messages_total", listener="grpc", reason="queue_full") == 1)
        weir.check_books()
        call.cancel()

    def deadline(self, client):
        try:
            client.publish(event(b"x" * 900_000), timeout=0.5)
        except grpc.RpcError as fault:
            return fault.code()
        return None

    def test_drop_newest_refuses(self):
        weir = self.weir("", "--queue-bytes", "1MiB", "--when-full", "drop-newest", "--post",
                         "http://127.0.0.1:9/,retry-for=1h")
        client = self.client(weir)
        summary = client.publish_stream(event(b"x" * 1000) for _ in range(10_000))
        self.assertEqual(summary.accepted + summary.refused, 10_000)
        self.assertGreater(summary.refused, 5000)
        full = weir.total("weir_refused_messages_total", listener="grpc", reason="queue_full")
        self.assertEqual(summary.refused, full)
        self.refused(CODE.RESOURCE_EXHAUSTED, client.publish, event(b"x" * 500_000))
        weir.check_books()

    def test_weir_bench_sends_all_of_it(self):
        weir = self.weir("", "--when-full", "block")
        url = "grpc://%s:%d" % weir.bound["grpc"]

        def bench(*words):
            done = subprocess.run([PROGRAM, "bench", url, "--json", "--verify", weir.folder + "/out", *words],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads(done.stdout)

        for words, calls in ((("--connections", "4"), 20_000), (("--pipeline", "16", "--size", "16000"), 20_000),
                             (("--connections", "3", "--threads", "2", "--batch", "100", "--pipeline", "2"), 200),
                             (("--batch", "1000", "--size", "16000"), 20), (("--rate", "40k", "--size", "18"), 20_000)):
            got = bench("--count", "20000", *words)
            self.assertEqual((got["sent"], got["errors"], got["answers"]), (20_000, 0, {"0": calls}))
            self.assertEqual(got["verify"] | {"out_of_order": 0}, {"expected": 20_000, "found": 20_000, "missing": 0,
                                                                   "duplicates": 0, "out_of_order": 0})
            self.assertGreater(got["latency_us"]["p50"], 0)
        self.assertEqual(weir.total("weir_received_messages_total", listener="grpc"), 100_000)
        self.assertGreater(bench("--duration", "200ms", "--batch", "100000")["sent"], 0)
        weir.check_books()

    def test_weir_bench_counts_what_is_refused(self):
        weir = self.weir(",max-message=100B")
        url = "grpc://%s:%d" % weir.bound["grpc"]
        for batch, answers in ((1, {"8": 100}), (50, {"0": 2})):
            done = subprocess.run([PROGRAM, "bench", url, "--json", "--count", "100", "--batch", str(batch)],
                                  capture_output=True, text=True, timeout=120)
            got = json.loads(done.stdout)
            self.assertEqual((got["sent"], got["errors"], got["answers"]), (100, 100, answers))

    def test_too_many_streams_and_connections(self):
        weir = self.weir(",max-streams=2,max-connections=2")
        client = self.client(weir)
        first, second = Live(client), Live(client)
        other = self.client(weir, options=[("grpc.use_local_subchannel_pool", 1)])
        self.refused(CODE.RESOURCE_EXHAUSTED, other.publish_stream, iter([event(b"1")]))
        other.publish(event(b"1"))
        third = self.client(weir, options=[("grpc.use_local_subchannel_pool", 1)])
        self.refused(CODE.UNAVAILABLE, third.publish, event(b"1"))
        self.assertGreaterEqual(weir.total("weir_refused_messages_total", listener="grpc", reason="busy"), 2)
        first.cancel()
        second.cancel()
        eventually(lambda: self.works(other.publish_stream, iter([event(b"2")])))

    @staticmethod
    def works(call, *arguments):
        try:
            return call(*arguments, timeout=30)
        except grpc.RpcError:
            return None

    def test_subscribe(self):
        weir = self.weir()
        client = self.client(weir)
        everything, orders = Live(client), Live(client, topics=["order*"])
        client.publish(event(b'{"type":"order"}'))
        client.publish(event(b"\xff\x00", "orders.eu"))
        client.publish(event(b"three", "user"))
        got = everything.take(3)
        self.assertEqual([(e.seq, e.topic, e.data) for e in got],
                         [(1, "order", b'{"type":"order"}'), (2, "orders.eu", b"\xff\x00"), (3, "user", b"three")])
        self.assertEqual(got[0].listener, "grpc %s:%d" % weir.bound["grpc"])
        self.assertTrue(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", got[0].time), got[0].time)
        self.assertEqual([e.seq for e in orders.take(2)], [1, 2])
        self.assertEqual([e.seq for e in Live(client, last=2).take(2)], [2, 3])
        self.assertEqual([e.seq for e in Live(client, since=1).take(2)], [2, 3])
        again = Live(client, since=99).take(2)
        self.assertEqual((again[0].restarted, again[0].seq, again[1].seq), (True, 0, 1))
        for wrong in (dict(topics=["a*b"]), dict(last=1, since=1), dict(topics=["t"] * 65)):
            self.refused(CODE.INVALID_ARGUMENT, lambda **named: list(client.subscribe(pb.Filter(**wrong), **named)))
        eventually(lambda: weir.total("weir_broadcast_clients") == 5)
        orders.cancel()
        eventually(lambda: weir.total("weir_broadcast_clients") == 4)
        weir.check_books()
        status, _ = weir.stop()
        self.assertEqual(status, 0)
        everything.thread.join(30)
        self.assertEqual(everything.end, CODE.UNAVAILABLE)

    def test_a_topic_that_is_no_text_spoils_no_subscription(self):
        weir = self.weir()
        live = Live(self.client(weir))
        for path in ("/in/%FF", "/in/caf%C3%A9"):
            urllib.request.urlopen(weir.url(path), data=b"1", timeout=10).close()
        self.assertEqual([e.topic for e in live.take(2)], ["", "caf\u00e9"])

    def test_many_events_arrive_live_in_order(self):
        weir = self.weir()
        client = self.client(weir)
        live = Live(client)
        summary = client.publish_stream(event(b"%d" % n) for n in range(20_000))
        self.assertEqual(summary.accepted, 20_000)
        self.assertEqual([int(e.data) for e in live.take(20_000)], list(range(20_000)))

    def test_a_slow_subscriber_is_told_what_it_missed(self):
        weir = Weir("--grpc", "127.0.0.1:0,history=1MiB", "--http", "127.0.0.1:0,live=off", "--file", "out")
        self.addCleanup(weir.__exit__)
        client = self.client(weir)
        call = client.subscribe(pb.Filter())  # and nobody reads
        call.initial_metadata()
        for _ in range(20):
            client.publish_stream(event(b"x" * 100_000) for _ in range(10))
        client.publish(event(b"end"))
        seen, missed = 0, 0
        for got in call:
            seen, missed = seen + (got.seq > 0), missed + got.missed
            if seen + missed >= 201:
                break
        self.assertEqual(seen + missed, 201)
        self.assertGreater(missed, 0)
        self.assertEqual(weir.total("weir_broadcast_missed_messages_total"), missed)
        call.cancel()

    def test_a_slow_subscriber_may_be_closed_instead(self):
        weir = Weir("--grpc", "127.0.0.1:0,history=1MiB,slow=close", "--http", "127.0.0.1:0,live=off", "--file", "out")
        self.addCleanup(weir.__exit__)
        client = self.client(weir)
        call = client.subscribe(pb.Filter())  # and nobody reads
        call.initial_metadata()
        for _ in range(20):
            client.publish_stream(event(b"x" * 100_000) for _ in range(10))
        seen = []
        with self.assertRaises(grpc.RpcError) as caught:
            for got in call:
                seen.append(got.seq)
        self.assertEqual(seen, list(range(1, len(seen) + 1)))  # and no notice
        self.assertLess(len(seen), 200)
        self.assertEqual(caught.exception.code(), CODE.RESOURCE_EXHAUSTED)
        self.assertEqual(weir.total("weir_broadcast_missed_messages_total"), 0)
        eventually(lambda: weir.total("weir_broadcast_clients") == 0)
        weir.check_books()

    def test_the_stream_may_be_off(self):
        client = self.client(self.weir(",live=off"))
        self.refused(CODE.UNIMPLEMENTED, lambda **named: list(client.subscribe(pb.Filter(), **named)))

    def test_stopping_ends_a_stream_and_says_how_far_it_came(self):
        weir = self.weir()
        client = self.client(weir)
        more = queue.Queue()
        call = client.publish_stream.future(iter(more.get, None))
        for n in range(3):
            more.put(event(b"%d" % n))
        eventually(lambda: weir.total("weir_received_messages_total", listener="grpc") == 3)
        stopping = threading.Thread(target=weir.stop)
        stopping.start()
        with self.assertRaises(grpc.RpcError) as caught:
            call.result(30)
        more.put(None)
        stopping.join()
        self.assertEqual(caught.exception.code(), CODE.UNAVAILABLE)
        self.assertEqual(dict(caught.exception.trailing_metadata())["weir-accepted"], "3")
        self.assertEqual(self.written(weir), [b"0", b"1", b"2"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
