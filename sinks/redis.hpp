// `--redis`: counts events in the hashes of a Redis, by account, topic, year, month, day and hour.
//
// One coroutine reads the queue and sums; another sends what has been summed meanwhile, as few
// transactions, one after another. So the more there is to do, the fewer commands an event costs,
// and while Redis is away the sums grow no faster than there are new accounts, topics and hours:
// up to max-keys of them are kept beside the part under way, and an event that needs one more is
// lost (gave_up).
//
// Each event is counted once, also where a connection breaks within a transaction: see
// sinks/redis_transaction.hpp. Delivered is what Redis has acknowledged, and at once what counts
// nowhere. Counters that Redis refuses (no hash, not a number) are lost (rejected), and so are
// events with a name longer than longest_name.
//
// A traced batch is delivered when Redis has the last of the sums that its events are in. It has
// failed where an event of it was lost, or where Redis refused a counter of those that were sent
// for as many: which events that one was for, nobody knows any more.
//
// Everything runs on one thread of the sink's own, because it reads every event's JSON.
#pragma once

#include "base/log.hpp"
#include "base/topic_filter.hpp"
#include "sinks/backoff.hpp"
#include "sinks/event_reader.hpp"
#include "sinks/receipt_times.hpp"
#include "sinks/redis_connection.hpp"
#include "sinks/redis_options.hpp"
#include "sinks/redis_transaction.hpp"
#include "sinks/sink.hpp"
#include "sinks/tally.hpp"
#include "sinks/worker.hpp"

#include <optional>

namespace weir {

class redis_sink final : public sink {
public:
    static constexpr std::size_t longest_name = 512; // bytes of an account, a topic, a status
    static constexpr std::size_t most_traced = 8192; // batches that wait; others leave no spans

    redis_sink(const redis_options& options, const sink_setting& setting); // throws usage_error
    ~redis_sink() override;

    void open() override;
    void start() override;
    void stop_now() override;
    task_group& tasks() override { return tasks_; }

private:
    struct traced_batch {
        std::shared_ptr<const trace_context> trace;
        receive_clock::time_point received;
        delivery_outcome outcome;
    };
    // What is sent together, in parts.
    struct waiting {
        tallies sums;
        receipt_times received;
        std::vector<traced_batch> traced; // whose last events are here
        bool refused = false;             // a counter, by Redis
    };

    task<> gather();
    void count(const batch& events);
    tally_view tally_of(std::string_view event, std::string_view topic,
                        receive_clock::time_point received);
    waiting* put(const tally_view& event, std::size_t bytes);
    void trace(const batch& events, waiting* last, const delivery_outcome& outcome);
    void end_traces();

    task<> send();
    task<bool> deliver();
    task<bool> apply(const redis_transaction& what, std::uint64_t& refused);
    task<std::optional<std::uint64_t>> connect();
    task<> pause(const std::string& why);
    void settle(const event_total& sent, std::uint64_t refused);

    const redis_options options_;
    sink_books& books_;
    span_recorder* const spans_;
    worker thread_;
    task_group tasks_{"redis"};
    std::optional<boost::asio::ssl::context> tls_;

    // That thread's alone.
    async_reader reader_;
    const topic_filter topics_; // that count
    event_reader events_;
    waiting gathered_;
    waiting sending_;       // goes first, a part at a time
    event_total under_way_; // the part that was taken out of sending_ and is not acknowledged
    bool all_read_ = false;
    io_timer wake_; // whoever sends, when there is something
    io_timer nap_;
    std::optional<redis_connection> connection_;
    const redis_marker marker_;
    std::uint64_t number_ = 0; // of the last transaction
    backoff naps_;
    log_limit retries_{"redis"};
    log_limit losses_{"redis"};
};

} // namespace weir
