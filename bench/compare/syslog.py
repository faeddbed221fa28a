"""rsyslog and syslog-ng as contenders: as one configures them first, and tuned for this job: no parsing,
the message as it came and a newline, large batches and buffers, nothing for its own statistics."""
import os

from .contender import Contender, Running
from .process import free_port, is_bound

RSYSLOG_DEFAULT = {
    "udp": 'module(load="imudp")\ninput(type="imudp" address="127.0.0.1" port="PORT")\n',
    "tcp": 'module(load="imptcp")\ninput(type="imptcp" address="127.0.0.1" port="PORT")\n',
}
RSYSLOG_FILE = 'action(type="omfile" file="FILE")\n'

# More threads, asynchronous writing and larger batches were each tried, and slower on two cores.
RSYSLOG_TUNED = {
    "udp": """main_queue(queue.type="FixedArray" queue.size="1000000" queue.dequeueBatchSize="1024" queue.workerThreads="1")
module(load="imudp" threads="1" batchSize="512" timeRequery="1000")
input(type="imudp" address="127.0.0.1" port="PORT" ruleset="all" rcvbufSize="4m")
""",
    "tcp": """main_queue(queue.type="Direct")
module(load="imptcp" threads="1")
input(type="imptcp" address="127.0.0.1" port="PORT" ruleset="all")
""",
}
RSYSLOG_TUNED_HEAD = """global(maxMessageSize="128k" processInternalMessages="off")
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="all" parser="rsyslog.rfc3164") {
  action(type="omfile" file="FILE" template="raw" ioBufferSize="1m" flushOnTXEnd="off")
}
"""

SYSLOG_NG_DEFAULT = """@version: 3.38
source in { network(ip("127.0.0.1") port(PORT) transport("PROTOCOL") max-connections(64)); };
destination out { file("FILE"); };
log { source(in); destination(out); };
"""
SYSLOG_NG_TUNED = """@version: 3.38
options { threaded(yes); stats-freq(0); use-dns(no); dns-cache(no); keep-hostname(yes); log-fifo-size(100000); };
source in { network(ip("127.0.0.1") port(PORT) transport("PROTOCOL") max-connections(64) flags(no-parse)
  so-rcvbuf(4194304) log-fetch-limit(1000) log-iw-size(100000)); };
destination out { file("FILE" template("${MESSAGE}\\n") flush-lines(10000)); };
log { source(in); destination(out);FLAGS };
"""


def rsyslog_text(protocol, tuned):
    return RSYSLOG_TUNED_HEAD + RSYSLOG_TUNED[protocol] if tuned else RSYSLOG_DEFAULT[protocol] + RSYSLOG_FILE


def syslog_ng_text(protocol, tuned):
    text = SYSLOG_NG_TUNED if tuned else SYSLOG_NG_DEFAULT
    # Holding the sender back is possible where there is a connection.
    return text.replace("PROTOCOL", protocol).replace("FLAGS", " flags(flow-control);" if protocol == "tcp" else "")


def rsyslog(protocol, tuned):
    def words(place, config, _):
        modules = place.modules(os.uname().machine + "-linux-gnu", "rsyslog")
        return [place.tool("rsyslogd"), "-n", "-iNONE", "-f", config, "-M", modules]

    return _daemon("rsyslog", protocol, tuned, rsyslog_text(protocol, tuned), "rsyslogd", words)


def syslog_ng(protocol, tuned):
    def words(place, config, path):
        own = [f"--{option}={path(option)}" for option in ("persist-file", "pidfile", "control")]
        return [place.tool("syslog-ng"), "-F", "--no-caps", "-f", config, *own,
                f"--module-path={place.modules('syslog-ng', '3.38')}"]

    return _daemon("syslog-ng", protocol, tuned, syslog_ng_text(protocol, tuned), "syslog-ng", words)


def _daemon(peer, protocol, tuned, text, program, words):
    def start(run):
        file, config, port = run.path("out"), run.path("conf"), free_port()
        with open(config, "w") as out:
            out.write(text.replace("PORT", str(port)).replace("FILE", file))
        process = run.spawn(peer, words(run.place, config, run.path), run.place.libraries())
        process.wait_until(lambda: is_bound(port, protocol), f"port {port}")
        return Running(process, f"{protocol}://127.0.0.1:{port}", file)

    return Contender(f"{peer}, {'tuned' if tuned else 'default'}", text, start,
                     lambda place: None if place.tool(program) else f"{program} is not there", exact=tuned)


def peers(protocol):
    return [make(protocol, tuned) for make in (rsyslog, syslog_ng) for tuned in (False, True)]
