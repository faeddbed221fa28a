// Framed messages over TCP and unix streams, and WebSocket frames: as much a system call as is due,
// up to 128 KiB. In the end it closes its side and waits until the receiver has closed the other,
// so that all it counts was taken.
#pragma once

#include "gateway/bench/frame_walker.hpp"
#include "gateway/bench/message_buffer.hpp"
#include "gateway/bench/sender.hpp"

#include <deque>
#include <string>

namespace weir::bench {

class stream_sender : public sender {
public:
    stream_sender(const send_options& o, const destination& to, unsigned thread);

    void run(const std::atomic<bool>& stop) override;

private:
    enum class phase { open, blocked, ended }; // blocked: the kernel's buffer is full
    struct connection {
        unique_fd socket;
        unsigned from;
        std::uint64_t left;
        std::uint64_t sent = 0;
        std::string rest{}; // of the message under way, and what else goes before the next
        phase state = phase::open;
        bool shut = false;
        frame_walker walker{};
        std::string tail{}; // of what was read, for the walker
    };
    bool is_websocket() const { return options_.to.scheme == protocol::ws; }

    void send(connection& to, std::size_t count);
    std::size_t put(connection& to, std::string_view messages); // behind what is left over
    bool look(clock::time_point until);                         // false: nothing happened
    void receive(connection& from);
    void take(connection& from, std::string_view bytes);
    void end(connection& of, bool broken);
    void finish(const std::atomic<bool>& stop);
    void close(connection& of); // as soon as the kernel has taken all

    masking_key key_;
    message_buffer messages_;
    std::vector<connection> connections_;
    readiness readiness_;
    std::deque<connection*> ready_; // to send, in turn
    std::size_t unsent_ = 0;        // connections that have something left to send
    std::size_t living_ = 0;
    bool closing_ = false;
    std::string room_; // to read into
};

} // namespace weir::bench
