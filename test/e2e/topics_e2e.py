"""Topics: what a listener was told, the path behind /in/, the type of a JSON object; and a sink's filter."""
import os
import socket
import tempfile
import unittest
import urllib.request

from weir import Weir, eventually, refused

ORDER, VIEW, PLAIN = b'{"type":"order","id":1}', b'{"type":"pageview"}', b"plain text"


def lines(path):
    with open(path, "rb") as file:
        return sorted(file.read().splitlines())


class Topics(unittest.TestCase):
    def test_each_sink_gets_the_topics_it_is_for(self):
        folder = tempfile.mkdtemp(prefix="weir-topics-")
        wanted = {"all": "", "order": ",filter=order", "pages": ",filter=page*,!pageview/internal", "rest": ",filter=!order,!page*"}
        path = {name: os.path.join(folder, name) for name in wanted}
        sinks = [word for name, text in wanted.items() for word in ("--file", path[name] + text)]
        with Weir("--udp", "127.0.0.1:0", "--tcp", "127.0.0.1:0,topic=order", "--http", "127.0.0.1:0", *sinks) as weir:
            out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for event in (ORDER, VIEW, PLAIN):
                out.sendto(event, weir.bound["udp"])
            out.close()
            with socket.create_connection(weir.bound["tcp"]) as tcp:
                tcp.sendall(b"told\n")
            for topic, event in (("pageview", b"one"), ("pageview%2Finternal", b"two"), ("order", VIEW)):
                urllib.request.urlopen("http://%s:%s/in/%s" % (*weir.bound["http"], topic), event).close()
            eventually(lambda: len(lines(path["all"])) == 7 and len(lines(path["rest"])) == 1, what="all to be written")
            eventually(lambda: len(lines(path["order"])) == 3 and len(lines(path["pages"])) == 2, what="all to be written")
            weir.check_books()
            status, books = weir.stop()
        self.assertEqual(status, 0)
        self.assertEqual(lines(path["order"]), sorted([ORDER, b"told", VIEW]))
        self.assertEqual(lines(path["pages"]), sorted([VIEW, b"one"]))
        self.assertEqual(lines(path["rest"]), [PLAIN])
        self.assertEqual({name: books["file", path[name]]["filtered"] for name in wanted},
                         {"all": 0, "order": 4, "pages": 5, "rest": 6})

    def test_a_wrong_filter_is_told(self):
        status, said = refused("--file", "x,filter=a*b")
        self.assertEqual(status, 2)
        self.assertIn("'a*b' is no topic", said)


if __name__ == "__main__":
    unittest.main()
