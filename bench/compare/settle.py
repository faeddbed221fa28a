"""When a receiver has written everything: its file is watched while it grows."""
import os
import subprocess
import threading
import time

STEP = 0.004  # seconds between two looks


class Watch:
    """Looks at a file's size until told to stop; remembers when it first and last changed."""

    def __init__(self, path):
        self.path = path
        self.size = 0
        self.first = self.last = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        while not self._done.wait(STEP):
            self._once()

    def _once(self):
        try:
            size = os.stat(self.path).st_size
        except FileNotFoundError:
            return
        if size != self.size:
            self.last = time.monotonic()
            self.first = self.first or self.last
            self.size = size

    def settle(self, expected=None, quiet=1.0, longest=60.0):
        """Returns once the file has the expected size, or has been quiet; then seconds() is known."""
        begin = time.monotonic()
        while time.monotonic() - begin < longest:
            if expected is not None and self.size >= expected:
                break
            if time.monotonic() - max(self.last or begin, begin) > quiet:
                break
            time.sleep(STEP)
        self._done.set()
        self._thread.join()
        self._once()

    def seconds(self):
        """From the first change to the last."""
        return self.last - self.first if self.first else 0.0


def count_lines(path):
    """wc's own count of newlines; 0 where there is no file."""
    if not os.path.exists(path):
        return 0
    return int(subprocess.run(["wc", "-l", path], capture_output=True, text=True, check=True).stdout.split()[0])
