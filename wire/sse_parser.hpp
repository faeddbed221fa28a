// The events of a text/event-stream (WHATWG HTML, sections 9.2.5 and 9.2.6), however its bytes were
// cut. One parser a connection, used by its thread; knows no socket. Sizes in bytes.
//
//     while (parser.next(bytes)) use(parser.event());     // until `bytes` is all taken
//
// Nothing is an error: what the standard ignores is ignored. Beyond the standard, an event whose
// data or type grows over `max_event` is dropped whole and counted, so that memory is bounded. What
// is unfinished when the stream ends is no event, as the standard has it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct sse_event {
    std::string type;    // "message" where the stream names none
    std::string data;    // its lines with LF between them
    std::string last_id; // the stream's last event ID as of this event; may be empty
};

class sse_parser {
public:
    explicit sse_parser(std::size_t max_event = std::size_t{16} << 20) : max_event_(max_event) {}

    // Takes from the front of `bytes` up to the end of the next event. False: all was taken, and no
    // event is complete.
    bool next(std::string_view& bytes);

    const sse_event& event() const { return event_; } // until the next call

    // What Last-Event-ID says when connecting again: also that of an event without data.
    const std::string& last_id() const { return last_id_; }
    std::optional<std::chrono::milliseconds> retry() const { return retry_; } // as last told
    std::uint64_t oversize() const { return oversize_; }                      // events dropped

private:
    bool end_line();
    void take_field(std::string_view name, std::string_view value);
    bool dispatch();

    std::size_t max_event_;
    std::string line_; // as far as it has come
    bool line_too_long_ = false;
    bool after_cr_ = false; // a LF that follows belongs to it
    bool first_line_ = true;

    std::string type_;
    std::string data_; // each line with its LF
    bool has_data_ = false;
    bool too_long_ = false;
    std::string id_; // becomes last_id_ with the event
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    std::uint64_t oversize_ = 0;
    sse_event event_;
};

} // namespace weir
