// Many datagrams by one system call: recvmmsg into slots, and what the kernel says beside each.
// Used by one socket on its thread.
//
// With UDP GRO one slot can hold many datagrams of one size that came in a row, the last of them
// perhaps shorter; then a slot takes 64 KiB. Pages of it are touched only as far as datagrams
// reach.
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/socket.h>

namespace weir {

class udp_burst {
public:
    static constexpr std::size_t most = 64; // slots

    // Longer datagrams than `max_message` come truncated. `with_peers`: who sent each is wanted.
    udp_burst(std::size_t max_message, bool gro, bool with_peers);
    udp_burst(const udp_burst&) = delete;
    udp_burst& operator=(const udp_burst&) = delete;

    // What is there now, without waiting: the slots filled, or 0 and errno.
    std::size_t receive(int socket);

    struct slot {
        std::string_view bytes;
        std::size_t segment; // each datagram's size but the last one's
        bool truncated;
    };
    slot at(std::size_t index) const;
    boost::asio::ip::address peer(std::size_t index) const;

    // What the kernel has dropped on this socket so far (SO_RXQ_OVFL), as far as the last burst
    // knows; it wraps.
    std::optional<std::uint32_t> drops() const;

private:
    // Room for the segment size (UDP_GRO) and the drops (SO_RXQ_OVFL).
    struct alignas(cmsghdr) ancillary {
        std::array<char, CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(std::uint32_t))> bytes;
    };
    template <class T>
    std::optional<T> told(std::size_t index, int level, int type) const;

    std::size_t filled_ = 0;
    std::size_t stride_;
    std::unique_ptr<char[]> memory_;
    std::array<mmsghdr, most> headers_{};
    std::array<iovec, most> parts_{};
    std::array<ancillary, most> ancillary_;
    std::array<sockaddr_storage, most> peers_;
};

} // namespace weir
