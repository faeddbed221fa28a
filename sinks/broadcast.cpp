#include "sinks/broadcast.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

namespace {

// Of one hand-over: enough for few system calls, little enough for memory that a slow client keeps.
constexpr std::size_t most_payload = 256 * 1024;

constexpr std::chrono::milliseconds last_looks{10}; // between them, at who still takes something

} // namespace

broadcast_sink::broadcast_sink(sink_setting setting, broadcast_options options,
                               broadcast_times times)
    : setting_(setting), times_(times), executor_(setting.executors.next()),
      reader_(setting.source, executor_, setting.filter()),
      channels_(std::make_shared<live_channels>(setting.executors.all(), std::move(options), times,
                                                setting.books, setting.listener_names)),
      feed_(std::make_shared<live_feed>(channels_->shared_history(), setting.books,
                                        setting.listener_names)),
      hand_overs_(std::make_shared<hand_overs>(executor_)), timer_(executor_) {
    setting_.books.set_target("/live"); // where it has a port of its own, the gateway names that
}

void broadcast_sink::start() {
    channels_->start(tasks_.hold());
    feed_->start(tasks_.hold());
    tasks_.spawn(executor_, run());
}

void broadcast_sink::stop_now() {
    reader_.stop();
    channels_->stop();
    feed_->stop();
}

http_routes broadcast_sink::routes() {
    const auto route = [this](route_kind kind, std::string_view path, live_format how) {
        http_route out{kind, std::string(path), false, {}, {}};
        out.admits = [among = channels_, how](const http_query& asked) {
            return among->admits(how, asked);
        };
        auto& taker = how == live_format::websocket ? out.websocket : out.stream;
        taker = [among = channels_, how](websocket_connection connection) {
            among->accept(how, std::move(connection));
        };
        return out;
    };
    http_route live = route(route_kind::live, "/live", live_format::websocket);
    live.subscribe = [among = feed_](const live_wish& wish, std::function<void()> wake) {
        return among->subscribe(wish, std::move(wake));
    };
    return {std::move(live), route(route_kind::events, "/events", live_format::sse)};
}

// Nothing taken from the queue is ever in hand while this waits: stopping it loses nothing of ours.
task<> broadcast_sink::run() {
    while (!reader_.finished()) {
        co_await reader_.wait();
        co_await pause();
        co_await hand_overs_->room();
        if (!reader_.stopped())
            hand_over();
    }
    channels_->finish();
    co_await see_off_subscribers();
}

task<> broadcast_sink::see_off_subscribers() {
    feed_->finish();
    const auto deadline = clock::now() + times_.flush;
    while (!feed_->empty() && !reader_.stopped() && clock::now() < deadline) {
        timer_.expires_after(last_looks);
        co_await timer_.async_wait(use_task_tuple);
    }
    feed_->stop();
}

task<> broadcast_sink::pause() {
    if (more_) { // no time to lose, but others live on this thread too
        co_await boost::asio::post(executor_, use_task);
        co_return;
    }
    // A fixed rest would cost a few clients latency for nothing.
    const auto rest = times_.rest * hand_overs_->took();
    const auto next = last_ + (listened_ ? std::min(rest, times_.coalesce) : times_.coalesce);
    if (clock::now() < next) {
        timer_.expires_at(next);
        co_await timer_.async_wait(use_task_tuple);
    }
}

// What is there, up to a size. Returns its payload.
std::uint64_t broadcast_sink::take() {
    std::uint64_t payload = 0;
    more_ = false;
    while (!more_) {
        batch_ptr next = reader_.try_take();
        if (!next)
            break;
        payload += next->payload();
        more_ = payload >= most_payload;
        taken_.push_back(std::move(next));
    }
    return payload;
}

void broadcast_sink::hand_over() {
    last_ = clock::now();
    const std::uint64_t missed = setting_.source.missed() - told_;
    told_ += missed;
    const auto taken = receive_clock::now();
    const std::uint64_t payload = take();
    if (missed == 0 && taken_.empty())
        return;

    // Whoever begins to listen after this finds in the history what is not sent to it here.
    std::vector<std::shared_ptr<live_channel>> channels;
    std::vector<std::vector<std::shared_ptr<broadcast_shard>>> listening;
    listened_ = false;
    channels_->history().append(missed, taken_, [&] {
        channels = channels_->all();
        for (const auto& channel : channels) {
            auto& shards = listening.emplace_back();
            for (const auto& shard : channel->shards())
                if (shard->listening())
                    shards.push_back(shard);
            listened_ = listened_ || !shards.empty();
        }
    });
    feed_->wake();
    const std::uint64_t first = next_;
    next_ += missed;
    std::uint64_t messages = 0;
    for (const batch_ptr& each : taken_)
        messages += each->size();
    next_ += messages;

    const std::shared_ptr<void> under_way = listened_ ? hand_overs_->begin() : nullptr;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (listening[i].empty())
            continue;
        const live_encoding& encoding = channels[i]->encoding();
        const auto chunk = std::make_shared<frame_chunk>(encoding.format(), first);
        if (missed > 0)
            chunk->begin_with_gap(missed);
        for (const batch_ptr& each : taken_)
            encoding.add(*each, *chunk);
        for (const auto& shard : listening[i])
            boost::asio::post(shard->executor(), [shard, chunk, under_way] { shard->push(chunk); });
    }
    const auto done = receive_clock::now();
    for (const batch_ptr& each : taken_)
        note_delivery(setting_.books, setting_.spans, *each, {each->size(), taken, done});
    taken_.clear();
    count_delivery(setting_.books, messages, payload);
}

} // namespace weir
