"""Where the programs are, and what one run has of its own: a scratch folder and its processes."""
import contextlib
import os
import shutil
import tempfile

from .process import Process

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROOM = 8 << 30  # bytes that a run may write, at most


def has_room(folder):
    """Files in memory must fit into what is free of it, too."""
    if not os.path.isdir(folder) or shutil.disk_usage(folder).free < ROOM:
        return False
    with open("/proc/meminfo") as info:
        available = next(int(line.split()[1]) * 1024 for line in info if line.startswith("MemAvailable:"))
    return not folder.startswith("/dev/shm") or available > 2 * ROOM


class Run:
    def __init__(self, place, folder, ends):
        self.place = place
        self.folder = folder
        self.ends = ends  # an ExitStack

    def path(self, name):
        return os.path.join(self.folder, name)

    def spawn(self, name, words, env=None):
        process = Process(name, words, self.folder, env)
        self.ends.callback(process.stop)
        return process


class Place:
    def __init__(self, build):
        self.build = os.path.join(ROOT, build)
        self.tools = os.path.join(self.build, "tools")
        # Memory where there is room, so that no disk is measured.
        self.scratch = next((folder for folder in ("/dev/shm", tempfile.gettempdir()) if has_room(folder)), None)
        if self.scratch is None:
            raise SystemExit(f"bench: neither /dev/shm nor {tempfile.gettempdir()} has {ROOM >> 30} GiB free")

    @contextlib.contextmanager
    def run(self):
        """What is started in it has ended, and what was written is gone, when the run is over, however it ends."""
        with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=self.scratch) as folder, \
                contextlib.ExitStack() as ends:
            yield Run(self, folder, ends)

    def program(self, name):
        """One that was built, or None."""
        for folder in (self.build, os.path.join(self.build, "bench")):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                return path
        return None

    def tool(self, name):
        """One of the peers' programs: unpacked beside the build, else installed; or None."""
        return shutil.which(name, path=os.pathsep.join(
            [os.path.join(self.tools, "usr", part) for part in ("sbin", "bin")] + ["/usr/sbin", "/usr/bin"]
            + os.environ.get("PATH", "").split(os.pathsep)))

    def libraries(self):
        """LD_LIBRARY_PATH for what was unpacked."""
        usr = os.path.join(self.tools, "usr", "lib")
        folders = [os.path.join(usr, os.uname().machine + "-linux-gnu"), os.path.join(usr, "syslog-ng")]
        return {"LD_LIBRARY_PATH": os.pathsep.join(filter(os.path.isdir, folders))}

    def modules(self, *parts):
        """A folder of modules under usr/lib, unpacked or installed."""
        unpacked = os.path.join(self.tools, "usr", "lib", *parts)
        return unpacked if os.path.isdir(unpacked) else os.path.join("/usr/lib", *parts)
