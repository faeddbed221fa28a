// POST requests on connections that are kept: as many under way on each as --pipeline says, those
// that are due written at once, each answered before the next takes its place.
#pragma once

#include "gateway/bench/http_answers.hpp"
#include "gateway/bench/message_buffer.hpp"
#include "gateway/bench/sender.hpp"

#include <deque>
#include <string>

namespace weir::bench {

class http_sender : public sender {
public:
    http_sender(const send_options& o, const destination& to, unsigned thread);

    void run(const std::atomic<bool>& stop) override;

private:
    struct connection {
        unique_fd socket;
        unsigned from;
        std::uint64_t left;     // requests
        std::uint64_t sent = 0; // messages
        std::uint64_t refused = 0;
        std::deque<clock::time_point> under_way{}; // when each was sent
        std::string rest{};                        // of a request that the kernel took by half
        http_answers answers{};
        bool queued = false;
        bool ended = false;
    };
    void enqueue(connection& next); // if it may send
    void send(connection& to, std::size_t requests);
    void put(connection& to, std::string_view bytes);
    void look(clock::time_point until);
    void receive(connection& from);
    void answered(connection& by, unsigned status, clock::time_point now);
    void reconnect(connection& which);
    void watch(const connection& which);

    const destination& to_;
    message_buffer requests_;
    std::vector<connection> connections_;
    readiness readiness_;
    std::deque<connection*> ready_; // to send, in turn
    std::uint64_t under_way_ = 0;   // requests, on all connections
    std::size_t unsent_ = 0;        // connections that have something left to send
    std::string room_;              // to read into
    std::vector<unsigned> statuses_;
};

} // namespace weir::bench
