#include "sinks/broadcast_client.hpp"

#include "sinks/broadcast_shard.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

namespace weir {

namespace {

// A listener has nothing to say, but may.
constexpr websocket_limits limits{.max_message = 4096, .max_fragments = 64, .max_pings = 128};

// Pongs a client does not read are left out beyond this; RFC 6455, section 5.5.3, allows it.
constexpr std::size_t most_unsaid = 1024;

constexpr std::size_t most_buffers = 64; // of one write

using boost::system::error_code;

} // namespace

broadcast_client::broadcast_client(broadcast_shard& home, websocket_connection connection)
    : home_(home), socket_(std::move(connection.socket)), admitted_(std::move(connection.admitted)),
      cursor_(home.backlog().end()), decoder_(limits), since_(home.now()) {
    const int on = 1; // fails on a unix socket, which needs none
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void broadcast_client::begin(std::string early) {
    await_readable();
    if (!early.empty())
        take(early.data(), early.size());
}

void broadcast_client::await_readable() {
    socket_.async_wait(stream_socket::wait_read, [self = shared_from_this()](error_code fault) {
        if (!fault && self->open())
            self->read();
    });
}

void broadcast_client::await_writable() {
    blocked_ = true;
    home_.client_blocked();
    socket_.async_wait(stream_socket::wait_write, [self = shared_from_this()](error_code fault) {
        if (fault || !self->open())
            return;
        self->blocked_ = false;
        if (!self->closing())
            self->heard(); // the other side acknowledges
        self->write();
        self->home_.client_unblocked();
    });
}

void broadcast_client::write() {
    std::array<iovec, most_buffers> buffers;
    while (!blocked_) {
        msghdr message{};
        message.msg_iov = buffers.data();
        message.msg_iovlen = cursor_.gather(home_.backlog(), buffers);
        if (message.msg_iovlen == 0)
            return caught_up();
        const ssize_t sent =
            ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            cursor_.advance(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            await_writable();
        else if (errno != EINTR)
            return drop();
    }
}

void broadcast_client::caught_up() {
    error_code ignored;
    if (closing())
        socket_.shutdown(stream_socket::shutdown_send, ignored); // the other side's turn to end it
    else if (home_.finishing())
        close(close_code::going_away);
}

void broadcast_client::skip() { home_.missed(cursor_.skip(home_.backlog())); }

void broadcast_client::close(std::uint16_t code) {
    if (closing())
        return;
    std::string frame;
    append_close(frame, code);
    cursor_.say_last(home_.backlog(), frame);
    since_ = home_.now();
    write();
}

void broadcast_client::finish() {
    if (cursor_.done(home_.backlog()))
        caught_up();
}

void broadcast_client::heard() {
    since_ = home_.now();
    pinged_ = false;
}

void broadcast_client::read() {
    const std::span<char> scratch = home_.scratch();
    std::memcpy(scratch.data(), tail_.data(), tail_.size());
    const std::span<char> room = scratch.subspan(tail_.size());
    const ssize_t n = ::recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        return drop();
    await_readable();
    if (n > 0 && !closing()) // once it is closing only its end matters
        take(scratch.data(), tail_.size() + static_cast<std::size_t>(n));
}

void broadcast_client::take(char* data, std::size_t size) {
    heard();
    message_ends ends;
    std::string replies;
    const websocket_decoded in = decoder_.decode(data, size, ends, replies);
    std::string(data + in.tail, in.tail_size).swap(tail_); // frees what a longer one had
    if (in.close != 0) {
        cursor_.say_last(home_.backlog(), replies);
        write();
    } else if (!replies.empty() && cursor_.unsaid() < most_unsaid) {
        cursor_.say(home_.backlog(), replies);
        write();
    }
}

void broadcast_client::sweep(std::chrono::steady_clock::time_point now) {
    const broadcast_times& times = home_.times();
    const auto silence = now - since_;
    if (silence >= (closing() ? times.close : times.dead))
        return drop();
    decoder_.forgive_pings();
    // Clients that came together are not all pinged together.
    const auto patience = times.ping + static_cast<int>(index % 8) * times.sweep;
    if (closing() || pinged_ || silence < patience)
        return;
    pinged_ = true;
    std::string frame;
    append_frame(frame, opcode::ping, {});
    cursor_.say(home_.backlog(), frame);
    write();
}

void broadcast_client::drop() {
    if (!open())
        return;
    error_code ignored;
    socket_.close(ignored);
    admitted_.reset();
    if (std::exchange(blocked_, false))
        home_.client_unblocked();
    home_.forget(*this);
}

} // namespace weir
