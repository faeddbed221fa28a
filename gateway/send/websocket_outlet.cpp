#include "gateway/send/websocket_outlet.hpp"

namespace weir::send {

namespace {

constexpr std::size_t a_write = 128u << 10;
constexpr std::size_t lines_a_write = 256;

} // namespace

void websocket_outlet::send(line_block lines) {
    while (lines.lines > 0) {
        const line_block some = lines.take(lines_a_write);
        for (std::string_view rest = some.bytes; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            socket_.add(line);
            rest.remove_prefix(line.size() + 1);
            if (socket_.pending() >= a_write)
                socket_.flush();
        }
        socket_.flush();
        books_.add_sent(some);
    }
}

} // namespace weir::send
