// One accepted connection of a stream listener (tcp, http, ws), and the registry of those that
// live.
//
// A connection is shared by its session and by whoever has just posted to it. It lives on its
// socket's executor: everything but the deadline is touched on that thread alone. The registry is
// shared by the acceptor and its connections, and may be called from any thread.
#pragma once

#include "base/books.hpp"
#include "base/executor.hpp"

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace weir {

class connection_registry;

class connection : public std::enable_shared_from_this<connection> {
public:
    using clock = std::chrono::steady_clock;

    // By connection_registry::open alone.
    connection(stream_socket accepted, const boost::asio::ip::address& from,
               std::shared_ptr<connection_registry> registry, std::shared_ptr<void> admitted);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    const io_executor executor;
    stream_socket socket;
    const boost::asio::ip::address peer; // unspecified where it came over a unix socket

    // When the sweeper is to end it, or never. Cheap enough for every read. Expiring is late by up
    // to one sweep and leaves the deadline at never.
    void expires_after(clock::duration time) {
        deadline_ = (clock::now() + time).time_since_epoch().count();
    }
    void expires_never() { deadline_ = never; }

    // The listener is stopping: finish what is under way and return. To be looked at before the
    // first wait and after every wait.
    bool stopping() const { return stopping_; }

    // What ends the session's wait, instead of the default. Must not hold the connection itself.
    std::function<void()> on_expired; // default: close the socket
    std::function<void()> on_stop;    // default: cancel what waits on the socket

    // Takes it out of the registry's hands, for a socket that is about to be moved out: neither
    // sweeper nor stop touches it from now on. The result keeps its place among max-connections.
    std::shared_ptr<void> hand_over();

private:
    friend class connection_registry;
    static constexpr clock::rep never = clock::duration::max().count();
    static constexpr clock::rep expired =
        never - 1; // seen by the sweeper, not yet by the connection

    void expire();
    void stop();
    void close();

    std::atomic<clock::rep> deadline_{never};
    std::shared_ptr<connection_registry> registry_;
    std::shared_ptr<void> admitted_;
    bool stopping_ = false;
};

class connection_registry : public std::enable_shared_from_this<connection_registry> {
public:
    connection_registry(listener_books& books, std::size_t most) : books_(books), most_(most) {}

    // A place among the connections, given back by the last copy; null where all are taken.
    std::shared_ptr<void> admit();

    // Adds a connection, which leaves the registry when it is destroyed or handed over.
    std::shared_ptr<connection> open(stream_socket accepted, const boost::asio::ip::address& peer,
                                     std::shared_ptr<void> admitted);

    // Ends every connection whose deadline has passed.
    void sweep(connection::clock::time_point now = connection::clock::now());

    bool empty();

    void stop_all();  // those that come later are born stopping
    void close_all(); // and those that come later are closed

private:
    friend class connection;
    enum class phase { open, stopping, closed };

    void remove(connection& gone);
    std::vector<std::shared_ptr<connection>> enter(phase next);

    listener_books& books_;
    const std::size_t most_;
    std::atomic<std::size_t> admitted_{0};
    std::mutex mutex_;
    std::unordered_set<connection*> live_; // each takes itself out before it goes
    phase phase_ = phase::open;
};

} // namespace weir
