// `--stats`: answers questions about the counters in Redis, as JSON (sinks/stats_question.hpp). It
// never writes, and never blocks Redis: lists come from SCAN, a piece at a time.
//
// It lives on one io thread; asked from any. Up to most_connections questions are looked up at
// once, each over a connection that is kept for the next; more get 503, as do all where Redis is
// away, says no, or takes longer than the timeout. Shared by its routes and its coroutines.
#pragma once

#include "base/log.hpp"
#include "base/task_group.hpp"
#include "sinks/redis_connection.hpp"
#include "sinks/stats_question.hpp"

#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace weir {

class stats_service : public std::enable_shared_from_this<stats_service> {
public:
    static constexpr std::size_t most_connections = 8;
    static constexpr std::size_t most_names = 10'000; // of one list

    stats_service(io_executor where, const stats_options& options); // throws usage_error

    void open(); // before anything is asked
    http_routes routes();
    void stop(); // any thread: ends what is under way, and everything to come, with 503

private:
    using clock = std::chrono::steady_clock;
    using answer_to = std::function<void(http_answer)>;

    void ask(const http_query& query, answer_to done);
    // `self` keeps it alive as long as the coroutine runs.
    task<> serve(std::shared_ptr<stats_service> self, stats_question question, answer_to done);
    task<http_answer> look_up(redis_connection& over, const stats_question& question);
    task<http_answer> list(redis_connection& over, const stats_question& question);
    task<http_answer> counts(redis_connection& over, const stats_question& question);
    task<bool> exchange(redis_connection& over, std::string_view commands, std::size_t replies,
                        clock::time_point until, std::vector<resp_value>& got);
    http_answer no_redis(const redis_connection& over);

    const stats_options options_;
    const io_executor executor_;
    std::optional<boost::asio::ssl::context> tls_;
    task_group tasks_{"stats"};
    log_limit faults_{"stats"};

    // The executor's thread alone.
    std::vector<std::unique_ptr<redis_connection>> idle_;
    std::set<redis_connection*> busy_;
    bool stopped_ = false;
};

} // namespace weir
