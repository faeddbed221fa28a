"""A process that is measured: started here, looked at through /proc, ended by its id."""
import os
import re
import select
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system, of all threads so far."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid, what):
    """VmHWM, VmRSS, … in bytes."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(what + ":"))


def peak_memory(pid):
    return memory(pid, "VmHWM")


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_bound(port, protocol):
    """Whether anyone has the port; nothing is sent to find out."""
    for table in (f"/proc/net/{protocol}", f"/proc/net/{protocol}6"):
        if os.path.exists(table):
            with open(table) as lines:
                if any(line.split()[1].endswith(f":{port:04X}") for line in lines):
                    return True
    return False


class Process:
    """Its stderr goes to FOLDER/NAME.log, which is what is shown where it fails."""

    def __init__(self, name, words, folder, env=None):
        self.name = name
        self.log = os.path.join(folder, f"{name}.log")
        with open(self.log, "wb") as log:
            # Unbuffered, so that whether there is a line can be asked of the pipe.
            self.child = subprocess.Popen(list(map(str, words)), cwd=folder, bufsize=0, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(env or {})})
        self.pid = self.child.pid

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()[-2000:]

    def wait_until(self, ready, what, seconds=20):
        deadline = time.monotonic() + seconds
        while not ready():
            if self.child.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.child.returncode} before {what}: {self.said()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}: no {what} in {seconds} s: {self.said()}")
            time.sleep(0.01)

    def line(self, seconds=20):
        """Its next line on stdout."""
        if not select.select([self.child.stdout], [], [], seconds)[0]:
            raise RuntimeError(f"{self.name}: said nothing in {seconds} s: {self.said()}")
        return self.child.stdout.readline().decode()

    def listening_port(self):
        """From the line that the floors and the Node peers print."""
        line = self.line()
        found = re.fullmatch(r"listening on (\d+)\s*", line)
        if not found:
            raise RuntimeError(f"{self.name}: 'listening on PORT' expected, got {line!r}: {self.said()}")
        return int(found[1])

    def stop(self, seconds=30):
        """What it still printed. Killed where SIGTERM does not end it in time."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        elif self.child.stdout.closed:
            return ""
        try:
            return self.child.communicate(timeout=seconds)[0].decode()
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.communicate()[0].decode()
