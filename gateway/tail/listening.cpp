#include "gateway/tail/listening.hpp"

#include "gateway/client/http_refusal.hpp"
#include "gateway/client/report_text.hpp"
#include "gateway/client/websocket_client.hpp"
#include "wire/live_envelope.hpp"
#include "wire/sse_parser.hpp"

#include <fmt/format.h>

namespace weir::tail {

using namespace client;

namespace {

constexpr std::chrono::seconds patience{10}; // for an answer
constexpr std::size_t most_line = 16u << 20;

std::string stream_request(const url& to, const tail_options& o, std::string_view last_id) {
    std::string head =
        fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: weir/" WEIR_VERSION
                    "\r\nAccept: {}\r\nCache-Control: no-store\r\n",
                    to.target, to.host_header(), o.raw ? "*/*" : "text/event-stream");
    head += authorization(o.access);
    if (!last_id.empty() && !o.raw)
        head += fmt::format("Last-Event-ID: {}\r\n", last_id);
    return head += "\r\n";
}

} // namespace

void say(const std::string& what) { fmt::print(stderr, "weir tail: {}\n", what); }

void listening::run() {
    if (options_.to.scheme == protocol::ws)
        run_websocket();
    else
        run_http();
}

url listening::next_url() const {
    url next = options_.to;
    next.target = tail_target(options_, out_.events() > 0 || !last_id_.empty(), last_id_);
    return next;
}

void listening::open() {
    opened_ = true;
    say(last_id_.empty()
            ? fmt::format("listening to {}", options_.to.shown())
            : fmt::format("listening to {} again, from behind {}", options_.to.shown(), last_id_));
}

void listening::take(std::string_view event) {
    if (const auto notice = read_live_notice(event)) {
        say(notice->what == live_notice::kind::gap
                ? plural(notice->missed, "event") + " missed"
                : "the server has started anew, and begins with all that it has");
        return;
    }
    if (!options_.asks_for_envelopes() || out_.full())
        return out_.put(event);
    const auto envelope = read_live_envelope(event);
    if (envelope)
        last_id_ = std::to_string(envelope->seq);
    if (envelope && !options_.meta)
        out_.put(envelope->event());
    else
        out_.put(event);
}

void listening::run_websocket() {
    websocket_client socket(next_url(), options_.access, waits_);
    open();
    try {
        while (!out_.full() && !socket.ended()) {
            std::string_view message;
            while (!out_.full() && socket.next(message))
                take(message);
            out_.flush();
            if (!out_.full() && !socket.ended())
                socket.read();
        }
    } catch (const stopped&) {
        socket.leave();
        throw;
    }
    socket.leave();
}

void listening::run_http() {
    const url to = next_url();
    byte_stream stream(to, options_.access, waits_);
    stream.write(stream_request(to, options_, last_id_), patience);
    http_reader reader(stream);
    const http_answer answer = reader.read_head(waiter::clock::now() + patience);
    if (answer.status != 200)
        refuse(to, reader, answer);
    const std::string_view type = answer.field("Content-Type");
    if (!options_.raw && !type.starts_with("text/event-stream"))
        throw startup_error(fmt::format("{} is no text/event-stream but {}", to.shown(),
                                        type.empty() ? "of no type" : type));
    open();
    sse_parser events;
    std::string lines;
    while (!out_.full()) {
        std::string_view bytes = reader.read_body();
        if (bytes.empty())
            return;
        if (options_.raw) {
            lines += bytes;
            take_lines(lines);
        } else {
            while (!out_.full() && events.next(bytes))
                take(events.event().data);
            if (!events.last_id().empty())
                last_id_ = events.last_id();
            retry_ = events.retry();
        }
        out_.flush();
    }
}

// All that are whole; an empty one is a sign of life.
void listening::take_lines(std::string& lines) {
    std::string_view rest = lines;
    for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty())
            take(line);
    }
    if (rest.size() > most_line)
        throw connection_fault("the server sends a line that is too long");
    lines.erase(0, lines.size() - rest.size());
}

} // namespace weir::tail
