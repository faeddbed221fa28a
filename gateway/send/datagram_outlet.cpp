#include "gateway/send/datagram_outlet.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>

namespace weir::send {

namespace {

constexpr std::size_t a_call = 64;
constexpr std::size_t longest = 65'507; // of a datagram's payload over IPv4

} // namespace

datagram_outlet::datagram_outlet(const send_options& o, client::waiter& waits)
    : options_(o), waits_(waits), socket_(client::destination(o.to).connect()) {
    client::set_nonblocking(socket_);
    parts_.reserve(a_call);
    headers_.resize(a_call);
}

void datagram_outlet::send(line_block lines) {
    while (!lines.bytes.empty()) {
        const std::string_view line = lines.bytes.substr(0, lines.bytes.find('\n'));
        lines.bytes.remove_prefix(line.size() + 1);
        if (line.size() > longest) {
            ++books_.refused["longer than a datagram"];
            continue;
        }
        parts_.push_back({const_cast<char*>(line.data()), line.size()});
        if (parts_.size() == a_call)
            send_gathered();
    }
    send_gathered();
}

void datagram_outlet::send_gathered() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        headers_[i].msg_hdr.msg_iov = &parts_[i];
        headers_[i].msg_hdr.msg_iovlen = 1;
    }
    std::size_t done = 0;
    while (done < parts_.size()) {
        const int taken = ::sendmmsg(socket_.get(), &headers_[done],
                                     static_cast<unsigned>(parts_.size() - done), 0);
        if (taken < 0) {
            const int fault = errno;
            if (fault == EMSGSIZE) { // of the first that is left
                ++books_.refused["longer than a datagram"];
                ++done;
                continue;
            }
            handle_fault(fault);
            continue;
        }
        for (int i = 0; i < taken; ++i, ++done)
            books_.add_sent(
                {{static_cast<const char*>(parts_[done].iov_base), parts_[done].iov_len + 1}, 1});
    }
    parts_.clear();
}

// Those that pass are tried again.
void datagram_outlet::handle_fault(int fault) {
    switch (fault) {
    case EINTR:
        return;
    case ECONNREFUSED: // one that was sent before
        ++books_.errors;
        return;
    case EAGAIN:
        waits_.wait(socket_.get(), POLLOUT, client::waiter::clock::time_point::max());
        return;
    case ENOBUFS:
        waits_.sleep_until(client::waiter::clock::now() + std::chrono::milliseconds(1));
        return;
    default:
        throw client::connection_fault(
            fmt::format("sending to {}: {}", options_.to.shown(), std::strerror(fault)));
    }
}

// Nobody says that a datagram has come. That nobody listens, may have been said.
void datagram_outlet::finish() {
    int fault = 0;
    socklen_t size = sizeof fault;
    getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &fault, &size);
    if (fault != 0)
        ++books_.errors;
}

} // namespace weir::send
