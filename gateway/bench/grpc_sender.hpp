// gRPC calls of weir.v1.Ingest over HTTP/2, with as many under way on a connection as --pipeline
// says: a Publish for each message, or with --batch a PublishStream for so many. The frames are
// ready-made and only stamped anew, so that a message costs far less than gRPC's own clients take.
// HTTP/2's flow control is kept.
#pragma once

#include "gateway/bench/grpc_answers.hpp"
#include "gateway/bench/grpc_frames.hpp"
#include "gateway/bench/sender.hpp"

#include <deque>
#include <string>
#include <unordered_map>

namespace weir::bench {

class grpc_sender : public sender {
public:
    grpc_sender(const send_options& o, const destination& to, unsigned thread);

    void run(const std::atomic<bool>& stop) override;

private:
    struct call {
        clock::time_point began;
        std::uint64_t messages; // sent
        std::uint64_t left;     // to be sent, while it is open
        std::int64_t window;    // what the peer takes of it yet
    };
    struct connection {
        unique_fd socket;
        unsigned from;
        std::uint64_t left; // messages
        std::uint64_t sent = 0;
        std::uint64_t refused = 0;
        std::uint32_t next_stream = 1;
        std::uint32_t open = 0; // the stream that is being sent, or 0
        std::int64_t window = http2_window;
        std::int64_t initial_window = http2_window; // of each call
        std::unordered_map<std::uint32_t, call> calls{};
        std::string rest{}; // of what the kernel took by half
        grpc_answers answers{};
        bool queued = false;
        bool ended = false;
    };
    bool streams() const { return options_.batch > 1; }
    std::int64_t event_size() const; // as flow control counts it

    void connect(connection& which); // and introduce; throws startup_error
    std::uint64_t room(const connection& of) const;
    void enqueue(connection& next); // if it may send
    void send(connection& to, std::uint64_t messages);
    void append(const std::string& frame, std::uint32_t stream); // to what goes out
    void open_call(connection& on, std::uint64_t messages);
    void end_stream(connection& on);
    void put(connection& to, std::string_view bytes);
    void look(clock::time_point until);
    void receive(connection& from);
    void take(connection& by, clock::time_point now); // what was heard
    void answered(connection& by, const grpc_answers::ended_call& end, clock::time_point now);
    void reconnect(connection& which);

    const destination& to_;
    grpc_frames frames_;
    message_buffer events_;
    std::vector<connection> connections_;
    readiness readiness_;
    std::deque<connection*> ready_; // to send, in turn
    std::uint64_t under_way_ = 0;   // calls, on all connections
    std::size_t unsent_ = 0;        // connections that have something left to send
    std::string out_;               // what goes out next
    std::string room_;              // to read into
    grpc_answers::heard heard_;
};

} // namespace weir::bench
