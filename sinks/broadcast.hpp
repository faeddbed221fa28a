// The live stream: every event to every client, in order, from when it connected or from where it
// asked for, over WebSocket and as server-sent events (docs/live.md).
//
// One coroutine reads the queue, encodes what is there once for each channel that somebody listens
// to, and hands the bytes to the channel's shards, one an io thread; the clients live where they
// were accepted. It sends at once after a quiet moment; under load it rests between sends, the
// longer the more clients there are, up to a millisecond, and then sends everything since. While
// nobody listens nothing is encoded.
//
// The books: an event is delivered, once, when it was offered to everyone who listens, be it
// nobody. What slow clients were skipped over is `missed`, and each of them is told; so are all
// clients, in the same words, about what the queue gave up before it got here.
#pragma once

#include "sinks/broadcast_options.hpp"
#include "sinks/hand_overs.hpp"
#include "sinks/live_channels.hpp"
#include "sinks/live_feed.hpp"
#include "sinks/sink.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace weir {

class broadcast_sink final : public sink {
public:
    broadcast_sink(sink_setting setting, broadcast_options options, broadcast_times times = {});

    void open() override {}
    void start() override;
    void stop_now() override;
    http_routes routes() override; // /live and /events; they may outlive the sink
    task_group& tasks() override { return tasks_; }

private:
    using clock = std::chrono::steady_clock;

    task<> run();
    task<> see_off_subscribers();
    task<> pause();
    void hand_over();
    std::uint64_t take();

    sink_setting setting_;
    const broadcast_times times_;
    const io_executor executor_;
    async_reader reader_;
    const std::shared_ptr<live_channels> channels_;
    const std::shared_ptr<live_feed> feed_;
    std::shared_ptr<hand_overs> hand_overs_;
    io_timer timer_;
    task_group tasks_{"broadcast"};

    clock::time_point last_ = clock::time_point::min(); // hand-over
    bool listened_ = false;                             // anybody, then
    bool more_ = false;                                 // was left in the queue, then
    std::uint64_t told_ = 0;                            // of the queue's misses
    std::uint64_t next_ = 1;                            // event's number
    std::vector<batch_ptr> taken_;                      // and not handed over yet
};

} // namespace weir
