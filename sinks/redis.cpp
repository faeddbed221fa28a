#include "sinks/redis.hpp"

#include "queues/topics.hpp"

#include <array>
#include <fmt/format.h>
#include <random>
#include <utility>

namespace weir {

namespace {

// Redis does nothing else while it executes one.
constexpr std::size_t most_counters = 5'000;
constexpr std::size_t tallies_at_a_time = 1'000; // up to 16 counters each
constexpr duration first_nap(50);
constexpr duration longest_nap(5'000);
constexpr duration longest_time = std::chrono::hours(24 * 366 * 10);
constexpr unsigned batches_at_a_time = 16;
constexpr std::string_view order_topic = "order";

void check_options(const redis_options& options) {
    const auto need = [](bool right, const char* what) {
        if (!right)
            throw usage_error(what);
    };
    options.naming.check();
    need(options.max_keys >= 1, "option max-keys: must be at least 1");
    need(options.timeout.count() > 0 && options.timeout <= std::chrono::hours(1),
         "option timeout: must be from 1ms to 1h");
    need(options.expire.count() == 0 ||
             (options.expire >= std::chrono::seconds(1) && options.expire <= longest_time),
         "option expire: must be 0, or from 1s to 10 years");
    options.tls.check(options.url.tls, "rediss");
}

topic_filter counted_topics(const redis_options& options) {
    try {
        return topic_filter(options.topics);
    } catch (const usage_error& wrong) {
        throw usage_error(std::string("option topics: ") + wrong.what());
    }
}

std::string marker_key() {
    std::random_device random;
    return fmt::format("weir:{:08x}{:08x}{:08x}{:08x}:applied", random(), random(), random(),
                       random());
}

} // namespace

redis_sink::redis_sink(const redis_options& options, const sink_setting& setting)
    : options_(options), books_(setting.books), spans_(setting.spans),
      reader_(setting.source, thread_.executor(), setting.filter()),
      topics_(counted_topics(options)), events_(options.account),
      wake_(thread_.executor(), io_timer::time_point::max()), nap_(thread_.executor()),
      marker_(marker_key()), naps_(first_nap, longest_nap) {
    check_options(options_);
    books_.set_target(options_.url.shown());
}

redis_sink::~redis_sink() { thread_.stop(); }

void redis_sink::open() {
    if (options_.url.tls)
        tls_.emplace(client_tls(options_.url.host, options_.tls, "redis"));
}

void redis_sink::start() {
    connection_.emplace(thread_.executor(), options_.url, tls_ ? &*tls_ : nullptr);
    tasks_.spawn(thread_.executor(), gather());
    tasks_.spawn(thread_.executor(), send());
    thread_.start("weir-redis");
}

void redis_sink::stop_now() {
    reader_.stop();
    thread_.post([this, held = tasks_.hold()] {
        connection_->abort();
        nap_.cancel();
        wake_.cancel();
    });
}

task<> redis_sink::gather() {
    for (unsigned n = 1;; ++n) {
        const batch_ptr next = co_await reader_.take();
        if (!next)
            break;
        count(*next);
        wake_.cancel();
        if (n % batches_at_a_time == 0) // a full queue would never let anyone else run
            co_await boost::asio::post(thread_.executor(), use_task);
    }
    all_read_ = true;
    wake_.cancel();
}

void redis_sink::count(const batch& events) {
    const batch_topics& topics = topics_of(events);
    const auto taken = receive_clock::now();
    event_total nowhere;
    waiting* last = nullptr;
    bool lost = false;
    std::size_t index = 0;
    for (const std::string_view event : events) {
        const tally_view as = tally_of(event, topics[index++], events.received());
        if (!as.counts()) {
            nowhere.add({1, event.size()});
            continue;
        }
        waiting* const in = put(as, event.size());
        lost = lost || !in;
        if (!in)
            continue;
        in->received.add(events.received(), 1);
        last = last == &gathered_ ? last : in;
    }
    count_delivery(books_, nowhere.messages, nowhere.bytes);
    time_delivery(books_, nowhere.messages, events.received(), taken);
    trace(events, last, {events.size(), taken, taken, lost});
}

tally_view redis_sink::tally_of(std::string_view event, std::string_view topic,
                                receive_clock::time_point received) {
    tally_view as;
    if (!topics_.empty() && !topics_.matches(topic))
        return as;
    const event_facts facts = events_.read(event);
    as.topic = topic;
    as.account = facts.account;
    as.unique = facts.unique;
    if (as.topic == order_topic)
        as.status = facts.status;
    using std::chrono::floor;
    using std::chrono::hours;
    const auto hour = facts.time ? floor<hours>(*facts.time) : floor<hours>(received);
    as.hour = hour.time_since_epoch().count();
    return as;
}

// Where the event is counted; null: lost.
redis_sink::waiting* redis_sink::put(const tally_view& event, std::size_t bytes) {
    if (std::max({event.account.size(), event.topic.size(), event.status.size()}) > longest_name) {
        books_.lost_messages[loss::rejected].add();
        losses_.warn("{}: an event with a name of more than {} bytes is not counted", books_.target,
                     longest_name);
        return nullptr;
    }
    if (sending_.sums.add(event, bytes, 0))
        return &sending_;
    const std::size_t room = options_.max_keys - std::min(options_.max_keys, sending_.sums.size());
    if (gathered_.sums.add(event, bytes, room))
        return &gathered_;
    books_.lost_messages[loss::gave_up].add();
    losses_.warn("{}: more than {} sums wait; events are lost", books_.target, options_.max_keys);
    return nullptr;
}

// `last` is what the last of its events wait in; null: none waits.
void redis_sink::trace(const batch& events, waiting* last, const delivery_outcome& outcome) {
    if (!spans_ || !events.trace() || !events.trace()->sampled())
        return;
    if (!last)
        record_way(*spans_, books_, events, outcome);
    else if (last->traced.size() < most_traced)
        last->traced.push_back({events.origin().trace, events.received(), outcome});
}

// All that was to be sent is.
void redis_sink::end_traces() {
    const auto now = receive_clock::now();
    for (traced_batch& each : sending_.traced) {
        each.outcome.done = now;
        each.outcome.failed = each.outcome.failed || sending_.refused;
        record_way(*spans_, books_, each.trace.get(), each.received, each.outcome);
    }
    sending_.traced.clear();
    sending_.refused = false;
}

task<> redis_sink::send() {
    bool going = true;
    while (going) {
        if (reader_.stopped())
            break;
        if (gathered_.sums.empty() && all_read_)
            break;
        if (gathered_.sums.empty()) {
            co_await wake_.async_wait(use_task_tuple);
            continue;
        }
        std::swap(gathered_, sending_);
        going = co_await deliver();
    }
    books_.lost_messages[loss::shutdown].add(gathered_.sums.messages() + sending_.sums.messages() +
                                             under_way_.messages);
    gathered_ = {};
    sending_ = {};
    if (connection_->is_open() && !reader_.stopped()) {
        const std::string forget = marker_.forget();
        co_await connection_->exchange(forget, 1, options_.timeout);
    }
    connection_->close();
}

// What was gathered, until Redis has all of it. False: stopped before that.
task<bool> redis_sink::deliver() {
    const auto expire = std::chrono::ceil<std::chrono::seconds>(options_.expire);
    while (!sending_.sums.empty()) {
        counters sums;
        under_way_ = sending_.sums.take(sums, options_.naming, tallies_at_a_time);
        std::uint64_t refused = 0;
        while (!sums.empty()) {
            const redis_transaction next =
                marker_.transaction(sums, most_counters, ++number_, expire);
            const bool applied = co_await apply(next, refused);
            if (!applied)
                co_return false;
        }
        settle(std::exchange(under_way_, {}), refused);
    }
    end_traces();
    co_return true;
}

task<bool> redis_sink::apply(const redis_transaction& what, std::uint64_t& refused) {
    using verdict = redis_transaction::verdict;
    bool sent = false;
    while (!reader_.stopped()) {
        if (!connection_->is_open()) {
            const auto last = co_await connect();
            if (last && sent && *last == number_)
                co_return true;
            if (!last) {
                co_await pause(connection_->fault());
                continue;
            }
        }
        sent = true;
        const auto got =
            co_await connection_->exchange(what.commands, what.replies, options_.timeout);
        const verdict says = what.judge(got);
        if (says == verdict::applied) {
            naps_.reset();
            const std::uint64_t some = what.refused_counts(got);
            if (some > 0)
                losses_.warn("{}: {} counts were refused: {}", books_.target, some,
                             loggable(what.first_error(got)));
            refused += some;
            co_return true;
        }
        std::string why = loggable(what.first_error(got));
        if (why.empty())
            why = says == verdict::aborted ? "a transaction was aborted" : connection_->fault();
        connection_->close();
        co_await pause(why);
    }
    co_return false;
}

// The number of the last transaction that was applied; nothing where there is no connection.
task<std::optional<std::uint64_t>> redis_sink::connect() {
    std::optional<std::uint64_t> last;
    const bool open = co_await connection_->open(options_.timeout);
    if (!open)
        co_return last;
    const std::string look = marker_.look();
    const auto got =
        co_await connection_->exchange(look, redis_marker::look_replies, options_.timeout);
    last = redis_marker::last_applied(got);
    if (!last && connection_->is_open())
        connection_->fail(loggable(redis_transaction::first_error(got)));
    co_return last;
}

task<> redis_sink::pause(const std::string& why) {
    if (reader_.stopped())
        co_return;
    books_.retries.add();
    retries_.warn("{}: {}; trying again", books_.target, why);
    nap_.expires_after(naps_.next());
    co_await nap_.async_wait(use_task_tuple);
}

// A refused counter has missed that many events, which others may have counted.
void redis_sink::settle(const event_total& sent, std::uint64_t refused) {
    const std::uint64_t lost = std::min(refused, sent.messages);
    const std::uint64_t counted = sent.messages - lost;
    books_.lost_messages[loss::rejected].add(lost);
    count_delivery(books_, counted, lost == 0 ? sent.bytes : sent.bytes / sent.messages * counted);
    const auto now = receive_clock::now();
    sending_.received.take(counted, [&](receive_clock::time_point received, std::uint64_t some) {
        time_delivery(books_, some, received, now);
    });
    sending_.received.take(lost, [](receive_clock::time_point, std::uint64_t) {});
    sending_.refused = sending_.refused || lost > 0;
}

} // namespace weir
