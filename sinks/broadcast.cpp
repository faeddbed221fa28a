#include "sinks/broadcast.hpp"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

namespace {

// Of one hand-over: enough for few system calls, little enough for memory that a slow client keeps.
constexpr std::size_t most_payload = 256 * 1024;

} // namespace

broadcast_sink::broadcast_sink(sink_setting setting, broadcast_options options,
                               broadcast_times times)
    : setting_(setting), times_(times), executor_(setting.executors.next()),
      reader_(setting.source, executor_, setting.filter()),
      hand_overs_(std::make_shared<hand_overs>(executor_)), timer_(executor_) {
    setting_.books.target = "/live"; // where it has a port of its own, the gateway names that
    for (const io_executor& each : setting.executors.all())
        shards_.push_back(std::make_shared<broadcast_shard>(each, options, times, setting.books));
}

void broadcast_sink::start() {
    for (const auto& shard : shards_)
        boost::asio::post(shard->executor(), [shard, running = tasks_.hold()]() mutable {
            shard->start(std::move(running));
        });
    tasks_.spawn(executor_, run());
}

void broadcast_sink::stop_now() {
    reader_.stop();
    for (const auto& shard : shards_)
        boost::asio::post(shard->executor(), [shard] { shard->stop(); });
}

http_routes broadcast_sink::routes() {
    http_route live{route_kind::live, "/live", false, {}, {}};
    live.websocket = [among = shards_](websocket_connection connection) {
        accept(among, std::move(connection));
    };
    return {std::move(live)};
}

// A connection stays on the thread that accepted it. One from elsewhere is nobody's, and closes.
void broadcast_sink::accept(const shards& among, websocket_connection connection) {
    const auto home = std::find_if(among.begin(), among.end(), [&](const auto& shard) {
        return shard->executor() == connection.socket.get_executor();
    });
    if (home == among.end())
        return;
    boost::asio::dispatch((*home)->executor(),
                          [shard = *home, connection = std::move(connection)]() mutable {
                              shard->add(std::move(connection));
                          });
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
    for (const auto& shard : shards_)
        boost::asio::post(shard->executor(), [shard] { shard->finish(); });
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

void broadcast_sink::hand_over() {
    last_ = clock::now();
    listened_ = std::any_of(shards_.begin(), shards_.end(),
                            [](const auto& shard) { return shard->listening(); });
    const auto chunk = std::make_shared<frame_chunk>();
    const std::uint64_t missed = setting_.source.missed();
    if (listened_ && missed != told_)
        chunk->begin_with_gap(missed - told_);
    told_ = missed;

    std::uint64_t messages = 0;
    std::uint64_t payload = 0;
    more_ = false;
    while (!more_) {
        const batch_ptr next = reader_.try_take();
        if (!next)
            break;
        if (listened_)
            chunk->add(*next);
        messages += next->size();
        payload += next->payload();
        more_ = payload >= most_payload;
    }
    if (!chunk->empty()) {
        const std::shared_ptr<void> under_way = hand_overs_->begin();
        for (const auto& shard : shards_)
            if (shard->listening())
                boost::asio::post(shard->executor(),
                                  [shard, chunk, under_way] { shard->push(chunk); });
    }
    setting_.books.delivered_messages.add(messages);
    setting_.books.delivered_bytes.add(payload);
}

} // namespace weir
