"""The file sink of the built program: killed in the middle of a record, rotated, and read back by other people's tools."""
import glob
import gzip
import os
import resource
import signal
import socket
import struct
import tempfile
import unittest

from weir import Weir, eventually, refused

MESSAGES = [b"message %05d" % number for number in range(2000)]


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_001, 10_001))


def send(weir, messages):
    with socket.create_connection(weir.bound["tcp"]) as out:
        out.sendall(b"".join(message + b"\n" for message in messages))


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def length_records(data):
    records = []
    while data:
        size, = struct.unpack(">I", data[:4])
        records.append(data[4:4 + size])
        assert len(records[-1]) == size, "half a record"
        data = data[4 + size:]
    return records


class FileTest(unittest.TestCase):
    def killed_in_the_middle_of_a_record(self, folder, framing):
        """The file's path, after a second weir has appended `new` to it."""
        path = os.path.join(folder, framing)
        flags = ("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--file", f"{path},framing={framing}")
        with Weir(*flags, preexec_fn=limit_files) as weir:
            send(weir, MESSAGES)
            eventually(lambda: os.path.getsize(path) == 10_001, what="a file at its limit")
            weir.process.send_signal(signal.SIGKILL)
            weir.process.wait()
        with Weir(*flags) as weir:
            send(weir, [b"new"])
            eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == 1)
            self.assertEqual(weir.stop()[0], 0)
        return path

    def test_killed_in_the_middle_of_a_line_the_next_begins_on_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            lines = contents(self.killed_in_the_middle_of_a_record(folder, "newline")).split(b"\n")
            whole, half = divmod(10_001, len(MESSAGES[0]) + 1)
            self.assertEqual(lines, [*MESSAGES[:whole], MESSAGES[whole][:half], b"new", b""])

    def test_killed_in_the_middle_of_a_counted_record_the_half_is_gone(self):
        with tempfile.TemporaryDirectory() as folder:
            records = length_records(contents(self.killed_in_the_middle_of_a_record(folder, "length")))
            whole = 10_001 // (len(MESSAGES[0]) + 4)
            self.assertEqual(records, [*MESSAGES[:whole], b"new"])

    def test_rotated_and_compressed_files_hold_everything_in_the_order_of_their_names(self):
        with Weir("--tcp", "127.0.0.1:0", "--http", "127.0.0.1:0",
                  "--file", "out.ndjson,rotate=4KiB,compress=gzip") as weir:
            path = os.path.join(weir.folder, "out.ndjson")
            for first in range(0, len(MESSAGES), 100):
                send(weir, MESSAGES[first:first + 100])
                eventually(lambda: weir.total("weir_delivered_messages_total", sink="file") == first + 100)
            packed = os.path.join(weir.folder, "out.*Z.ndjson.gz")
            eventually(lambda: len(glob.glob(packed)) >= 6, what="compressed files")
            eventually(lambda: not glob.glob(os.path.join(weir.folder, "out.*Z.ndjson")), what="nothing left to pack")
            self.assertEqual(weir.stop()[0], 0)
            data = b"".join(gzip.decompress(contents(name)) for name in sorted(glob.glob(packed))) + contents(path)
            self.assertEqual(data.split(b"\n"), [*MESSAGES, b""])

    def test_a_file_is_written_by_one_sink(self):
        status, said = refused("--tcp", "127.0.0.1:0", "--file", "out", "--file", "out")
        self.assertEqual(status, 1)
        self.assertIn("by this weir or another", said)
        self.assertEqual(len(said.strip().splitlines()), 1, said)


if __name__ == "__main__":
    unittest.main()
