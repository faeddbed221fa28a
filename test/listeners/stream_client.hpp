// A blocking client of a TCP or unix port, and what else the listeners' tests share. Plain sockets,
// so that nothing of ours stands on both sides.
#pragma once

#include "base/address.hpp"

#include <chrono>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace weir {

class stream_client {
public:
    explicit stream_client(const std::string& where)
        : stream_client(resolve_stream(parse_address(where))) {}
    explicit stream_client(const boost::asio::generic::stream_protocol::endpoint& endpoint) {
        fd_ = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval patience{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(fd_, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) {
            const int fault = errno;
            ::close(fd_);
            throw std::system_error(fault, std::system_category());
        }
    }
    ~stream_client() { ::close(fd_); }
    stream_client(const stream_client&) = delete;
    stream_client& operator=(const stream_client&) = delete;

    // False where the other side has closed meanwhile.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end() { ::shutdown(fd_, SHUT_WR); }

    std::string receive(std::size_t bytes) {
        std::string got(bytes, '\0');
        std::size_t filled = 0;
        while (filled < bytes) {
            const ssize_t n = ::recv(fd_, got.data() + filled, bytes - filled, 0);
            if (n < 0 && errno == EAGAIN)
                throw std::runtime_error("the other side neither sends nor closes");
            if (n <= 0)
                break;
            filled += static_cast<std::size_t>(n);
        }
        got.resize(filled);
        return got;
    }
    std::string receive_all() { return receive(1 << 20); } // to the other side's close

    int native() const { return fd_; }

private:
    int fd_ = -1;
};

// A path in the temporary folder that is free at first and gone afterwards.
class scratch_path {
public:
    explicit scratch_path(const std::string& name)
        : path_(std::filesystem::temp_directory_path() /
                ("weir-" + std::to_string(::getpid()) + "-" + name)) {
        std::filesystem::remove(path_);
    }
    ~scratch_path() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    scratch_path(const scratch_path&) = delete;
    scratch_path& operator=(const scratch_path&) = delete;
    std::string text() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

// Binds a unix socket and forgets it, as a killed program does.
inline void leave_stale_socket(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where);
    ::close(fd);
    if (bound != 0)
        throw std::system_error(errno, std::generic_category(), path);
}

// True as soon as the condition holds; false after 20 s, which only a test that fails waits for.
template <class Condition>
bool eventually(Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::yield();
    }
    return true;
}

} // namespace weir
