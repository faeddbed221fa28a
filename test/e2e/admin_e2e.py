"""The admin address, driven by curl: the log's levels are shown and changed while weir runs."""
import json
import os
import re
import socket
import subprocess
import unittest

from weir import Weir, eventually, refused


def curl(url, *arguments):
    """(status, body)"""
    done = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", *arguments, url], check=True, capture_output=True,
                          text=True, timeout=30).stdout
    body, status = done.rsplit("\n", 1)
    return int(status), body


class Admin(unittest.TestCase):
    def put(self, weir, levels, *arguments):
        return curl(weir.url("/log-level", "admin"), "-X", "PUT", "-d", levels, *arguments)

    def test_the_level_is_shown_and_changed_at_run_time(self):
        # Nobody answers at that port, so the sink tries again and says so at debug.
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            with Weir("--udp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--post", nowhere,
                      "--log-format", "json", "--log-level", "info,post=error") as weir:
                self.assertEqual(curl(weir.url("/log-level", "admin")), (200, "info,post=error\n"))
                self.assertEqual(curl(weir.url("/"), "-d", "x")[0], 204)
                eventually(lambda: weir.total("weir_retries_total", sink="post") > 0, what="a retry")

                def told():
                    return [line for line in map(json.loads, list(weir.lines)) if line["component"] == "post"]
                self.assertEqual(told(), [])
                self.assertEqual(self.put(weir, "info,post=debug"), (200, "info,post=debug\n"))
                line = eventually(told, what="a line of the post sink")[0]
                self.assertIn(line["level"], ("debug", "warn"))
                self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$")
                self.assertEqual(curl(weir.url("/log-level", "admin")), (200, "info,post=debug\n"))
                # What is wrong changes nothing.
                status, body = self.put(weir, "info,pots=debug")
                self.assertEqual(status, 400)
                self.assertIn("did you mean", json.loads(body)["error"])
                self.assertEqual(curl(weir.url("/log-level", "admin"))[1], "info,post=debug\n")

    def test_it_is_for_nobody_else(self):
        with Weir("--http", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--file", "out") as weir:
            # A page, whatever name it reached this host by, is no one who runs weir.
            host, port = weir.bound["admin"]
            self.assertEqual(self.put(weir, "off", "-H", f"Origin: http://{host}:{port}")[0], 403)
            self.assertEqual(self.put(weir, "off", "-H", "Origin: https://evil.example.org")[0], 403)
            self.assertEqual(curl(weir.url("/log-level"), "-X", "PUT", "-d", "off")[0], 404)
            self.assertEqual(curl(weir.url("/log-level"))[0], 404)
            self.assertEqual(curl(weir.url("/", "admin"), "-d", "an event")[0], 404)
            self.assertEqual(curl(weir.url("/log-level", "admin"), "-d", "off")[0], 405)
            self.assertEqual(curl(weir.url("/log-level", "admin")), (200, "info\n"))
            self.assertEqual(curl(weir.url("/healthz", "admin")), (200, "ok\n"))
            self.assertIn("weir_build_info", curl(weir.url("/metrics", "admin"))[1])
            self.assertEqual(weir.stop()[0], 0)

    def test_with_a_token(self):
        with Weir("--udp", "127.0.0.1:0", "--admin", ":0,token=s3cret", "--file", "out") as weir:
            port = next(re.search(r":(\d+)", line.split("admin", 1)[1])[1] for line in weir.lines if "admin" in line)
            url = f"http://127.0.0.1:{port}/log-level"
            self.assertEqual(curl(url)[0], 401)
            self.assertEqual(curl(url, "-X", "PUT", "-d", "off")[0], 401)
            self.assertEqual(curl(url, "-X", "PUT", "-d", "warn", "-H", "Authorization: Bearer s3cret"), (200, "warn\n"))

    def test_what_is_refused_at_the_start(self):
        for address in (":9900", "0.0.0.0:9900", "192.0.2.1:9900"):
            status, said = refused("--admin", address, "--check")
            self.assertEqual(status, 2)
            self.assertIn("token", said)
        for levels in ("loud", "info,loud", "info,pots=debug", ""):
            self.assertEqual(refused("--log-level", levels, "--check")[0], 2, levels)
        for address in ("127.0.0.1:9900", "[::1]:9900", "localhost:9900", "unix:admin.sock", ":9900,token=x"):
            self.assertEqual(refused("--admin", address, "--check")[0], 0, address)

    def test_it_does_not_stand_in_for_the_listeners(self):
        said = subprocess.run([os.environ["WEIR_PROGRAM"], "--admin", "127.0.0.1:9900", "--check"], check=True,
                              capture_output=True, text=True).stdout
        self.assertIn("--udp 127.0.0.1:9000", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
