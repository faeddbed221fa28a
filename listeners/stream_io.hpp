// A connection's socket as a session that reads and writes uses it: every wait ends at the
// connection's deadline, and afterwards expired() says so. Belongs to the session's coroutine and
// runs on its executor; while it lives, the deadline no longer closes the socket by itself.
#pragma once

#include "listeners/connection.hpp"
#include "listeners/read_gate.hpp"

#include <boost/asio/deferred.hpp>
#include <span>
#include <string>

namespace weir {

constexpr auto use_deferred_tuple = boost::asio::as_tuple(boost::asio::deferred);

class stream_io {
public:
    explicit stream_io(connection& peer);
    ~stream_io();
    stream_io(const stream_io&) = delete;
    stream_io& operator=(const stream_io&) = delete;

    connection& peer() { return peer_; }

    // Zero is for ever.
    void expires_after(connection::clock::duration time);
    bool expired() const { return expired_; }

    // Awaited in two steps: `auto ready = io.readable(); co_await std::move(ready);`
    auto readable() { return gate_.readable(boost::asio::deferred); }

    // What is there, without waiting. Zero with no fault: nothing is.
    std::size_t read(std::span<char> room, boost::system::error_code& fault);

    // Writes from the front of `out` what the kernel takes now; false: it does not take all.
    bool try_write(std::string& out);
    // Writes the rest; gives up at the deadline or where the peer is gone.
    task<bool> write(std::string& out);

    // The last word is written: says so, and reads on for a moment, because closing over unread
    // bytes would take the last word back.
    task<> linger();

private:
    void wake();

    connection& peer_;
    read_gate::watch gate_;
    bool expired_ = false;
    bool broken_ = false; // for writing
};

} // namespace weir
