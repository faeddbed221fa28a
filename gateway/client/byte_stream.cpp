#include "gateway/client/byte_stream.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace weir::client {

namespace {

constexpr std::chrono::seconds patience{10}; // for a connection, and a TLS handshake

// A peer that is gone without a word is found out within two minutes.
void keep_alive(const unique_fd& socket) {
    const auto set = [&](int level, int what, int value) {
        setsockopt(socket.get(), level, what, &value, sizeof value); // a unix socket has none
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set(IPPROTO_TCP, TCP_KEEPCNT, 4);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

bool is_ip_address(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> room;
    return inet_pton(AF_INET, host.c_str(), room.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), room.data()) == 1;
}

std::string tls_error(const SSL* of) {
    const long verdict = SSL_get_verify_result(of);
    if (verdict != X509_V_OK)
        return fmt::format("the certificate is not trusted: {}",
                           X509_verify_cert_error_string(verdict));
    const char* const reason = ERR_reason_error_string(ERR_get_error());
    return fmt::format("TLS: {}", reason ? reason : "the connection broke");
}

// A name that is not found now may be found later.
std::vector<destination::place> places_of(const url& to) {
    try {
        return destination::look_up(to);
    } catch (const startup_error&) {
        throw connection_fault(to.host() + " has no address");
    }
}

int as_int(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

} // namespace

byte_stream::byte_stream(const url& to, const access_options& access, waiter& waits)
    : waits_(waits) {
    try {
        connect(to);
        if (to.tls)
            start_tls(to, access);
    } catch (const connection_fault& fault) {
        throw connection_fault(fmt::format("can't connect to {}: {}", to.shown(), fault.what()));
    }
}

void byte_stream::connect(const url& to) {
    std::string last_fault;
    for (const destination::place& each : places_of(to)) {
        socket_ = unique_fd(
            ::socket(each.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        keep_alive(socket_);
        int fault = 0;
        if (!socket_ || ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&each.address),
                                  each.size) != 0)
            fault = errno;
        if (fault == EINPROGRESS) {
            socklen_t size = sizeof fault;
            if (!waits_.wait(socket_.get(), POLLOUT, waiter::clock::now() + patience))
                fault = ETIMEDOUT;
            else
                getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &fault, &size);
        }
        if (fault == 0)
            return;
        last_fault = std::strerror(fault);
    }
    throw connection_fault(last_fault);
}

void byte_stream::start_tls(const url& to, const access_options& access) {
    boost::asio::ssl::context context = tls_context(access);
    tls_.reset(SSL_new(context.native_handle())); // which keeps the context
    SSL* const tls = tls_.get();
    SSL_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF); // HTTP and WebSocket have ends of their own
    const std::string host = to.host();
    if (is_ip_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str());
    } else { // SNI is for names alone (RFC 6066, section 3)
        SSL_set1_host(tls, host.c_str());
        SSL_set_tlsext_host_name(tls, host.c_str());
    }
    SSL_set_fd(tls, socket_.get());
    const auto until = waiter::clock::now() + patience;
    for (;;) {
        ERR_clear_error();
        const int result = SSL_connect(tls);
        if (result == 1)
            return;
        const attempt next = tls_result(result, "the TLS handshake");
        if (next.wanted == 0)
            throw connection_fault("the server closes in the TLS handshake");
        wait(next.wanted, until);
    }
}

void byte_stream::wait(short events, time_point until) {
    if (!waits_.wait(socket_.get(), events, until))
        throw connection_fault("no answer in time");
}

byte_stream::attempt byte_stream::tls_result(int result, const char* doing) {
    const int fault = errno;
    switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return {0, POLLIN};
    case SSL_ERROR_WANT_WRITE:
        return {0, POLLOUT};
    case SSL_ERROR_ZERO_RETURN:
        return {};
    case SSL_ERROR_SYSCALL:
        throw connection_fault(
            fmt::format("{}: {}", doing, fault == 0 ? "the connection broke" : strerror(fault)));
    default:
        throw connection_fault(tls_error(tls_.get()));
    }
}

byte_stream::attempt byte_stream::read_once(char* to, std::size_t size) {
    if (tls_) {
        ERR_clear_error();
        errno = 0;
        const int got = SSL_read(tls_.get(), to, as_int(size));
        return got > 0 ? attempt{static_cast<std::size_t>(got), 0} : tls_result(got, "reading");
    }
    for (;;) {
        const ssize_t got = ::recv(socket_.get(), to, size, 0);
        if (got >= 0)
            return {static_cast<std::size_t>(got), 0};
        if (errno == EAGAIN)
            return {0, POLLIN};
        if (errno != EINTR)
            throw connection_fault(std::strerror(errno));
    }
}

byte_stream::attempt byte_stream::write_once(std::string_view bytes) {
    if (tls_) {
        ERR_clear_error();
        errno = 0;
        const int went = SSL_write(tls_.get(), bytes.data(), as_int(bytes.size()));
        if (went > 0)
            return {static_cast<std::size_t>(went), 0};
        const attempt next = tls_result(went, "writing");
        if (next.wanted == 0)
            throw connection_fault("the server has closed the connection");
        return next;
    }
    for (;;) {
        const ssize_t went = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (went >= 0)
            return {static_cast<std::size_t>(went), 0};
        if (errno == EAGAIN)
            return {0, POLLOUT};
        if (errno != EINTR)
            throw connection_fault(std::strerror(errno));
    }
}

std::size_t byte_stream::read(char* to, std::size_t size, time_point until) {
    for (;;) {
        const attempt got = read_once(to, size);
        if (got.wanted == 0)
            return got.bytes;
        wait(got.wanted, until);
    }
}

std::optional<std::size_t> byte_stream::try_read(char* to, std::size_t size) {
    const attempt got = read_once(to, size);
    if (got.wanted != 0)
        return std::nullopt;
    return got.bytes;
}

void byte_stream::write(std::string_view bytes, std::chrono::milliseconds longest) {
    while (!bytes.empty()) {
        const attempt went = write_once(bytes);
        bytes.remove_prefix(went.bytes);
        if (went.wanted != 0)
            wait(went.wanted, waiter::clock::now() + longest);
    }
}

void byte_stream::end_writing() {
    if (tls_)
        SSL_shutdown(tls_.get()); // the close_notify; where it does not go out, the FIN tells
    ::shutdown(socket_.get(), SHUT_WR);
}

bool byte_stream::wait_readable(time_point until) {
    return waits_.wait(socket_.get(), POLLIN, until);
}

bool byte_stream::all_taken() const {
    int unsent = 0;
    return ioctl(socket_.get(), SIOCOUTQ, &unsent) != 0 || unsent == 0;
}

} // namespace weir::client
