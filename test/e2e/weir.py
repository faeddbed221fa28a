"""Runs the built weir as a child for the end-to-end tests, and reads its addresses, metrics and books."""
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request

PROGRAM = os.environ["WEIR_PROGRAM"]
BOOK = re.compile(r"(\w+) (\S+): published (\d+) = delivered (\d+)(?: \+ filtered (\d+))?"
                  r" \+ lost (\d+)(?: \((.*?)\))? \+ pending (\d+)")


def eventually(condition, seconds=30, what="the condition"):
    """Waits for something another process does; the condition's value, which must become true."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true in {seconds} s (last: {value!r})")
        time.sleep(0.02)


def built_with_grpc(program=PROGRAM):
    done = subprocess.run([program, "check", "--grpc", "127.0.0.1:0"], capture_output=True, text=True, timeout=30)
    return "built without gRPC" not in done.stderr


class Weir:
    """A running weir. Flags as words; `bound["udp"]` is (host, port) or the path of a unix socket."""

    def __init__(self, *flags, program=PROGRAM, cwd=None, env=None, preexec_fn=None, wait=True):
        self.folder = cwd or tempfile.mkdtemp(prefix="weir-")
        self.lines = []
        self.bound = {}
        self.process = subprocess.Popen([program, *map(str, flags)], cwd=self.folder, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, errors="replace",
                                        env={**os.environ, **(env or {})}, preexec_fn=preexec_fn)
        self.stdout = ""
        self.readers = [threading.Thread(target=self._read_log), threading.Thread(target=self._read_out)]
        for reader in self.readers:
            reader.start()
        if wait:
            eventually(lambda: self._said("writing ") or self._said("try ") or self.process.poll() is not None,
                       what="weir's first lines")
            assert self.process.poll() is None, "".join(self.lines)

    def _said(self, word):
        return any(re.search(rf"\b{word}", line) for line in list(self.lines))

    def _read_log(self):
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r'listening\s+(\w+)\s+([^\s"]+)', line)
            if found:
                self.bound.setdefault(found[1], self._address(found[2]))

    def _read_out(self):
        for line in self.process.stdout:
            self.stdout += line

    @staticmethod
    def _address(text):
        if text.startswith("unix:"):
            return text[5:]
        host, port = re.fullmatch(r"(?:\w+://)?(.*):(\d+)/?", text).groups()
        return host.strip("[]"), int(port)

    def url(self, path="/", kind="http", scheme="http"):
        host, port = self.bound[kind]
        return f"{scheme}://{host}:{port}{path}"

    def get(self, path, **headers):
        with urllib.request.urlopen(urllib.request.Request(self.url(path), headers=headers), timeout=10) as answer:
            return answer.read().decode()

    def metrics(self):
        """{'name{labels}': value}, as /metrics prints them."""
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in self.get("/metrics").splitlines() if not line.startswith("#"))}

    def total(self, name, **labels):
        """The sum of a metric over every sample that has these labels."""
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return int(sum(value for key, value in self.metrics().items()
                       if key.split("{")[0] == name and all(label in key for label in wanted)))

    def check_books(self):
        """published = delivered + filtered + lost + pending for every sink, by /metrics."""
        metrics = self.metrics()
        published = metrics["weir_published_messages_total"]
        received = sum(v for k, v in metrics.items() if k.startswith("weir_received_messages_total"))
        assert received == published, (received, published)
        for key, pending in metrics.items():
            if not key.startswith("weir_pending_messages"):
                continue
            labels = key[key.index("{"):-1]
            delivered = metrics["weir_delivered_messages_total" + labels + "}"]
            filtered = metrics["weir_filtered_messages_total" + labels + "}"]
            lost = sum(v for k, v in metrics.items() if k.startswith("weir_lost_messages_total" + labels))
            assert published == delivered + filtered + lost + pending, (key, published, delivered, filtered, lost, pending)

    def stop(self, how=signal.SIGTERM, seconds=60):
        """(exit status, {(sink, target): {published, delivered, filtered, lost, pending}})."""
        if self.process.poll() is None and how is not None:
            self.process.send_signal(how)
        status = self.process.wait(seconds)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        books = {}
        for line in self.lines:
            found = BOOK.search(line)
            if found:
                numbers = dict(zip(("published", "delivered", "filtered", "lost", "pending"),
                                   (int(found[i] or 0) for i in (3, 4, 5, 6, 8))))
                assert 2 * numbers["published"] == sum(numbers.values()), line
                books[found[1], found[2]] = numbers
        return status, books

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.stop(None)


def refused(*flags, env=None):
    """(exit status, stderr) of a weir that must end by itself."""
    done = subprocess.run([PROGRAM, *flags], capture_output=True, text=True, timeout=20,
                          env={**os.environ, **(env or {})}, cwd=tempfile.mkdtemp(prefix="weir-"))
    return done.returncode, done.stderr
