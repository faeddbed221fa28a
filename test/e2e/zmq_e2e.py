"""--zmq and --zmq-sub against pyzmq and msgpack: prefixes, both formats, slow subscribers, and weir behind weir."""
import json
import os
import random
import re
import socket
import unittest

import msgpack
import zmq

from weir import Weir, eventually, refused

DOCUMENTS = [
    '{"type":"order","n":1,"tags":["a","b"],"price":12.5,"ok":true,"none":null}',
    '{"type":"order.paid","deep":{"a":[{"b":[[]]}]},"text":"gr\\u00fcn \\ud83d\\ude00 \\n"}',
    '[0,-1,127,128,255,256,-32,-33,65535,65536,4294967296,18446744073709551615,-9223372036854775808]',
    '[0.1,1e5,-0.5,1.7976931348623157e308,5e-324]',
    '{"long":"' + "x" * 70_000 + '"}',
    json.dumps(list(range(70_000))),
    json.dumps({str(n): 0 for n in range(66_000)}),
    "7",
]


class Zmq(unittest.TestCase):
    def setUp(self):
        self.open = []
        self.context = zmq.Context()

    def tearDown(self):
        for each in self.open:
            each.close() if isinstance(each, (zmq.Socket, socket.socket)) else each.__exit__()
        self.context.term()

    def keep(self, thing):
        self.open.append(thing)
        return thing

    def weir(self, *flags):
        return self.keep(Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", *flags))

    def target(self, weir):
        """Where it publishes, as it prints it."""
        found = next(re.search(r"writing\s+zmq\s+(\S+)", line) for line in weir.lines if "zmq " in line)
        return found[1]

    def sender(self, weir):
        out = self.keep(socket.create_connection(weir.bound["tcp"]))
        return lambda *messages: out.sendall(b"".join(
            (m.encode() if isinstance(m, str) else m) + b"\n" for m in messages))

    def socket(self, kind, **options):
        made = self.keep(self.context.socket(kind))
        made.linger = 0
        made.rcvtimeo = 60_000
        for name, value in options.items():
            setattr(made, name, value)
        return made

    def subscriber(self, weir, prefix, send, probe, **options):
        """One that is subscribed for sure: the probe has come through. Its number of probes is not known."""
        made = self.socket(zmq.SUB, **options)
        made.setsockopt_string(zmq.SUBSCRIBE, prefix)
        made.connect("tcp://" + self.target(weir))

        def through():
            send(probe)
            return made.poll(20)
        eventually(through, what="a subscription")
        return made

    def frames(self, subscriber, probe):
        """(topic, payload) of each frame whose payload is not the probe's."""
        while True:
            topic, payload = subscriber.recv().split(b" ", 1)
            if payload != probe:
                yield topic.decode(), payload

    def ends_well(self, weir, target=None):
        weir.check_books()
        status, books = weir.stop()
        self.assertEqual(status, 0, weir.lines)
        for numbers in books.values():
            self.assertEqual((numbers["lost"], numbers["pending"]), (0, 0))
        if target:
            self.assertEqual(books["zmq", target]["delivered"], books["zmq", target]["published"])

    def test_subscribers_filter_by_prefix(self):
        weir = self.weir("--zmq", "127.0.0.1:0")
        send = self.sender(weir)
        probe = '{"type":"order","probe":1}'
        everyone = self.subscriber(weir, "", send, probe)
        orders = self.subscriber(weir, "order", send, probe)
        exactly = self.subscriber(weir, "order ", send, probe)
        events = [(kind, '{"type":"%s","n":%d}' % (kind, n))
                  for n in range(1000) for kind in ("order", "order.paid", "user")]
        send(*(event for _, event in events), "no json", '{"type":"two words"}')
        wanted = [(kind, event.encode()) for kind, event in events]
        got = self.frames(everyone, probe.encode())
        self.assertEqual([next(got) for _ in wanted], wanted)
        self.assertEqual(next(got), ("", b"no json"))
        self.assertEqual(next(got), ("two%20words", b'{"type":"two words"}'))
        for who, fits in ((orders, lambda kind: kind.startswith("order")), (exactly, lambda kind: kind == "order")):
            got = self.frames(who, probe.encode())
            mine = [each for each in wanted if fits(each[0])]
            self.assertEqual([next(got) for _ in mine], mine)
        self.ends_well(weir, self.target(weir))

    def test_messagepack(self):
        weir = self.weir("--zmq", "127.0.0.1:0,format=msgpack")
        send = self.sender(weir)
        subscriber = self.subscriber(weir, "", send, "probe")
        rng = random.Random(7)
        documents = DOCUMENTS + [json.dumps([rng.random() * 10 ** rng.randint(-30, 30) for _ in range(1000)])]
        send(*documents, "no json", b"\xff\xfe")
        got = (payload for _, payload in self.frames(subscriber, msgpack.packb("probe")))
        for document in documents:
            payload = next(got)
            value = json.loads(document)
            self.assertEqual(msgpack.unpackb(payload, strict_map_key=False), value)
            self.assertEqual(len(payload), len(msgpack.packb(value)), document[:60])  # no form is longer than need be
        self.assertEqual(msgpack.unpackb(next(got)), "no json")
        self.assertEqual(msgpack.unpackb(next(got)), b"\xff\xfe")
        self.ends_well(weir, self.target(weir))

    def test_everyone_waits_for_a_slow_subscriber_and_the_queue_counts(self):
        weir = self.weir("--zmq", "127.0.0.1:0,hwm=10", "--queue-bytes", "1MiB", "--drain-timeout", "1s")
        send = self.sender(weir)
        slow = self.subscriber(weir, "", send, "probe", rcvhwm=1, rcvbuf=4096)
        self.subscriber(weir, "", send, "probe")

        def overrun():
            send(*["x" * 10_000] * 100)
            return weir.total("weir_lost_messages_total", sink="zmq", reason="overrun")
        eventually(overrun, what="an overrun")
        eventually(lambda: weir.total("weir_published_messages_total") ==
                   weir.total("weir_received_messages_total"))
        weir.check_books()
        self.assertEqual(weir.total("weir_broadcast_missed_messages_total", sink="zmq"), 0)
        self.assertTrue(slow.poll(0))
        status, books = weir.stop()
        self.assertEqual(status, 3)
        self.assertGreater(books["zmq", self.target(weir)]["lost"], 0)

    def test_a_slow_subscriber_is_passed_over_where_that_is_wished(self):
        weir = self.weir("--zmq", "127.0.0.1:0,hwm=10,slow=skip")
        send = self.sender(weir)
        self.subscriber(weir, "", send, "probe", rcvhwm=1, rcvbuf=4096)  # never reads
        other = self.frames(self.subscriber(weir, "", send, "probe"), b"probe")
        count = 0
        while weir.total("weir_broadcast_missed_messages_total", sink="zmq") == 0 or count < 2000:
            for _ in range(5):
                event = f"{count}:" + "x" * 10_000
                send(event)
                self.assertEqual(next(other), ("", event.encode()))  # nobody but the slow one misses any
                count += 1
            self.assertLess(count, 100_000)
        self.ends_well(weir, self.target(weir))

    def test_a_subscriber_that_takes_nothing_is_left_behind(self):
        weir = self.weir("--zmq", "127.0.0.1:0,hwm=10")
        send = self.sender(weir)
        self.subscriber(weir, "", send, "probe", rcvhwm=1, rcvbuf=4096)  # never reads
        other = self.frames(self.subscriber(weir, "", send, "probe"), b"probe")
        for n in range(3000):
            event = f"{n}:" + "x" * 10_000
            send(event)
            self.assertEqual(next(other), ("", event.encode()))
        self.ends_well(weir, self.target(weir))

    def test_weir_behind_weir(self):
        for format in ("json", "msgpack"):
            with self.subTest(format):
                first = self.weir("--zmq", f"127.0.0.1:0,format={format}")
                second = self.weir("--zmq-sub", f"{self.target(first)},format={format}", "--file", "out",
                                   "--file", "orders,filter=order", "--file", "audits,filter=audit")
                send = self.sender(first)

                def through():
                    send("probe")
                    return second.total("weir_received_messages_total", listener="zmq-sub")
                eventually(through, what="a subscription")
                events = ['{"type":"order","n":%d}' % n for n in range(2000)] + ["plain", '{"x":[1,2.5]}']
                send(*events)
                with socket.create_connection(first.bound["http"]) as http:
                    http.sendall(b"POST /in/audit HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\nConnection: close\r\n\r\n"
                                 b'{"type":"order"}')
                    self.assertIn(b" 204 ", http.recv(1000))

                def lines(name):
                    with open(os.path.join(second.folder, name), encoding="utf-8") as file:
                        return [line for line in file.read().splitlines() if line != "probe"]
                eventually(lambda: len(lines("out")) >= len(events) + 1, what="all at the second")
                self.assertEqual([line for line in lines("out") if line in events], events)
                eventually(lambda: len(lines("orders")) >= 2000 and lines("audits"))
                self.assertEqual(lines("audits"), ['{"type":"order"}'])  # its topic is what it was sent with
                self.assertEqual(lines("orders"), events[:2000])
                self.assertEqual(second.total("weir_refused_messages_total"), 0)
                self.ends_well(second)
                self.ends_well(first, self.target(first))

    def test_a_python_publisher(self):
        for format, pack in (("json", lambda value: json.dumps(value, separators=(",", ":")).encode()),
                             ("msgpack", msgpack.packb)):
            with self.subTest(format):
                out = self.socket(zmq.XPUB)
                port = out.bind_to_random_port("tcp://127.0.0.1")
                weir = self.weir("--zmq-sub", f"127.0.0.1:{port},topics=order,topics=user,format={format},"
                                              "max-message=100KiB", "--file", "out")
                self.assertEqual({out.recv(), out.recv()}, {b"\x01order", b"\x01user"})
                values = [{"type": "order", "n": n, "price": n / 7, "tags": ["ü", "\n", None]} for n in range(500)]
                for value in values:
                    out.send(b"order " + pack(value))
                    out.send(b"other " + pack(value))
                out.send(b"order")
                out.send_multipart([b"order", pack(1)])
                out.send(b"order " + pack("x" * 200_000))
                out.send(b"users " + pack([1]))

                def lines():
                    with open(os.path.join(weir.folder, "out"), encoding="utf-8") as file:
                        return file.read().splitlines()
                eventually(lambda: len(lines()) >= len(values) + 1, what="all in the file")
                self.assertEqual([json.loads(line) for line in lines()], values + [[1]])
                self.assertEqual(weir.total("weir_refused_messages_total", listener="zmq-sub", reason="bad_frame"), 2)
                self.assertEqual(weir.total("weir_refused_messages_total", listener="zmq-sub", reason="oversize"), 1)
                self.ends_well(weir)

    def test_wrong_flags_are_named(self):
        for flags, status, words in (
                (("--zmq", ":0,format=xml"), 2, "json, msgpack"),
                (("--zmq", ":0,hwm=0"), 2, "hwm"),
                (("--zmq", "nowhere"), 2, "'nowhere' is no address"),
                (("--zmq-sub", "127.0.0.1:0"), 2, "port"),
                (("--zmq-sub", "127.0.0.1:5556,max-message=2GiB"), 2, "max-message")):
            with self.subTest(flags):
                code, said = refused("--udp", "127.0.0.1:0", *flags)
                self.assertEqual(code, status, said)
                self.assertIn(words, said)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            code, said = refused("--udp", "127.0.0.1:0", "--zmq", "127.0.0.1:%d" % taken.getsockname()[1])
        self.assertEqual(code, 1, said)
        self.assertIn("address already in use", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
