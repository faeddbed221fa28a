"""The roads that end in a file: UDP, TCP, HTTP, WebSocket, gRPC."""
from . import contender, gateway, node, syslog
from .measure import file_run
from .road import Case, Road

BLOCK = ("With `--when-full block` a full queue holds senders back, as all the others here do; that is the weir that "
         "is judged. By default its oldest messages go.")
SAME_BUFFER = ("--rcvbuf", str(4 << 20))  # as weir's default, and as much as the tuned peers ask for
START_AND_STOP = 1.5  # seconds of a run beside the sending


def case(title, contenders, options, seconds):
    options = {"size": 256, "duration": f"{seconds * 1000:.0f}ms"} | options
    return Case(title, contenders, lambda place, each: file_run(place, each, options, verify=True),
                seconds + START_AND_STOP)


def datagrams(seconds):
    floor = contender.floor("udp", *SAME_BUFFER)
    return [case("flat out", [floor, gateway.to_file("udp"), *syslog.peers("udp")], {}, seconds)]


def segmented(seconds):
    """Flat out, a sender with GSO drowns any receiver that it shares two cores with, so there is a rate, too."""
    plain = contender.floor("udp", *SAME_BUFFER)
    joined = contender.floor("udp", "--gro", *SAME_BUFFER, name="floor, GRO")
    weir = gateway.to_file("udp", joined=True)
    return [case("flat out", [plain, joined, weir, *syslog.peers("udp")], {"gso": True}, seconds),
            case("1,600,000 a second", [plain, joined, weir], {"gso": True, "rate": 1_600_000}, seconds)]


def lines(size, *connections):
    def cases(seconds):
        contenders = [contender.floor("tcp"), gateway.to_file("tcp"), gateway.held_back("tcp"), *syslog.peers("tcp")]
        return [case(many(count, "connection"), contenders, {"size": size, "connections": count}, seconds)
                for count in connections]

    return cases


def posts(seconds):
    contenders = [contender.floor("http"), gateway.to_file("http"), node.to_file("http")]
    return [case(many(count, "connection"), contenders, {"connections": count}, seconds) for count in (16, 64)]


def ndjson(seconds):
    return [case("16 connections, 100 lines a request", [gateway.to_file("http")],
                 {"connections": 16, "batch": 100}, seconds)]


def websocket(seconds):
    contenders = [contender.floor("tcp"), gateway.to_file("ws"), gateway.held_back("ws"), node.to_file("ws")]
    return [case(many(count, "connection"), contenders, {"connections": count}, seconds) for count in (1, 16)]


def calls(seconds):
    """Each beside the same messages over HTTP, in the same turns."""
    def contenders(weir):
        return [contender.floor("grpc"), weir("grpc"), over_http(weir), node.to_file("grpc")]

    one, streams = contenders(gateway.to_file), contenders(gateway.held_back)
    return [case("Publish, 16 connections, 1 call under way on each", one, {"connections": 16}, seconds),
            case("Publish, 4 connections, 64 calls under way on each", one, {"connections": 4, "pipeline": 64}, seconds),
            case("PublishStream, 4 connections, 1,000 events a call", streams, {"connections": 4, "batch": 1000}, seconds)]


def over_http(weir):
    other = weir("http")
    other.name += ", HTTP"
    return other


def many(count, noun):
    return f"{count:,} {noun}" + ("s" if count != 1 else "")


ROADS = [
    Road("udp", "UDP to a file, one datagram a send",
         "256-byte datagrams, sent flat out with sendmmsg; each becomes a line of a file.", datagrams),
    Road("udp-gso", "UDP to a file, GSO sender",
         "The same from a sender that hands the kernel many datagrams at a time (UDP_SEGMENT).", segmented),
    Road("tcp", "Lines over TCP to a file",
         "256-byte lines, sent flat out; a line in is a line of the file. " + BLOCK, lines(256, 1, 16)),
    Road("tcp-small", "Lines of 18 bytes over TCP to a file",
         "As above, where what each message costs is all there is.", lines(18, 1)),
    Road("http", "HTTP POST, one message a request",
         "Keep-alive connections, one request under way on each, 256-byte bodies. The floor only answers 204; "
         "the others also write each body to a file.", posts),
    Road("ndjson", "HTTP POST of NDJSON",
         "100 lines of 256 bytes in each request; the figures count messages.", ndjson),
    Road("grpc", "gRPC to a file",
         "256-byte events by `Publish`, a call each, or by `PublishStream`, 1,000 a call. The floor is the smallest "
         "server that libgrpc++ makes of the same service; it answers, and keeps and writes nothing. Beside it the same "
         "messages over HTTP, a POST each or 1,000 lines of NDJSON a request, with as many requests under way. "
         "The generator is `weir bench`, with ready-made HTTP/2 frames and without libgrpc; with many calls under way it takes "
         "a sixth of the CPU time of the floor, of a stream a fifteenth.", calls),
    Road("ws", "WebSocket messages to a file",
         "256-byte text messages, masked, as every client sends them. The floor is that of TCP lines, in the same turns. "
         + BLOCK, websocket),
]
