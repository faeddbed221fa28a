#include "listeners/connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

namespace asio = boost::asio;

connection::connection(stream_socket accepted, const asio::ip::address& from,
                       std::shared_ptr<connection_registry> registry,
                       std::shared_ptr<void> admitted)
    : executor(accepted.get_executor()), socket(std::move(accepted)), peer(from),
      registry_(std::move(registry)), admitted_(std::move(admitted)) {}

connection::~connection() { registry_->remove(*this); }

std::shared_ptr<void> connection::hand_over() {
    registry_->remove(*this);
    return std::move(admitted_);
}

void connection::expire() {
    // It was told to wait longer in the time this took to get here, or was handed over.
    clock::rep seen = expired;
    if (!deadline_.compare_exchange_strong(seen, never) || !admitted_)
        return;
    if (on_expired) {
        on_expired();
    } else {
        boost::system::error_code ignored;
        socket.close(ignored);
    }
}

void connection::stop() {
    if (stopping_ || !admitted_)
        return;
    stopping_ = true;
    if (on_stop) {
        on_stop();
    } else {
        boost::system::error_code ignored;
        socket.cancel(ignored);
    }
}

// Whose session watches the descriptor closes it itself, for the number would be another's at once.
void connection::close() {
    stopping_ = true;
    if (!admitted_)
        return;
    boost::system::error_code ignored;
    if (on_stop) {
        socket.shutdown(stream_socket::shutdown_both, ignored);
        on_stop();
    } else {
        socket.close(ignored);
    }
}

std::shared_ptr<void> connection_registry::admit() {
    if (admitted_.load(std::memory_order_relaxed) >= most_) // one thread admits
        return nullptr;
    admitted_.fetch_add(1, std::memory_order_relaxed);
    books_.connections.add(1);
    return {this, [self = shared_from_this()](void*) {
                self->books_.connections.add(-1);
                self->admitted_.fetch_sub(1, std::memory_order_relaxed);
            }};
}

std::shared_ptr<connection> connection_registry::open(stream_socket accepted,
                                                      const asio::ip::address& peer,
                                                      std::shared_ptr<void> admitted) {
    auto fresh = std::make_shared<connection>(std::move(accepted), peer, shared_from_this(),
                                              std::move(admitted));
    const std::lock_guard lock(mutex_);
    live_.insert(fresh.get());
    fresh->stopping_ = phase_ != phase::open;
    if (phase_ == phase::closed) {
        boost::system::error_code ignored;
        fresh->socket.close(ignored);
    }
    return fresh;
}

void connection_registry::remove(connection& gone) {
    const std::lock_guard lock(mutex_);
    live_.erase(&gone);
}

bool connection_registry::empty() {
    const std::lock_guard lock(mutex_);
    return live_.empty();
}

// A connection that is just being destroyed can't be locked, and is left alone. References are
// given away outside the lock and to the connection's own thread, because the last one destroys it.
void connection_registry::sweep(connection::clock::time_point now) {
    std::vector<std::shared_ptr<connection>> expired;
    {
        const std::lock_guard lock(mutex_);
        for (connection* each : live_) {
            connection::clock::rep deadline = each->deadline_;
            if (deadline > now.time_since_epoch().count())
                continue;
            if (std::shared_ptr<connection> held = each->weak_from_this().lock()) {
                each->deadline_.compare_exchange_strong(deadline, connection::expired);
                expired.push_back(std::move(held));
            }
        }
    }
    for (std::shared_ptr<connection>& each : expired) {
        const io_executor where = each->executor;
        asio::post(where, [each = std::move(each)] { each->expire(); });
    }
}

std::vector<std::shared_ptr<connection>> connection_registry::enter(phase next) {
    std::vector<std::shared_ptr<connection>> all;
    const std::lock_guard lock(mutex_);
    phase_ = std::max(phase_, next);
    for (connection* each : live_)
        if (std::shared_ptr<connection> held = each->weak_from_this().lock())
            all.push_back(std::move(held));
    return all;
}

void connection_registry::stop_all() {
    for (std::shared_ptr<connection>& each : enter(phase::stopping)) {
        const io_executor where = each->executor;
        asio::post(where, [each = std::move(each)] { each->stop(); });
    }
}

void connection_registry::close_all() {
    for (std::shared_ptr<connection>& each : enter(phase::closed)) {
        const io_executor where = each->executor;
        asio::post(where, [each = std::move(each)] { each->close(); });
    }
}

} // namespace weir
