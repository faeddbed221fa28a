"""examples/metrics-pipeline as its README tells it: two real Prometheus clients' metrics, scraped, marked and POSTed to a
second weir, which is ended and killed in the middle."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest
from collections import Counter

from weir import BOOK, PROGRAM, eventually

PIPELINE = pathlib.Path(__file__).resolve().parents[2] / "examples/metrics-pipeline/pipeline"


def events(path):
    """The whole lines of a file, as they are, and how often each is there."""
    try:
        with open(path) as file:
            return Counter(line for line in file if line.endswith("\n"))
    except FileNotFoundError:
        return Counter()


class MetricsPipeline(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weir-pipeline-")
        for name in ("signin", "signup"):  # of an earlier run in the same folder
            with open(self.path(name + ".address"), "w") as file:
                file.write(f"{name}: http://127.0.0.1:1/metrics\n")
        self.said = open(self.path("said"), "w+")
        self.pipeline = subprocess.Popen([PIPELINE, self.folder], stdout=self.said, stderr=self.said,
                                         env={**os.environ, "WEIR": PROGRAM, "EVERY": "100ms"})
        self.addCleanup(self.said.close)
        self.addCleanup(self.end)

    def path(self, name):
        return os.path.join(self.folder, name)

    def end(self):
        if self.pipeline.poll() is None:
            self.pipeline.send_signal(signal.SIGINT)
        self.pipeline.wait(60)

    def received(self):
        return sum(events(self.path("received.ndjson")).values())

    def end_receiver(self, how):
        with open(self.path("receiver.pid")) as file:
            receiver = int(file.read())
        os.kill(receiver, how)

        def again():
            with open(self.path("receiver.pid")) as file:
                text = file.read().strip()
            return text and int(text) != receiver
        eventually(again, what="another receiver")

    def more(self, count):
        """Waits until so many more have arrived."""
        before = self.received()
        eventually(lambda: self.received() >= before + count, what=f"{count} more events")

    def finish(self):
        """What was sent and received, as counters of lines, and the books of the one that sent."""
        self.end()
        self.said.seek(0)
        text = self.said.read()
        self.assertEqual(self.pipeline.returncode, 0, text)
        books = {found[1]: [int(found[n] or 0) for n in range(3, 9) if n != 7] for found in BOOK.finditer(text)}
        for published, delivered, filtered, lost, pending in books.values():
            self.assertEqual(published, delivered + filtered + lost + pending, text)
        return events(self.path("sent.ndjson")), events(self.path("received.ndjson")), books

    def test_a_receiver_that_is_ended_misses_nothing(self):
        self.more(20)
        for _ in range(3):
            self.end_receiver(signal.SIGTERM)
            self.more(20)
        sent, received, books = self.finish()
        self.assertEqual(set(sent), set(received))
        self.assertEqual(books["post"], books["file"])
        self.assertEqual(books["post"][0], sum(sent.values()))
        self.check_content(sent)

    def test_a_receiver_that_is_killed_misses_only_what_it_had_answered_for(self):
        self.more(20)
        self.end_receiver(signal.SIGKILL)
        self.more(20)
        sent, received, books = self.finish()
        self.assertFalse(set(received) - set(sent))
        # Nothing was given up, and what is missing stood at the end of what the first receiver was given.
        self.assertEqual(books["post"][1], sum(sent.values()))
        missing = sorted(json.loads(line)["time"] for line in set(sent) - set(received))
        times = sorted(json.loads(line)["time"] for line in sent)
        if missing:
            self.assertLess(missing[-1], times[-1])
            self.assertLessEqual(len(missing), 8)

    def check_content(self, sent):
        """Each event names its target, holds only the metrics that were asked for, and says where it is from."""
        wanted = {"signin": lambda name: name.startswith("signin_"),
                  "signup": lambda name: name in ("signup_total", "waiting_users")}
        seen = Counter()
        for line in sent:
            event = json.loads(line)
            self.assertEqual((event["region"], event["pipeline"]), ("eu", "example"))
            if not event["up"]:  # too busy a machine for so many scrapes
                continue
            service = event["target"]
            names = {sample["name"] for sample in event["metrics"]}
            self.assertTrue(names)
            self.assertTrue(all(map(wanted[service], names)), names)
            seen[service] += 1
        self.assertEqual(set(seen), set(wanted))


if __name__ == "__main__":
    unittest.main()
