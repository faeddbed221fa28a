#include "listeners/tcp.hpp"

#include "listeners/tcp_intake.hpp"
#include "queues/publish.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto use_deferred_tuple = asio::as_tuple(asio::deferred);

acceptor_options acceptor_options_of(const tcp_options& options) {
    acceptor_options out;
    out.listen = options.listen;
    out.max_connections = options.max_connections;
    out.allow = options.allow;
    if (options.idle_timeout.count() > 0)
        out.sweep_every =
            std::clamp<duration>(options.idle_timeout / 4, duration(5), out.sweep_every);
    return out;
}

// A peer that has vanished without a word is noticed in two minutes, however long it may be idle.
// A unix socket has no such options, and no such peers.
void notice_dead_peers(stream_socket& socket) {
    const auto set = [&socket](int level, int name, int value) {
        ::setsockopt(socket.native_handle(), level, name, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set(IPPROTO_TCP, TCP_KEEPCNT, 4);
}

} // namespace

tcp_listener::tcp_listener(const listener_setting& setting, const tcp_options& options)
    : setting_(setting.with_topic(options.topic)), options_(options),
      acceptor_(setting, tasks_, acceptor_options_of(options),
                [this](std::shared_ptr<connection> peer) { return serve(std::move(peer)); }) {
    if (options.max_message.bytes == 0 || options.max_message.bytes > longest_message)
        throw usage_error("option max-message: must be from 1B to 1GiB");
    if (options.max_connections == 0)
        throw usage_error("option max-connections: must be at least 1");
}

task<> tcp_listener::serve(std::shared_ptr<connection> peer) {
    tcp_intake intake(setting_.origin, options_.framing, options_.max_message.bytes,
                      setting_.books);
    error_code fault;
    peer->socket.non_blocking(true, fault);
    notice_dead_peers(peer->socket);
    while (!peer->stopping() && !fault && !intake.broken()) {
        if (options_.idle_timeout.count() > 0)
            peer->expires_after(options_.idle_timeout);
        auto readable = peer->socket.async_wait(stream_socket::wait_read, use_deferred_tuple);
        co_await std::move(readable);
        if (peer->stopping())
            break;
        batch_ptr fresh = read(peer->socket, intake, fault);
        if (fault == asio::error::would_block)
            fault.clear(); // woken for nothing
        if (fresh && !try_publish(setting_.destination, setting_.books, fresh))
            co_await hold_back(*peer, std::move(fresh));
    }
    if (peer->stopping() && !fault)
        co_await take_rest(*peer, intake);
    // A message that has only begun: stopping, the sweeper or the peer has broken it off.
    const bool closed = !peer->socket.is_open();
    intake.abandon(peer->stopping() ? refusal::closing
                   : closed         ? refusal::timeout
                                    : refusal::bad_frame);
}

// What the kernel holds now, for a peer that never pauses must not delay the end; then one read
// more to see whether the stream has ended there.
task<> tcp_listener::take_rest(connection& peer, tcp_intake& intake) {
    error_code fault;
    const std::uint64_t end = intake.bytes() + peer.socket.available(fault);
    while (!fault && !intake.broken() && intake.bytes() <= end) {
        batch_ptr fresh = read(peer.socket, intake, fault);
        if (fresh && !try_publish(setting_.destination, setting_.books, fresh))
            co_await hold_back(peer, std::move(fresh));
    }
}

// One read; at the end of the stream also what is left.
batch_ptr tcp_listener::read(stream_socket& socket, tcp_intake& intake, error_code& fault) {
    const std::span<char> room = intake.room();
    const std::size_t read = socket.read_some(asio::buffer(room.data(), room.size()), fault);
    if (fault == asio::error::eof)
        return intake.finish();
    return fault ? nullptr : intake.take(read);
}

// The queue is full, and it blocks. That is not the peer's idleness.
task<> tcp_listener::hold_back(connection& peer, batch_ptr fresh) {
    peer.expires_never();
    co_await publish_when_space(setting_.destination, setting_.books, std::move(fresh),
                                peer.executor, as_long_as_it_takes);
}

} // namespace weir
