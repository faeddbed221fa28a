#include "listeners/udp_burst.hpp"

#include <algorithm>
#include <boost/asio/ip/udp.hpp>
#include <cerrno>
#include <cstring>
#include <netinet/udp.h>

namespace weir {

namespace {

constexpr std::size_t gro_bytes = 65'536;

// Slots a power of two apart would all fall into the same few lines of the cache.
std::size_t stride_for(std::size_t bytes) { return (bytes + 63) / 64 * 64 + 5 * 64; }

} // namespace

udp_burst::udp_burst(std::size_t max_message, bool gro, bool with_peers)
    : stride_(stride_for(gro ? gro_bytes : max_message)),
      memory_(std::make_unique_for_overwrite<char[]>(stride_ * most)) {
    for (std::size_t i = 0; i < most; ++i) {
        parts_[i] = {memory_.get() + i * stride_, gro ? gro_bytes : max_message};
        msghdr& header = headers_[i].msg_hdr;
        header.msg_iov = &parts_[i];
        header.msg_iovlen = 1;
        header.msg_control = ancillary_[i].bytes.data();
        header.msg_name = with_peers ? &peers_[i] : nullptr;
    }
}

std::size_t udp_burst::receive(int socket) {
    for (mmsghdr& each : headers_) { // the kernel has written what it used
        each.msg_hdr.msg_controllen = sizeof(ancillary);
        each.msg_hdr.msg_namelen = each.msg_hdr.msg_name ? sizeof(sockaddr_storage) : 0;
    }
    int filled = -1;
    do {
        filled = ::recvmmsg(socket, headers_.data(), most, MSG_DONTWAIT, nullptr);
    } while (filled < 0 && errno == EINTR);
    filled_ = static_cast<std::size_t>(std::max(filled, 0));
    return filled_;
}

template <class T>
std::optional<T> udp_burst::told(std::size_t index, int level, int type) const {
    msghdr header = headers_[index].msg_hdr;
    for (cmsghdr* each = CMSG_FIRSTHDR(&header); each; each = CMSG_NXTHDR(&header, each)) {
        if (each->cmsg_level != level || each->cmsg_type != type)
            continue;
        T value;
        std::memcpy(&value, CMSG_DATA(each), sizeof value);
        return value;
    }
    return std::nullopt;
}

udp_burst::slot udp_burst::at(std::size_t index) const {
    const mmsghdr& header = headers_[index];
    const bool truncated = (header.msg_hdr.msg_flags & MSG_TRUNC) != 0;
    const std::string_view bytes(memory_.get() + index * stride_, header.msg_len);
    std::size_t segment = bytes.size();
    if (header.msg_hdr.msg_controllen > 0)
        if (const auto size = told<int>(index, SOL_UDP, UDP_GRO); size && *size > 0)
            segment = static_cast<std::size_t>(*size);
    return {bytes, segment, truncated};
}

boost::asio::ip::address udp_burst::peer(std::size_t index) const {
    boost::asio::ip::udp::endpoint from;
    const msghdr& header = headers_[index].msg_hdr;
    std::memcpy(from.data(), header.msg_name,
                std::min<std::size_t>(header.msg_namelen, from.capacity()));
    return from.address();
}

std::optional<std::uint32_t> udp_burst::drops() const {
    if (filled_ == 0 || headers_[filled_ - 1].msg_hdr.msg_controllen == 0)
        return std::nullopt;
    return told<std::uint32_t>(filled_ - 1, SOL_SOCKET, SO_RXQ_OVFL);
}

} // namespace weir
