"""What happens when the queue is full, with a sink that takes nothing: each policy, each kind of listener."""
import http.client
import os
import select
import socket
import time
import unittest

from weir import Weir, eventually

LINE = b"x" * 1000 + b"\n"
DEAD = "http://127.0.0.1:1/,retry-for=1h"


def start(policy, *flags):
    return Weir("--udp", "127.0.0.1:0", "--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0,body-timeout=500ms",
                "--post", DEAD, "--queue-bytes", "4MiB", "--when-full", policy, "--drain-timeout", "1s", *flags)


def post(weir):
    connection = http.client.HTTPConnection(*weir.bound["http"], timeout=30)
    connection.request("POST", "/", LINE * 100, {"Content-Type": "application/x-ndjson"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def fill_over_tcp(weir, megabytes):
    """Sends until all is sent or nothing goes for a second; the connection and what was sent."""
    out = socket.create_connection(weir.bound["tcp"])
    out.setblocking(False)
    sent, whole = 0, LINE * (megabytes * 1000)
    while sent < len(whole) and select.select([], [out], [], 1)[1]:
        sent += out.send(whole[sent:sent + 65536])
    return out, sent


class WhenFull(unittest.TestCase):
    def test_drop_oldest_costs_only_the_sink_that_is_behind(self):
        with start("drop-oldest", "--file", "out") as weir:
            # At a pace that the file keeps up with; the dead target falls behind all the same.
            with socket.create_connection(weir.bound["tcp"]) as out:
                for thousand in range(1, 51):
                    out.sendall(LINE * 1000)
                    eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == thousand * 1000)
            self.assertEqual(post(weir).status, 204)
            eventually(lambda: weir.total("weir_lost_messages_total", sink="post", reason="overrun") > 0)
            weir.check_books()
            status, books = weir.stop()
            self.assertEqual(books["file", "out"],
                             {"published": 50_100, "delivered": 50_100, "filtered": 0, "lost": 0, "pending": 0})
            self.assertEqual(books["post", "http://127.0.0.1:1/"]["lost"], 50_100)
            self.assertEqual(os.path.getsize(os.path.join(weir.folder, "out")), 50_100 * len(LINE))
        self.assertEqual(status, 3)

    def test_drop_newest_refuses_what_comes(self):
        with start("drop-newest") as weir:
            fill_over_tcp(weir, 50)[0].close()
            eventually(lambda: weir.total("weir_received_messages_total", listener="tcp") +
                       weir.total("weir_refused_messages_total", listener="tcp", reason="queue_full") == 50_000)
            self.assertGreater(weir.total("weir_refused_messages_total", listener="tcp", reason="queue_full"), 0)
            answer = eventually(lambda: answered(post(weir), 503), what="a 503")
            self.assertIsNotNone(answer.getheader("Retry-After"))
            self.assertEqual(weir.total("weir_lost_messages_total"), 0)
            weir.check_books()
            self.assertEqual(weir.stop()[0], 3)

    def test_block_holds_senders_back(self):
        with start("block") as weir:
            out, sent = fill_over_tcp(weir, 50)
            self.assertLess(sent, 50_000 * len(LINE))  # held back by flow control
            self.assertEqual(weir.total("weir_refused_messages_total", listener="tcp"), 0)
            answer = eventually(lambda: answered(post(weir), 503), what="a 503 after waiting")
            self.assertIsNotNone(answer.getheader("Retry-After"))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                def drops():
                    udp.sendto(LINE, weir.bound["udp"])
                    return weir.total("weir_refused_messages_total", listener="udp", reason="queue_full")
                eventually(drops, what="a datagram counted as dropped")
            self.assertEqual(weir.total("weir_lost_messages_total"), 0)
            weir.check_books()
            began = time.monotonic()
            status, _ = weir.stop()  # which checks the books at the end, too
            out.close()
            self.assertEqual(status, 3)
            self.assertFalse(any("did not stop" in line for line in weir.lines), time.monotonic() - began)


def answered(answer, status):
    return answer if answer.status == status else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
