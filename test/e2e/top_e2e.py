"""weir top on a pipe and on a terminal of our own (a pty), which it must leave as it found it."""
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import unittest

from servers import HttpServer
from weir import PROGRAM, Weir, eventually


class Screen:
    """weir top on a pty, and all that it wrote."""

    def __init__(self, *words, rows=24, columns=80, env=None):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        self.written = b""
        self.process = subprocess.Popen([PROGRAM, "top", *words], stdin=self.slave, stdout=self.slave,
                                        stderr=subprocess.PIPE, start_new_session=True,
                                        env={**os.environ, "TERM": "xterm", **(env or {})})

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        while select.select([self.master], [], [], 0)[0]:
            self.written += os.read(self.master, 65536)
        return self.written

    def shows(self, text, after=0):
        eventually(lambda: text in self.read()[after:], what=repr(text))

    def lines(self):
        """Of the newest drawing."""
        drawn = self.read().rsplit(b"\x1b[H", 1)[-1]
        plain = re.sub(rb"\x1b\[[?\d]*[A-Za-z]", b"", drawn).decode(errors="replace")
        return [line.rstrip("\r") for line in plain.split("\n")]

    def ends(self):
        status = self.process.wait(30)
        self.read()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        os.close(self.master)
        os.close(self.slave)


def top(*words):
    done = subprocess.run([PROGRAM, "top", *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


class Top(unittest.TestCase):
    def weir(self, *more):
        return Weir("--udp", "127.0.0.1:0", "--http", "127.0.0.1:0" + "".join(more), "--file", "out")

    def test_one_table_on_a_pipe(self):
        with self.weir() as weir:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                for _ in range(7):
                    out.sendto(b"hello", weir.bound["udp"])
            eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == 7, what="7 in the file")
            for words in ((f"{weir.bound['http'][0]}:{weir.bound['http'][1]}",), (weir.url("/metrics"), "--once")):
                status, said, complaint = top(*words)
                self.assertEqual((status, complaint), (0, ""))
                self.assertNotIn("\x1b", said)
                self.assertRegex(said, r"(?m)^weir \d+\.\d+\.\d+ at http://")
                self.assertRegex(said, rf"(?m)^udp {re.escape(weir.bound['udp'][0])}:\d+ +0 +0B +7 ")
                self.assertRegex(said, r"(?m)^file out +0 +0B +7 +0 +0 +0 ")
                self.assertRegex(said, r"(?m)^queue \d+ batches, .* memory \d")

    def test_an_admin_port_at_a_unix_socket(self):
        with Weir("--udp", "127.0.0.1:0", "--admin", "unix:admin.sock", "--file", "out") as weir:
            status, said, complaint = top(f"unix:{weir.folder}/admin.sock")
            self.assertEqual((status, complaint), (0, ""))
            self.assertRegex(said, r"(?m)^weir \d+\.\d+\.\d+ at unix:/")
            self.assertRegex(said, r"(?m)^udp 127\.0\.0\.1:\d+ ")

    def test_on_a_terminal_until_q(self):
        with self.weir() as weir, Screen(weir.url("/")) as screen:
            screen.shows(b"LISTENER")
            self.assertIn(b"\x1b[?1049h", screen.written)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.sendto(b"hello", weir.bound["udp"])
            eventually(lambda: any(re.match(r"file out .* 1 +0 +0 ", line) for line in screen.lines()), what="the message")
            os.write(screen.master, b"xq")
            self.assertEqual(screen.ends(), 0)
            self.assertTrue(screen.written.endswith(b"\x1b[?25h\x1b[?1049l"))
            self.assertEqual(termios.tcgetattr(screen.slave), screen.before)

    def test_signals_end_it_as_well(self):
        with self.weir() as weir:
            for how in (signal.SIGINT, signal.SIGTERM):
                with Screen(weir.url("/")) as screen:
                    screen.shows(b"LISTENER")
                    screen.process.send_signal(how)
                    self.assertEqual(screen.ends(), 0)
                    self.assertTrue(screen.written.endswith(b"\x1b[?25h\x1b[?1049l"))
                    self.assertEqual(termios.tcgetattr(screen.slave), screen.before)

    def test_it_follows_the_window(self):
        with self.weir() as weir, Screen(weir.url("/"), rows=5, columns=40) as screen:
            screen.shows(b"LISTENER")
            self.assertLessEqual(len(screen.lines()), 5)
            self.assertLessEqual(max(map(len, screen.lines())), 40)
            screen.resize(40, 120)
            screen.process.send_signal(signal.SIGWINCH)
            eventually(lambda: any("p99" in line for line in screen.lines()), what="the wide table")

    def test_a_weir_that_goes_away_is_said_and_waited_for(self):
        weir = self.weir()
        with Screen(weir.url("/")) as screen:
            screen.shows(b"LISTENER")
            weir.stop()
            screen.shows(b"trying again")
            self.assertIsNone(screen.process.poll())
            os.write(screen.master, b"\x1c")  # Ctrl-\, which quits as q does
            self.assertEqual(screen.ends(), 0)
            self.assertTrue(screen.written.endswith(b"\x1b[?25h\x1b[?1049l"))
            self.assertEqual(termios.tcgetattr(screen.slave), screen.before)

    def test_losses_show_in_a_small_window(self):
        with Weir("--http", "127.0.0.1:0", "--post", "http://127.0.0.1:1/,retry-for=0s") as weir:
            subprocess.run(["curl", "-sf", "-d", "x", weir.url()], check=True, timeout=30)
            eventually(lambda: weir.total("weir_lost_messages_total", sink="post") == 1, what="a loss")
            for rows, columns in ((10, 40), (24, 80), (50, 200)):
                with Screen(weir.url("/"), rows=rows, columns=columns) as screen:
                    screen.shows(b"LOST")
                    self.assertTrue(any("lost post http://127.0.0.1:1/: 1 gave_up"[:columns] in line
                                        for line in screen.lines()), screen.lines())

    def test_a_dumb_terminal_is_none(self):
        with self.weir() as weir, Screen(weir.url("/"), env={"TERM": "dumb"}) as screen:
            self.assertEqual(screen.ends(), 0)
            self.assertIn(b"LISTENER", screen.written)
            self.assertNotIn(b"\x1b", screen.written)

    def test_who_is_no_weir_or_does_not_let_it_in(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            status, said, complaint = top(f"127.0.0.1:{closed.getsockname()[1]}")
            self.assertEqual((status, said), (1, ""))
            self.assertEqual(len(complaint.splitlines()), 1)
        with HttpServer(lambda handler, _: handler.reply(200, b"<html>")) as other:
            self.assertIn("no weir", top(other.url("/"))[2])
        with socket.create_server(("127.0.0.1", 0)) as other:
            threading.Thread(target=lambda: other.accept()[0].close()).start()
            address = f"http://127.0.0.1:{other.getsockname()[1]}"
            status, _, complaint = top(address)
            self.assertEqual(status, 1)
            self.assertIn(f"weir: {address}: ", complaint)
        with self.weir(",token=s3cret") as weir:
            status, _, complaint = top(weir.url("/"))
            self.assertEqual(status, 1)
            self.assertIn("401", complaint)
            self.assertEqual(top(weir.url("/"), "--token", "s3cret")[0], 0)
        for words in ((), ("ws://127.0.0.1:1/",), ("127.0.0.1:1", "127.0.0.1:2"), ("127.0.0.1:1", "--twice"), ("127.0.0.1",)):
            self.assertEqual(top(*words)[0], 2 if words != ("127.0.0.1",) else 1, words)
        self.assertIn("weir top", top("--help")[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
