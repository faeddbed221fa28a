#include "sinks/broadcast_client.hpp"

#include "sinks/broadcast_shard.hpp"

#include <array>
#include <boost/asio/post.hpp>
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

broadcast_client::broadcast_client(broadcast_shard& home, websocket_connection connection,
                                   live_start from)
    : home_(home), socket_(std::move(connection.socket)), admitted_(std::move(connection.admitted)),
      cursor_(home.backlog().end()), decoder_(limits), since_(home.now()) {
    const auto set = [&](int level, int option, int value) { // fails on a unix socket, unneeded
        ::setsockopt(socket_.native_handle(), level, option, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    if (!is_websocket()) { // nothing is heard of these: the kernel finds out who is gone
        const auto dead = std::chrono::duration_cast<std::chrono::milliseconds>(home.times().dead);
        set(IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(dead.count()));
        set(SOL_SOCKET, SO_KEEPALIVE, 1);
    }
    if (from.last || from.since) {
        replay_ = std::make_unique<live_replay>(home.history(), home.encoding(), from, home.next());
        cursor_.follow(0);
    }
}

bool broadcast_client::is_websocket() const {
    return home_.encoding().format() == live_format::websocket;
}

const frame_backlog& broadcast_client::stream() const {
    return replay_ ? replay_->stream() : home_.backlog();
}

void broadcast_client::begin(std::string early) {
    await_readable();
    if (!early.empty() && is_websocket())
        take(early.data(), early.size());
    if (open() && replay_)
        write();
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
    bool stepped = false;
    while (!blocked_) {
        msghdr message{};
        message.msg_iov = buffers.data();
        message.msg_iovlen = cursor_.gather(stream(), buffers);
        if (message.msg_iovlen == 0) {
            if (!replay_ || closing())
                return caught_up();
            if (std::exchange(stepped, true))
                return go_on_soon(); // others live on this thread, too
            if (!step())
                return caught_up();
            continue;
        }
        const ssize_t sent =
            ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            cursor_.advance(static_cast<std::size_t>(sent));
            if (!is_websocket() && !closing())
                since_ = home_.now();
        } else if (errno == EAGAIN || errno == EWOULDBLOCK)
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

// Everything of its own stream is written. False: it has to wait for its shard.
bool broadcast_client::step() {
    switch (replay_->step(home_.next())) {
    case live_replay::outcome::more:
        return true;
    case live_replay::outcome::wait:
        return false;
    case live_replay::outcome::over:
        break;
    case live_replay::outcome::overtaken:
        if (home_.slow() == slow_client::close) {
            close(close_code::policy);
            return true;
        }
        home_.missed(replay_->missed());
        std::string notice;
        append_gap(notice, stream().format(), replay_->missed());
        cursor_.say(stream(), notice);
        break;
    }
    cursor_.follow(home_.backlog().end());
    replay_.reset();
    return true;
}

void broadcast_client::go_on_soon() {
    if (std::exchange(going_on_, true))
        return;
    boost::asio::post(home_.executor(), [self = shared_from_this()] {
        self->going_on_ = false;
        if (self->open())
            self->write();
    });
}

void broadcast_client::skip() { home_.missed(cursor_.skip(home_.backlog())); }

void broadcast_client::close(std::uint16_t code) {
    if (closing())
        return;
    std::string frame;
    append_farewell(frame, stream().format(), code);
    cursor_.say_last(stream(), frame);
    since_ = home_.now();
    write();
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
    if (n > 0 && !closing() && is_websocket()) // once it is closing only its end matters
        take(scratch.data(), tail_.size() + static_cast<std::size_t>(n));
}

void broadcast_client::take(char* data, std::size_t size) {
    heard();
    message_ends ends;
    std::string replies;
    const websocket_decoded in = decoder_.decode(data, size, ends, replies);
    std::string(data + in.tail, in.tail_size).swap(tail_); // frees what a longer one had
    if (in.close != 0) {
        cursor_.say_last(stream(), replies);
        write();
    } else if (!replies.empty() && cursor_.unsaid() < most_unsaid) {
        cursor_.say(stream(), replies);
        write();
    }
}

void broadcast_client::sweep(std::chrono::steady_clock::time_point now) {
    if (!is_websocket())
        return sweep_stream(now);
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
    append_heartbeat(frame, live_format::websocket);
    cursor_.say(stream(), frame);
    write();
}

// Nothing is to be heard from it: it is gone where it takes nothing for too long.
void broadcast_client::sweep_stream(std::chrono::steady_clock::time_point now) {
    const broadcast_times& times = home_.times();
    const auto silence = now - since_;
    if (closing() ? silence >= times.close : blocked_ && silence >= times.dead)
        return drop();
    if (closing() || blocked_ || silence < times.comment)
        return;
    std::string frame;
    append_heartbeat(frame, stream().format());
    cursor_.say(stream(), frame);
    since_ = now;
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
