"""What a newcomer does in the first minute: weir without arguments, and the lines that README says to paste."""
import os
import re
import subprocess
import unittest
import urllib.request

from weir import Weir, eventually


def shell(line):
    return subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True, timeout=20).stdout


class FirstMinute(unittest.TestCase):
    def test_the_embedded_default(self):
        with Weir() as weir:
            self.assertEqual(weir.bound, {"udp": ("127.0.0.1", 9000), "tcp": ("127.0.0.1", 9001),
                                          "http": ("127.0.0.1", 8080)})
            events = os.path.join(weir.folder, "events.ndjson")
            log = "".join(weir.lines)
            self.assertIn("./events.ndjson", log)
            self.assertIn("ws://127.0.0.1:8080/live", log)

            shell(re.search(r"try\s+(.*)", log)[1])  # the line it says to paste
            shell("echo tcp line | nc -N 127.0.0.1 9001")
            shell("curl -sS --fail -d '{\"from\":\"curl\"}' http://127.0.0.1:8080/")
            expected = ['{"hello":"weir"}', "tcp line", '{"from":"curl"}']

            def lines():
                with open(events) as file:
                    return file.read().splitlines()
            eventually(lambda: len(lines()) == 3, what="three lines in the file")
            self.assertEqual(sorted(lines()), sorted(expected))

            page = urllib.request.urlopen("http://127.0.0.1:8080/").read().decode()
            self.assertIn("<title>", page)
            self.assertNotIn("\033[", "".join(weir.lines))  # no status line where there is no terminal
            status, books = weir.stop()
        self.assertEqual(status, 0)
        self.assertEqual(books["file", "./events.ndjson"]["delivered"], 3)

    def test_a_terminal_gets_a_status_line(self):
        line = "timeout -s TERM 3 $WEIR_PROGRAM --udp 127.0.0.1:0 --file /dev/null"
        seen = shell(f"script -qec '{line}' /dev/null || true")
        self.assertRegex(seen, r"in udp 0/s  out file 0/s")
        self.assertIn("listening  udp", seen)


if __name__ == "__main__":
    unittest.main(verbosity=2)
