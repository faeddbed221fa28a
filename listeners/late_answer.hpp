// The answer of a route that takes its time, between the session that waits for it on its own
// thread and whoever gives it on another. Shared by both.
#pragma once

#include "base/http_routes.hpp"

#include <boost/asio/post.hpp>
#include <memory>
#include <optional>

namespace weir {

struct late_answer {
    explicit late_answer(io_executor where)
        : executor(where), done(where, io_timer::time_point::max()) {}

    const io_executor executor;        // the session's
    io_timer done;                     // cancelled when there is an answer, or never will be
    std::optional<http_answer> answer; // the session's thread alone

    // Both are posted, so they find the session waiting already.
    static std::function<void(http_answer)> to(const std::shared_ptr<late_answer>& waiting) {
        const std::shared_ptr<void> dropped(nullptr, [waiting](std::nullptr_t) {
            boost::asio::post(waiting->executor, [waiting] { waiting->done.cancel(); });
        });
        return [waiting, dropped](http_answer answer) {
            boost::asio::post(waiting->executor, [waiting, answer = std::move(answer)]() mutable {
                waiting->answer = std::move(answer);
                waiting->done.cancel();
            });
        };
    }
};

} // namespace weir
