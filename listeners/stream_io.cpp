#include "listeners/stream_io.hpp"

#include <array>
#include <boost/asio/buffer.hpp>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds lingering{1};
constexpr std::size_t most_lingering = 16u << 20; // bytes

} // namespace

stream_io::stream_io(connection& peer)
    : peer_(peer), gate_(peer.executor, peer.socket.native_handle()) {
    error_code fault; // a socket that is closed already says so at the first read
    peer_.socket.non_blocking(true, fault);
    peer_.on_expired = [this] {
        expired_ = true;
        wake();
    };
    peer_.on_stop = [this] { wake(); };
}

stream_io::~stream_io() {
    peer_.expires_never();
    peer_.on_expired = {};
    peer_.on_stop = {};
}

// Ends the wait under way, for reading or for writing.
void stream_io::wake() {
    error_code ignored;
    peer_.socket.cancel(ignored);
    gate_.wake();
}

void stream_io::expires_after(connection::clock::duration time) {
    expired_ = false;
    if (time.count() > 0)
        peer_.expires_after(time);
    else
        peer_.expires_never();
}

std::size_t stream_io::read(std::span<char> room, error_code& fault) {
    const std::size_t read = peer_.socket.read_some(asio::buffer(room.data(), room.size()), fault);
    if (fault == asio::error::would_block)
        fault.clear();
    if (read == room.size())
        gate_.more();
    return read;
}

bool stream_io::try_write(std::string& out) {
    error_code fault;
    const std::size_t written = broken_ ? 0 : peer_.socket.write_some(asio::buffer(out), fault);
    broken_ |= fault && fault != asio::error::would_block;
    if (written == out.size() || broken_) {
        out.clear();
        return true;
    }
    out.erase(0, written);
    return false;
}

task<bool> stream_io::write(std::string& out) {
    while (!try_write(out)) {
        auto writable = peer_.socket.async_wait(stream_socket::wait_write, use_deferred_tuple);
        co_await std::move(writable);
        if (expired_)
            broken_ = true;
    }
    co_return !broken_;
}

task<> stream_io::linger() {
    error_code fault;
    peer_.socket.shutdown(stream_socket::shutdown_send, fault);
    std::array<char, 4096> dropped; // NOLINT(cppcoreguidelines-pro-type-member-init)
    std::size_t left = broken_ ? 0 : most_lingering;
    expires_after(lingering);
    while (!fault && !expired_ && left > 0) {
        auto ready = readable();
        co_await std::move(ready);
        const std::size_t size = read(dropped, fault);
        left -= std::min(left, size);
    }
}

} // namespace weir
