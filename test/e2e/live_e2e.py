"""The live stream as others listen to it: curl for server-sent events and lines, Python's websockets for the rest."""
import asyncio
import base64
import http.client
import json
import subprocess
import unittest

import websockets

from weir import Weir, eventually


class Curl:
    """curl -N, whose output is read while it runs."""

    def __init__(self, url, *options):
        self.process = subprocess.Popen(["curl", "-sSN", *options, url], stdout=subprocess.PIPE)

    def until(self, mark):
        out = b""
        while not out.endswith(mark):
            byte = self.process.stdout.read(1)
            if not byte:
                return out
            out += byte
        return out

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def post(weir, *bodies, path="/", token=None):
    for body in bodies:
        out = http.client.HTTPConnection(*weir.bound["http"], timeout=10)
        out.request("POST", path, body, {"Authorization": f"Bearer {token}"} if token else {})
        assert out.getresponse().status == 204
        out.close()


def status(url, *options):
    done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-m", "5", "-w", "%{http_code}", *options, url],
                          capture_output=True, text=True)
    return int(done.stdout)


class LiveStream(unittest.TestCase):
    def weir(self, *flags):
        weir = Weir(*flags, "--file", "out")
        self.addCleanup(weir.__exit__)
        return weir

    def test_server_sent_events_with_curl(self):
        weir = self.weir("--http", "127.0.0.1:0")
        post(weir, '{"n":1}', '{"n":2}')
        with Curl(weir.url("/events?since=0"), "-i") as curl:
            head = curl.until(b"\r\n\r\n").decode()
            self.assertIn("HTTP/1.1 200", head)
            self.assertIn("Content-Type: text/event-stream", head)
            self.assertEqual(curl.until(b"\n\n"), b'id: 1\ndata: {"n":1}\n\n')
            self.assertEqual(curl.until(b"\n\n"), b'id: 2\ndata: {"n":2}\n\n')
            post(weir, '{"n":3}', "two\nlines")
            self.assertEqual(curl.until(b"\n\n"), b'id: 3\ndata: {"n":3}\n\n')
            self.assertEqual(curl.until(b"\n\n"), b"id: 4\ndata: two\ndata: lines\n\n")
        with Curl(weir.url("/events"), "-H", "Last-Event-ID: 3") as curl:
            self.assertEqual(curl.until(b"\n\n"), b"id: 4\ndata: two\ndata: lines\n\n")
        with Curl(weir.url("/events?raw&last=2")) as curl:
            self.assertEqual(curl.until(b"\n"), b'{"n":3}\n')
        self.assertEqual(status(weir.url("/events?last=many")), 400)
        self.assertEqual(weir.stop()[0], 0)

    def test_a_token_by_every_way_and_none_in_the_log(self):
        weir = self.weir("--http", "127.0.0.1:0,token=s3cret")
        url = weir.url("/events?since=0")
        self.assertEqual(status(url), 401)
        self.assertEqual(status(url, "-u", "me:wrong"), 401)
        self.assertEqual(status(url, "-H", "Authorization: Bearer wrong"), 401)
        self.assertEqual(status(url + "&access_token=wrong"), 401)
        post(weir, "1", token="s3cret")
        for options, more in ((("-u", "anybody:s3cret"), ""), (("-H", "Authorization: Bearer s3cret"), ""),
                              ((), "&access_token=s3cret")):
            with Curl(url + more, *options) as curl:
                self.assertEqual(curl.until(b"\n\n"), b"id: 1\ndata: 1\n\n")
        answer = subprocess.run(["curl", "-si", url], capture_output=True, text=True, check=True).stdout
        self.assertIn("WWW-Authenticate: Bearer", answer)
        self.assertIn("WWW-Authenticate: Basic", answer)
        weir.stop()
        log = "".join(weir.lines)
        self.assertNotIn("s3cret", log)
        self.assertNotIn(base64.b64encode(b"anybody:s3cret").decode(), log)

    def test_a_port_of_its_own(self):
        weir = self.weir("--http", "127.0.0.1:0", "--sse", "127.0.0.1:0,history=1MiB")
        post(weir, '{"type":"a"}', '{"type":"b"}')
        with Curl(weir.url("/any/path?since=0&topic=b&meta=1", "sse")) as curl:
            line = curl.until(b"\n\n").decode().splitlines()[1]
            event = json.loads(line.removeprefix("data: "))
        self.assertEqual((event["seq"], event["topic"], event["data"]), (2, "b", {"type": "b"}))
        self.assertEqual(event["listener"], "http %s:%d" % weir.bound["http"])
        self.assertIn("weir_broadcast_clients{sink=\"sse\"", weir.get("/metrics"))
        self.assertEqual(weir.stop()[0], 0)

    def test_websockets_since_last_topic_meta(self):
        weir = self.weir("--http", "127.0.0.1:0,live-path=/ws,ingest-path=/send")

        async def listen(query, count, path="/live"):
            async with websockets.connect(weir.url(path + query, scheme="ws")) as ws:
                return [await asyncio.wait_for(ws.recv(), 20) for _ in range(count)]

        async def send():
            async with websockets.connect(weir.url("/send", scheme="ws")) as ws:
                for n in range(1, 6):
                    await ws.send(json.dumps({"type": "ab"[n % 2], "n": n}))

        async def refused():
            with self.assertRaises(websockets.exceptions.InvalidStatusCode) as raised:
                await listen("?since=yesterday", 1)
            return raised.exception.status_code

        asyncio.run(send())
        eventually(lambda: weir.total("weir_published_messages_total") == 5, what="five events")

        def numbers(texts):
            return [json.loads(text)["n"] for text in texts]
        for path in ("/live", "/ws"):
            self.assertEqual(numbers(asyncio.run(listen("?since=2", 3, path))), [3, 4, 5])
        self.assertEqual(numbers(asyncio.run(listen("?last=2", 2))), [4, 5])
        self.assertEqual(numbers(asyncio.run(listen("?last=2&topic=b", 2))), [3, 5])
        events = [json.loads(text) for text in asyncio.run(listen("?since=0&meta=1&topic=a,!b", 2))]
        self.assertEqual([(e["seq"], e["topic"], e["data"]["n"]) for e in events], [(2, "a", 2), (4, "a", 4)])
        self.assertEqual(json.loads(asyncio.run(listen("?since=99", 1))[0]), {"weir": "restart"})
        self.assertEqual(asyncio.run(refused()), 400)
        self.assertEqual(weir.stop()[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
