// How much of the stream is on its way to the shards. Few at a time, so that while they are busy
// events gather in the queue, which is bounded and counts, and not in their mailboxes.
#pragma once

#include "base/executor.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>

namespace weir {

class hand_overs final : public std::enable_shared_from_this<hand_overs> {
public:
    explicit hand_overs(io_executor where) : executor_(where), done_(where) {}

    // Suspends while as many are under way as may be; on the executor.
    task<> room() {
        while (under_way_ >= most) {
            done_.expires_at(io_timer::time_point::max());
            co_await done_.async_wait(use_task_tuple);
        }
    }

    // One more; it is over when the last copy is gone, on whatever thread. On the executor.
    std::shared_ptr<void> begin() {
        ++under_way_;
        return {nullptr, [self = shared_from_this(), begun = clock::now()](std::nullptr_t) {
                    boost::asio::post(self->executor_, [self, took = clock::now() - begun] {
                        self->took_ = took;
                        --self->under_way_;
                        self->done_.cancel();
                    });
                }};
    }

    std::chrono::steady_clock::duration took() const { return took_; } // the last that is over

private:
    using clock = std::chrono::steady_clock;
    static constexpr int most = 2; // one being written, one ready for when it is

    const io_executor executor_;
    io_timer done_;
    int under_way_ = 0;
    clock::duration took_{};
};

} // namespace weir
