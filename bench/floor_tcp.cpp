// The floor of newline-framed TCP to a file: epoll, large reads, the newlines counted, and what was
// read written up to its last newline, so that records of several connections don't mix.
#include "floor_epoll.hpp"

#include <memory>
#include <string>
#include <sys/uio.h>

namespace {

constexpr std::size_t room = 256 << 10;

struct connection {
    int socket;
    std::string tail{}; // the beginning of a record
};

struct totals {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; // without newlines
    std::uint64_t reads = 0;
};

// Sixty-four bytes at a time, in counters of one byte each that are added up before they overflow.
#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#endif
std::size_t
count_newlines(const char* from, std::size_t size) {
    using lanes = signed char __attribute__((vector_size(64)));
    std::size_t found = 0;
    while (size >= sizeof(lanes)) {
        std::size_t blocks = size / sizeof(lanes);
        if (blocks > 127)
            blocks = 127;
        lanes sums{};
        for (std::size_t i = 0; i < blocks; ++i, from += sizeof(lanes)) {
            lanes block;
            std::memcpy(&block, from, sizeof block);
            sums -= block == '\n';
        }
        for (std::size_t i = 0; i < sizeof(lanes); ++i)
            found += static_cast<std::size_t>(sums[i]);
        size -= blocks * sizeof(lanes);
    }
    for (; size > 0; --size)
        found += *from++ == '\n';
    return found;
}

void write_both(int to, const std::string& tail, const char* data, std::size_t size) {
    const iovec parts[] = {{const_cast<char*>(tail.data()), tail.size()},
                           {const_cast<char*>(data), size}};
    const auto written = static_cast<std::size_t>(check(writev(to, parts, 2), "writev"));
    if (written < tail.size()) {
        write_all(to, tail.data() + written, tail.size() - written);
        write_all(to, data, size);
    } else {
        write_all(to, data + (written - tail.size()), size - (written - tail.size()));
    }
}

// False: the connection has ended.
bool read_once(connection& from, int out, char* buffer, totals& sum) {
    const ssize_t got = read(from.socket, buffer, room);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    ++sum.reads;
    if (got <= 0) {
        if (from.tail.empty())
            return false;
        ++sum.messages; // the last record needs no newline
        sum.bytes += from.tail.size();
        write_both(out, from.tail, "\n", 1);
        return false;
    }
    const auto size = static_cast<std::size_t>(got);
    const void* last = memrchr(buffer, '\n', size);
    const std::size_t whole =
        last ? static_cast<std::size_t>(static_cast<const char*>(last) - buffer) + 1 : 0;
    if (whole > 0) {
        const std::size_t newlines = count_newlines(buffer, whole);
        sum.messages += newlines;
        sum.bytes += from.tail.size() + whole - newlines;
        write_both(out, from.tail, buffer, whole);
        from.tail.clear();
    }
    from.tail.append(buffer + whole, size - whole);
    return true;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        usage("PORT FILE");
    const int out = output_file(argv[2]);
    const auto buffer = std::make_unique_for_overwrite<char[]>(room);
    totals sum;
    const std::uint64_t connections = serve<connection>(
        argv[1], [&](connection& from) { return read_once(from, out, buffer.get(), sum); });
    report({{"messages", sum.messages},
            {"bytes", sum.bytes},
            {"connections", connections},
            {"reads", sum.reads}});
}
