// Ready-made messages one behind the other, each in the frame its protocol wants, of which only the
// stamps are written anew before they go out: a few stores a message, whatever its size. Owned and
// used by one thread, which shares it among its connections. Sizes in bytes.
#pragma once

#include "gateway/bench/message.hpp"
#include "wire/framing.hpp"
#include "wire/websocket_frame.hpp"

#include <string>
#include <string_view>

namespace weir::bench {

// What goes out as one piece: a datagram, a framed message, a frame, a request.
struct unit {
    std::string bytes;
    std::size_t message_at = 0; // where its first message stands
    std::size_t messages = 1;
    std::size_t stride = 0; // from one message to the next, where there are more
    masking_key key{};      // what the message is masked with
};

unit datagram_unit(const message_layout& layout);
unit framed_unit(const message_layout& layout, framing kind);
unit websocket_unit(const message_layout& layout, masking_key key);
// `messages` lines, each a message, as one POST; one message stands alone, without a newline.
unit request_unit(const message_layout& layout, std::string_view host, std::string_view target,
                  std::size_t messages);

class message_buffer {
public:
    message_buffer(const message_layout& layout, unit each, std::size_t units);

    // Stamps the first `units` with consecutive numbers from `number` on.
    void stamp(std::size_t units, unsigned from, std::uint64_t number, std::uint64_t time);

    std::size_t units() const { return units_; }
    std::size_t unit_size() const { return unit_.bytes.size(); }
    std::size_t messages_a_unit() const { return unit_.messages; }
    const char* at(std::size_t unit) const { return bytes_.data() + unit * unit_size(); }
    char* at(std::size_t unit) { return bytes_.data() + unit * unit_size(); }
    std::string_view first(std::size_t units) const { return {at(0), units * unit_size()}; }

private:
    std::string masked(std::string text, std::size_t at) const; // as it stands in a message

    message_layout layout_;
    unit unit_;
    std::size_t units_;
    std::string bytes_;
};

} // namespace weir::bench
