// The one header field of an answer that is of interest, out of those that HPACK encodes.
#include "gateway/bench/grpc_answers.hpp"

#include <charconv>
#include <optional>

namespace weir::bench {

namespace {

constexpr unsigned unknown = 2;
constexpr std::size_t static_fields = 61;
constexpr std::string_view status_name = "grpc-status";
constexpr std::string_view status_name_huffman = "\x9a\xca\xc8\xb2\x12\x34\xda\x8f";

struct text {
    std::string_view bytes;
    bool huffman = false;
};

class fields {
public:
    explicit fields(std::string_view block) : left_(block) {}

    bool empty() const { return left_.empty(); }
    std::uint8_t peek() const { return static_cast<std::uint8_t>(left_.front()); }

    // With a prefix of so many bits (RFC 7541, 5.1).
    std::optional<std::size_t> number(unsigned bits) {
        if (left_.empty())
            return std::nullopt;
        const std::size_t most = (1u << bits) - 1;
        std::size_t value = next() & most;
        if (value < most)
            return value;
        for (unsigned shift = 0; shift < 28 && !left_.empty(); shift += 7) {
            const std::uint8_t part = next();
            value += static_cast<std::size_t>(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        return std::nullopt;
    }

    std::optional<text> string() {
        if (left_.empty())
            return std::nullopt;
        const bool huffman = (peek() & 0x80) != 0;
        const auto size = number(7);
        if (!size || *size > left_.size())
            return std::nullopt;
        const text found{left_.substr(0, *size), huffman};
        left_.remove_prefix(*size);
        return found;
    }

private:
    std::uint8_t next() {
        const std::uint8_t first = peek();
        left_.remove_prefix(1);
        return first;
    }

    std::string_view left_;
};

// Digits alone (RFC 7541, appendix B): five bits for 0, 1 and 2, six for the others.
std::string digits(std::string_view huffman) {
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char each : huffman.substr(0, 4)) {
        held = held << 8 | static_cast<std::uint8_t>(each);
        bits += 8;
        while (bits >= 5) {
            const unsigned five = held >> (bits - 5) & 0x1f;
            if (five <= 2) {
                out += static_cast<char>('0' + five);
                bits -= 5;
                continue;
            }
            const unsigned six = bits >= 6 ? held >> (bits - 6) & 0x3f : 0;
            if (six < 0x19 || six > 0x1f)
                break;
            out += static_cast<char>('3' + (six - 0x19));
            bits -= 6;
        }
    }
    return out;
}

unsigned status_of(const text& value) {
    const std::string plain = value.huffman ? digits(value.bytes) : std::string(value.bytes);
    unsigned status = unknown;
    const char* const end = plain.data() + plain.size();
    const auto [stopped, fault] = std::from_chars(plain.data(), end, status);
    return fault == std::errc() && stopped == end ? status : unknown;
}

bool is_status(const text& name) {
    return name.bytes == (name.huffman ? status_name_huffman : status_name);
}

} // namespace

bool read_grpc_status(std::string_view block, unsigned& status) {
    status = unknown;
    fields left(block);
    while (!left.empty()) {
        const std::uint8_t first = left.peek();
        if ((first & 0xe0) == 0x20) { // a new size of the table
            if (!left.number(5))
                return false;
            continue;
        }
        const bool whole = (first & 0x80) != 0;
        const auto name = left.number(whole ? 7 : (first & 0x40) != 0 ? 6 : 4);
        if (!name || *name > static_fields || (whole && *name == 0))
            return false;
        if (whole)
            continue;
        const auto told = *name == 0 ? left.string() : text{};
        const auto value = left.string();
        if (!told || !value)
            return false;
        if (is_status(*told))
            status = status_of(*value);
    }
    return true;
}

} // namespace weir::bench
