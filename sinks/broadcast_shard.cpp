#include "sinks/broadcast_shard.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

broadcast_shard::broadcast_shard(io_executor where, const broadcast_options& options,
                                 broadcast_times times, sink_books& books,
                                 std::shared_ptr<live_history> history,
                                 std::shared_ptr<const live_encoding> encoding)
    : executor_(where), client_buffer_(options.client_buffer.bytes), slow_(options.slow),
      times_(times), books_(books), timer_(where), now_(clock::now()), history_(std::move(history)),
      encoding_(std::move(encoding)), backlog_(encoding_->format()) {}

void broadcast_shard::start(std::shared_ptr<void> running) {
    if (state_ != state::fresh)
        return;
    state_ = state::running;
    running_ = std::move(running);
    await_sweep();
}

void broadcast_shard::add(websocket_connection connection, live_start from) {
    if (state_ != state::running)
        return; // the socket closes
    if (clients_.empty())
        next_ = history_->listen(listening_);
    std::string early = std::move(connection.early);
    const auto fresh = std::make_shared<broadcast_client>(*this, std::move(connection), from);
    fresh->index = clients_.size();
    clients_.push_back(fresh);
    books_.clients.add(1);
    fresh->begin(std::move(early));
}

// From the last to the first: one that is dropped meanwhile is replaced by one already seen.
void broadcast_shard::push(chunk_ptr chunk) {
    if (clients_.empty() || chunk->end() <= next_)
        return;
    next_ = chunk->end();
    if (!chunk->empty())
        backlog_.push(std::move(chunk));
    std::uint64_t oldest = backlog_.end();
    for (std::size_t i = clients_.size(); i-- > 0;) {
        broadcast_client& client = *clients_[i];
        if (client.closing())
            continue;
        client.write();
        if (!client.blocked() || client.replaying())
            continue;
        if (backlog_.end() - client.place() > client_buffer_) {
            if (slow_ == slow_client::skip)
                client.skip();
            else
                client.close(close_code::policy);
        }
        if (!client.closing())
            oldest = std::min(oldest, client.place());
    }
    backlog_.trim(oldest);
}

void broadcast_shard::client_unblocked() {
    if (--blocked_ == 0)
        backlog_.trim(backlog_.end());
}

void broadcast_shard::forget(broadcast_client& gone) {
    clients_.back()->index = gone.index;
    std::swap(clients_[gone.index], clients_.back());
    clients_.pop_back(); // its handlers, which are still to come, keep it
    books_.clients.add(-1);
    if (!clients_.empty())
        return;
    listening_.store(false, std::memory_order_release);
    if (state_ == state::finishing)
        end();
}

void broadcast_shard::sweep(clock::time_point now) {
    now_ = now;
    if (state_ == state::finishing && now >= deadline_)
        return stop();
    for (std::size_t i = clients_.size(); i-- > 0;)
        clients_[i]->sweep(now);
}

void broadcast_shard::await_sweep() {
    const clock::time_point next = clock::now() + times_.sweep;
    timer_.expires_at(state_ == state::finishing ? std::min(next, deadline_) : next);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
        if (self->state_ == state::ended)
            return;
        self->sweep(clock::now());
        self->await_sweep();
    });
}

void broadcast_shard::finish() {
    if (state_ != state::running)
        return;
    state_ = state::finishing;
    deadline_ = clock::now() + times_.flush;
    for (std::size_t i = clients_.size(); i-- > 0;)
        clients_[i]->finish();
    if (clients_.empty())
        end();
    timer_.cancel(); // to be set anew, for the deadline
}

void broadcast_shard::stop() {
    for (std::size_t i = clients_.size(); i-- > 0;)
        clients_[i]->drop();
    end();
}

void broadcast_shard::end() {
    if (std::exchange(state_, state::ended) == state::ended)
        return;
    ended_.store(true, std::memory_order_release);
    timer_.cancel();
    // Whoever waits for this may destroy what it belongs to: not while it is still under way here.
    boost::asio::post(executor_, [self = shared_from_this(), last = std::move(running_)] {});
}

} // namespace weir
