// The clients of one channel of the live stream that live on one executor, and the stream they
// share. A chunk of frames is written to every client that can take it, at once; who can't waits
// for its own socket, and nobody waits for it. One who falls behind by more than client-buffer
// bytes skips to the newest or is closed, so what a shard keeps is bounded by that, however many
// are slow.
//
// A client that asked for what was before catches up with that stream first, by itself.
//
// Owned by its channel and by its own handlers. Made on any thread; everything else on the
// executor's, but for listening() and ended().
#pragma once

#include "base/books.hpp"
#include "base/http_routes.hpp"
#include "sinks/broadcast_client.hpp"
#include "sinks/broadcast_options.hpp"
#include "sinks/frame_backlog.hpp"
#include "sinks/live_encoding.hpp"
#include "sinks/live_history.hpp"
#include "sinks/live_query.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace weir {

class broadcast_shard final : public std::enable_shared_from_this<broadcast_shard> {
public:
    using clock = std::chrono::steady_clock;

    broadcast_shard(io_executor where, const broadcast_options& options, broadcast_times times,
                    sink_books& books, std::shared_ptr<live_history> history,
                    std::shared_ptr<const live_encoding> encoding);

    io_executor executor() const { return executor_; }
    bool listening() const { return listening_.load(std::memory_order_acquire); } // any thread
    bool ended() const { return ended_.load(std::memory_order_acquire); }         // any thread

    void start(std::shared_ptr<void> running); // held until the last client is gone
    void add(websocket_connection connection, live_start from = {});
    // Chunks follow one another by number from the moment in which listening() became true; one
    // from before that is left out.
    void push(chunk_ptr chunk);
    void finish(); // no chunk follows: each client gets what is there, a Close, and a short while
    void stop();   // now

    // Looks at every client: pings, drops the dead. The timer's, and tests'.
    void sweep(clock::time_point now);

    // For its clients.
    const frame_backlog& backlog() const { return backlog_; }
    std::uint64_t next() const { return next_; } // number of the first event that is still to come
    const live_encoding& encoding() const { return *encoding_; }
    const live_history& history() const { return *history_; }
    slow_client slow() const { return slow_; }
    const broadcast_times& times() const { return times_; }
    clock::time_point now() const { return now_; } // of the last sweep
    bool finishing() const { return state_ == state::finishing; }
    std::span<char> scratch() { return scratch_; } // to read into, for the length of one handler
    void client_blocked() { ++blocked_; }
    void client_unblocked();
    void missed(std::uint64_t events) { books_.missed_messages.add(events); }
    void forget(broadcast_client& gone);

private:
    enum class state { fresh, running, finishing, ended };
    void await_sweep();
    void end();

    const io_executor executor_;
    const std::uint64_t client_buffer_;
    const slow_client slow_;
    const broadcast_times times_;
    sink_books& books_;
    io_timer timer_;
    state state_ = state::fresh;
    clock::time_point now_;
    clock::time_point deadline_; // once finishing
    std::shared_ptr<void> running_;

    const std::shared_ptr<live_history> history_;
    const std::shared_ptr<const live_encoding> encoding_;
    frame_backlog backlog_;
    std::uint64_t next_ = 1;
    std::vector<std::shared_ptr<broadcast_client>> clients_;
    std::size_t blocked_ = 0;
    std::atomic<bool> listening_{false};
    std::atomic<bool> ended_{false};
    std::array<char, 16 * 1024> scratch_;
};

} // namespace weir
