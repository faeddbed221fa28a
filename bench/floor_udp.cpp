// The floor of UDP to a file: a blocking recvmmsg, each burst written as lines with one write.
#include "floor.hpp"

#include <linux/sock_diag.h>
#include <memory>
#include <netinet/udp.h>

namespace {

constexpr std::size_t burst = 64;
constexpr std::size_t largest = 65'536;
// Not a multiple of a page, or all buffers would begin in the same few lines of the cache.
constexpr std::size_t stride = largest + 320;

void set_receive_buffer(int socket, int bytes) {
    if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        set_option(socket, SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF");
}

// What the kernel had no room for. With GRO it counts what it has joined as one.
std::uint64_t dropped_by_kernel(int socket) {
    std::uint32_t memory[SK_MEMINFO_VARS];
    socklen_t size = sizeof memory;
    check(getsockopt(socket, SOL_SOCKET, SO_MEMINFO, memory, &size), "SO_MEMINFO");
    return memory[SK_MEMINFO_DROPS];
}

// The size of the datagrams that GRO has joined to one; its own where it is one.
std::size_t segment_size(msghdr& header, std::size_t received) {
    int size = 0;
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c))
        if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO)
            std::memcpy(&size, CMSG_DATA(c), sizeof size);
    return size > 0 ? static_cast<std::size_t>(size) : received;
}

} // namespace

int main(int argc, char** argv) {
    constexpr auto arguments = "PORT FILE [--gro] [--rcvbuf BYTES]";
    if (argc < 3)
        usage(arguments);
    bool gro = false;
    int receive_buffer = 64 << 20;
    for (int i = 3; i < argc; ++i) {
        if (std::strcmp(argv[i], "--gro") == 0)
            gro = true;
        else if (std::strcmp(argv[i], "--rcvbuf") == 0 && i + 1 < argc)
            receive_buffer = std::atoi(argv[++i]);
        else
            usage(arguments);
    }

    const int in = bound_socket(SOCK_DGRAM, argv[1]);
    const int out = output_file(argv[2]);
    set_receive_buffer(in, receive_buffer);
    if (gro)
        set_option(in, SOL_UDP, UDP_GRO, 1, "UDP_GRO");
    const timeval longest{0, longest_wait_ms * 1000};
    check(setsockopt(in, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest), "SO_RCVTIMEO");

    const auto buffers = std::make_unique_for_overwrite<char[]>(burst * stride);
    const auto lines = std::make_unique_for_overwrite<char[]>(burst * largest * 2);
    alignas(cmsghdr) static char controls[burst][CMSG_SPACE(sizeof(int))];
    static iovec rooms[burst];
    static mmsghdr messages[burst];
    for (std::size_t i = 0; i < burst; ++i) {
        rooms[i] = {buffers.get() + i * stride, largest};
        messages[i].msg_hdr.msg_iov = &rooms[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_control = gro ? controls[i] : nullptr;
    }

    std::uint64_t count = 0, bytes = 0, bursts = 0;
    announce(in);
    for (;;) {
        for (mmsghdr& message : messages)
            message.msg_hdr.msg_controllen = gro ? sizeof controls[0] : 0;
        const int flags = stopped ? MSG_DONTWAIT : MSG_WAITFORONE;
        const int received = recvmmsg(in, messages, burst, flags, nullptr);
        if (received < 0) {
            if (errno != EAGAIN && errno != EINTR)
                fail("recvmmsg");
            if (stopped && errno == EAGAIN)
                break;
            continue;
        }
        char* end = lines.get();
        for (int i = 0; i < received; ++i) {
            const char* from = static_cast<const char*>(rooms[i].iov_base);
            std::size_t left = messages[i].msg_len;
            const std::size_t segment = segment_size(messages[i].msg_hdr, left);
            do {
                const std::size_t size = left < segment ? left : segment;
                std::memcpy(end, from, size);
                end[size] = '\n';
                end += size + 1;
                from += size;
                left -= size;
                bytes += size;
                ++count;
            } while (left > 0);
        }
        write_all(out, lines.get(), static_cast<std::size_t>(end - lines.get()));
        ++bursts;
    }
    report({{"messages", count},
            {"bytes", bytes},
            {"dropped", dropped_by_kernel(in)},
            {"bursts", bursts}});
}
