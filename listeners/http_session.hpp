// One HTTP connection: waits until there is something, reads it in one chunk, answers every request
// in it with one write. A large buffer exists only between a read and its answer, so an idle
// connection costs little more than this object and its coroutine's frame.
//
// On the connection's executor. Ends where either side closes, at a fault in the framing, at a
// timeout (408 if a request had begun), when the port stops and the request under way is answered,
// or when the connection becomes a WebSocket or a stream.
#pragma once

#include "listeners/accept_span.hpp"
#include "listeners/http_answers.hpp"
#include "listeners/http_port.hpp"
#include "listeners/stream_io.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir {

class http_session {
public:
    static task<> serve(const http_port* port, std::shared_ptr<connection> peer);

private:
    // What comes next: more bytes, space in the queue, an answer that takes time, what takes the
    // connection over, or the end.
    enum class next { read, space, later, take_over, end };
    using phase = http_request_reader::phase;

    http_session(const http_port& port, connection& peer)
        : port_(port), io_(peer), reader_(port.limits) {}

    task<> run();
    task<> publish_patiently();
    task<> answer_later();
    task<> hand_over(std::string early);

    void set_deadline();
    void time_out();
    void break_off();
    void take(std::string_view& bytes);
    void judge(bool body_is_here);
    void answer();
    void ingest();
    void publish(batch_ptr messages);
    void take_beacon();
    void upgrade();
    void begin_stream();
    std::optional<http_answer> ask_route();
    void refuse(const http_refusal& why, bool close = false);
    answer_form form(bool close = false);
    void count(const http_refusal& why);
    bool stopping() { return io_.peer().stopping(); }

    const http_port& port_;
    stream_io io_;
    http_request_reader reader_;
    http_decision decision_;     // on the request under way
    std::optional<phase> timed_; // what the deadline is for
    next next_ = next::read;
    std::string out_;  // answers not written yet
    batch_ptr held_;   // while there is no space
    accept_span span_; // of the request under way, where it is traced
    receive_clock::time_point began_;
    std::string query_; // of what is taken over, and its Last-Event-ID
    std::string last_event_id_;
};

} // namespace weir
