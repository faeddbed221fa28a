"""The machine and the versions that a result belongs to."""
import datetime
import os
import platform
import re
import shutil
import subprocess

from .place import ROOT


def said(words, pattern=r"(.*)", env=None):
    """The first match in what a program prints about itself, or None."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=20, env={**os.environ, **(env or {})})
    except (OSError, TypeError, subprocess.TimeoutExpired):
        return None
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1].strip() if found else None


def cpu_model():
    with open("/proc/cpuinfo") as info:
        return next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), "unknown")


def memory_size():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def system_name():
    return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")


def describe(place):
    """{what: value}, in the order in which the page shows it."""
    beside = place.libraries()
    versions = {
        "weir": said([place.program("weir"), "--version"], r"weir (\S+)"),
        "rsyslog": said([place.tool("rsyslogd"), "-v"], r"rsyslogd\s+(\S+)", beside),
        "syslog-ng": said([place.tool("syslog-ng"), "--version"], r"syslog-ng \d+ \(([\d.]+)\)", beside),
        "nats-server": said([place.tool("nats-server"), "--version"], r"v(\d\S*)"),
        "node": said([place.tool("node"), "--version"], r"v(\S+)"),
    }
    commit = said(["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"], r"^([0-9a-f]{12})$")
    versions["weir"] = f"{versions['weir']}" + (f" ({commit})" if commit else "")
    return {
        "CPU": f"{cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{memory_size() / (1 << 30):.0f} GiB",
        "system": f"{system_name()}, Linux {platform.release()}",
        "compiler": f"GCC {said(['g++', '-dumpfullversion'])}" if shutil.which("g++") else "unknown",
        "files in": place.scratch + (" (memory)" if place.scratch.startswith("/dev/shm") else ""),
    } | {name: version for name, version in versions.items() if version}


def today():
    return datetime.date.today().isoformat()
