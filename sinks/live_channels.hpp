// The channels of a live stream: each is what one kind of client is sent (sinks/live_query.hpp),
// with a shard on every io executor, and the events are encoded once for each. The plain channel is
// there from the beginning; every other comes with its first client and goes with its last.
//
// The sink owns it together with the routes it offers, which may outlive the sink: after finish()
// or stop() nobody gets in any more. Any thread.
#pragma once

#include "sinks/broadcast_shard.hpp"
#include "sinks/live_encoding.hpp"
#include "sinks/live_history.hpp"
#include "sinks/live_query.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace weir {

class live_channel {
public:
    live_channel(std::shared_ptr<const live_encoding> encoding,
                 std::vector<std::shared_ptr<broadcast_shard>> shards)
        : encoding_(std::move(encoding)), shards_(std::move(shards)) {}

    const live_encoding& encoding() const { return *encoding_; }
    std::span<const std::shared_ptr<broadcast_shard>> shards() const { return shards_; }

private:
    std::shared_ptr<const live_encoding> encoding_;
    std::vector<std::shared_ptr<broadcast_shard>> shards_;
};

class live_channels final {
public:
    static constexpr std::size_t most = 64; // each costs an encoding of every event

    // `books` and `listeners` (sinks/live_encoding.hpp) outlive every client.
    live_channels(std::span<const io_executor> executors, broadcast_options options,
                  broadcast_times times, sink_books& books,
                  const std::vector<std::string>* listeners);

    void start(const std::shared_ptr<void>& running); // held until the last client is gone

    // 200 and the head of a stream, or what is wrong with what is asked for.
    http_answer admits(live_format how, const http_query& asked);
    // A connection stays on the thread that accepted it. One from elsewhere is nobody's, and
    // closes, and so does one for which there is no room any more.
    void accept(live_format how, websocket_connection connection);

    std::vector<std::shared_ptr<live_channel>> all();
    live_history& history() { return *history_; }
    const std::shared_ptr<live_history>& shared_history() const { return history_; }

    void finish(); // see broadcast_shard
    void stop();

private:
    std::shared_ptr<live_channel> find(const live_key& key);
    std::shared_ptr<live_channel> make(const live_key& key);
    std::vector<std::shared_ptr<live_channel>> alive(); // under the lock
    void end(void (broadcast_shard::*how)());

    const std::vector<io_executor> executors_;
    const broadcast_options options_;
    const broadcast_times times_;
    sink_books& books_;
    const std::vector<std::string>* const listeners_;
    const std::shared_ptr<live_history> history_;

    std::mutex mutex_;
    std::shared_ptr<void> running_;
    bool started_ = false;
    bool closed_ = false;
    std::shared_ptr<live_channel> plain_; // kept though nobody listens
    std::map<live_key, std::weak_ptr<live_channel>> channels_;
};

} // namespace weir
