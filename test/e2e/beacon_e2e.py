"""The beacon driven by curl: its image, its headers, its event, and what is counted."""
import json
import os
import subprocess
import unittest

from weir import Weir, eventually, refused

PHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.1.1 Mobile/15E148 Safari/604.1")


def curl(*words):
    return subprocess.run(["curl", "-s", *words], check=True, capture_output=True, timeout=20).stdout


class Beacon(unittest.TestCase):
    def events(self, weir, count):
        def read():
            with open(os.path.join(weir.folder, "out"), encoding="utf-8") as file:
                return [json.loads(line) for line in file]
        eventually(lambda: len(read()) >= count, what=f"{count} events")
        return read()

    def test_an_image_and_an_event(self):
        with Weir("--beacon", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", "out") as weir:
            head, image = curl("-i", "-A", PHONE, weir.url("/r/shop/acme/view?title=Gr%C3%BC%C3%9Fe+%26%20more&n=1&n=2&bad=%ff",
                                                           "beacon")).split(b"\r\n\r\n", 1)
            self.assertEqual((len(image), image[:6]), (26, b"GIF89a"))
            fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:])
            self.assertEqual(fields["content-type"], "image/gif")
            self.assertEqual(fields["cache-control"], "no-store, no-cache, must-revalidate, private, proxy-revalidate")
            self.assertEqual(fields["pragma"], "no-cache")
            self.assertIn("1970", fields["expires"])
            curl("-I", weir.url("/r/shop/acme/head", "beacon"))
            curl("-A", PHONE, "-G", "--data-urlencode", "ua=curl/8.5.0", "-d", "app=x", weir.url("/r/shop/acme/ua", "beacon"))
            first, second, third = self.events(weir, 3)
            self.assertEqual(list(first), ["time", "type", "data"])
            self.assertEqual((first["type"], second["type"], third["type"]), ("view", "head", "ua"))
            self.assertEqual(first["data"], {
                "app": "shop", "account": "acme", "browser": {"name": "Mobile Safari", "version": "18.1.1", "os": "iOS"},
                "title": "Grüße & more", "n": "1", "bad": "\ufffd"})
            self.assertEqual(third["data"], {"app": "shop", "account": "acme",
                                             "browser": {"name": "curl", "version": "8.5.0", "os": "Other"}})
            self.assertEqual(weir.total("weir_received_messages_total", listener="beacon"), 3)
            weir.check_books()
            self.assertEqual(weir.stop()[0], 0)

    def test_what_it_is_not(self):
        with Weir("--beacon", "127.0.0.1:0", "--file", "out") as weir:
            def status(path, *words):
                return curl("-o", "/dev/null", "-w", "%{http_code}", *words, weir.url(path, "beacon")).decode()
            self.assertEqual(status("/r/a/b/c"), "200")
            for path in ("/", "/r/a/b", "/r/a/b/c/d", "/metrics", "/live", "/ws"):
                self.assertEqual(status(path), "404", path)
            for words in (("-d", "x"), ("-X", "DELETE"), ("-X", "OPTIONS")):
                self.assertEqual(status("/r/a/b/c", *words), "405", words)
            self.assertEqual(status("/healthz"), "200")
            self.assertTrue(any("/r/app/account/hello" in line for line in weir.lines), weir.lines)
            self.assertEqual(weir.stop()[0], 0)

    def test_beside_the_rest_of_an_http_port(self):
        with Weir("--http", "127.0.0.1:0,beacon,token=s3cret", "--file", "out") as weir:
            self.assertEqual(len(curl(weir.url("/r/a/b/c"))), 26)
            self.assertIn(b"401", curl("-i", "-d", "x", weir.url("/")))
            self.assertEqual([event["type"] for event in self.events(weir, 1)], ["c"])
            self.assertEqual(weir.stop()[0], 0)

    def test_it_does_not_start_without_the_expressions(self):
        status, said = refused("--beacon", "127.0.0.1:0,ua-regexes=/nowhere/regexes.yaml", "--file", "out")
        self.assertEqual(status, 1)
        self.assertIn("/nowhere/regexes.yaml", said)
        self.assertIn("uap-core", said)
        status, said = refused("--beacon", "127.0.0.1:0,origins=*")
        self.assertEqual(status, 2)
        self.assertIn("origins", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
