#include "sinks/live_channels.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

namespace {

// What a client holds on to: its place on the port, and its channel.
struct lease {
    std::shared_ptr<void> admitted;
    std::shared_ptr<live_channel> channel;
};

void post_to(const std::shared_ptr<broadcast_shard>& shard, void (broadcast_shard::*what)()) {
    boost::asio::post(shard->executor(), [shard, what] { ((*shard).*what)(); });
}

http_answer refused(unsigned status, std::string_view why) {
    http_answer out;
    out.status = status;
    out.content_type = "application/json";
    out.body = "{\"error\":\"" + std::string(why) + "\"}\n";
    if (status == 503)
        out.headers.emplace_back("Retry-After", "1");
    return out;
}

} // namespace

live_channels::live_channels(std::span<const io_executor> executors, broadcast_options options,
                             broadcast_times times, sink_books& books,
                             const std::vector<std::string>* listeners)
    : executors_(executors.begin(), executors.end()), options_(std::move(options)), times_(times),
      books_(books), listeners_(listeners),
      history_(std::make_shared<live_history>(options_.history.bytes)) {
    plain_ = make({});
}

std::shared_ptr<live_channel> live_channels::make(const live_key& key) {
    const auto encoding = std::make_shared<const live_encoding>(key, listeners_);
    std::vector<std::shared_ptr<broadcast_shard>> shards;
    for (const io_executor& each : executors_)
        shards.push_back(
            std::make_shared<broadcast_shard>(each, options_, times_, books_, history_, encoding));
    // The last client may go on any thread; its channel's shards end on theirs. Those that have
    // ended need not be told, and their threads may be gone.
    const std::shared_ptr<live_channel> fresh(new live_channel(encoding, std::move(shards)),
                                              [](live_channel* gone) {
                                                  const std::unique_ptr<live_channel> owned(gone);
                                                  for (const auto& shard : owned->shards())
                                                      if (!shard->ended())
                                                          post_to(shard, &broadcast_shard::stop);
                                              });
    channels_[key] = fresh;
    return fresh;
}

void live_channels::start(const std::shared_ptr<void>& running) {
    const std::lock_guard lock(mutex_);
    running_ = running;
    started_ = true;
    for (const auto& shard : plain_->shards())
        boost::asio::post(shard->executor(), [shard, running] { shard->start(running); });
}

// Null where there are too many, or the end has begun. Under the lock.
std::shared_ptr<live_channel> live_channels::find(const live_key& key) {
    if (closed_ || !started_)
        return nullptr;
    const auto known = channels_.find(key);
    if (known != channels_.end())
        if (auto channel = known->second.lock())
            return channel;
    std::erase_if(channels_, [](const auto& each) { return each.second.expired(); });
    if (channels_.size() >= most)
        return nullptr;
    auto fresh = make(key);
    for (const auto& shard : fresh->shards())
        boost::asio::post(shard->executor(),
                          [shard, running = running_] { shard->start(running); });
    return fresh;
}

http_answer live_channels::admits(live_format how, const http_query& asked) {
    const live_query wanted = parse_live_query(how, asked);
    if (!wanted.fault.empty())
        return refused(400, wanted.fault);
    {
        const std::lock_guard lock(mutex_);
        const auto known = channels_.find(wanted.key);
        const bool there = known != channels_.end() && !known->second.expired();
        const auto alive = std::count_if(channels_.begin(), channels_.end(),
                                         [](const auto& each) { return !each.second.expired(); });
        if (!there && static_cast<std::size_t>(alive) >= most)
            return refused(503, "too many different streams are listened to");
    }
    http_answer head;
    head.content_type =
        wanted.key.format == live_format::lines ? "application/x-ndjson" : "text/event-stream";
    head.headers.emplace_back("Cache-Control", "no-store");
    head.headers.emplace_back("X-Accel-Buffering", "no"); // a proxy is not to gather it
    return head;
}

void live_channels::accept(live_format how, websocket_connection connection) {
    const live_query wanted =
        parse_live_query(how, {{}, connection.query, connection.last_event_id});
    const auto home =
        std::find(executors_.begin(), executors_.end(), connection.socket.get_executor());
    if (home == executors_.end() || !wanted.fault.empty())
        return;
    std::shared_ptr<live_channel> channel;
    {
        const std::lock_guard lock(mutex_);
        channel = find(wanted.key);
    }
    if (!channel)
        return;
    const auto shard = channel->shards()[static_cast<std::size_t>(home - executors_.begin())];
    connection.admitted =
        std::make_shared<lease>(lease{std::move(connection.admitted), std::move(channel)});
    boost::asio::post(shard->executor(),
                      [shard, from = wanted.from, connection = std::move(connection)]() mutable {
                          shard->add(std::move(connection), from);
                      });
}

std::vector<std::shared_ptr<live_channel>> live_channels::all() {
    const std::lock_guard lock(mutex_);
    return alive();
}

std::vector<std::shared_ptr<live_channel>> live_channels::alive() {
    std::vector<std::shared_ptr<live_channel>> all;
    for (const auto& [key, each] : channels_)
        if (auto channel = each.lock())
            all.push_back(std::move(channel));
    return all;
}

// A channel that goes in this moment tells its shards by itself.
void live_channels::end(void (broadcast_shard::*how)()) {
    std::vector<std::shared_ptr<live_channel>> all;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        running_.reset();
        all = alive();
    }
    for (const auto& channel : all)
        for (const auto& shard : channel->shards())
            post_to(shard, how);
}

void live_channels::finish() { end(&broadcast_shard::finish); }
void live_channels::stop() { end(&broadcast_shard::stop); }

} // namespace weir
