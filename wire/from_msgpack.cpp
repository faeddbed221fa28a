#include "wire/base64.hpp"
#include "wire/json_text.hpp"
#include "wire/msgpack.hpp"
#include "wire/utf8.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace weir {

namespace {

template <class Float>
void append_float(std::string& out, Float value) {
    if (!std::isfinite(value)) {
        out.append("null");
        return;
    }
    std::array<char, 32> text;
    const char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
    out.append(digits);
    if (digits.find_first_of(".e") == digits.npos)
        out.append(".0"); // or it would be an integer when it comes back
}

// The widths of the lengths and numbers whose first bytes follow one another: 1, 2, 4, 8.
constexpr unsigned width_from(unsigned first, unsigned tag) { return 1u << (tag - first); }

constexpr bool is_str(unsigned tag) { return (tag & 0xe0) == 0xa0 || (tag >= 0xd9 && tag <= 0xdb); }
constexpr bool is_bin(unsigned tag) { return tag >= 0xc4 && tag <= 0xc6; }
constexpr bool is_integer(unsigned tag) {
    return tag < 0x80 || tag >= 0xe0 || (tag >= 0xcc && tag <= 0xd3);
}

// Every step takes what it reads off the front of `in` and says false where that can't be.
class unpacker {
public:
    unpacker(std::string_view in, std::string& out) : in_(in), out_(out) {}

    bool whole() {
        if (in_.empty())
            return false;
        const unsigned tag = next_tag();
        if (!is_str(tag) && !is_bin(tag))
            return value(0) && in_.empty();
        std::string_view bytes;
        if (!take_bytes(bytes) || !in_.empty())
            return false;
        out_.append(bytes);
        return true;
    }

private:
    unsigned next_tag() const { return static_cast<unsigned char>(in_.front()); }

    bool take_number(unsigned width, std::uint64_t& number) {
        if (in_.size() < width)
            return false;
        number = 0;
        for (const char byte : in_.substr(0, width))
            number = number << 8 | static_cast<unsigned char>(byte);
        in_.remove_prefix(width);
        return true;
    }

    // A str or a bin, its tag included.
    bool take_bytes(std::string_view& bytes) {
        const unsigned tag = next_tag();
        std::uint64_t size = tag & 0x1f;
        in_.remove_prefix(1);
        if (is_bin(tag) && !take_number(width_from(0xc4, tag), size))
            return false;
        if (tag >= 0xd9 && !take_number(width_from(0xd9, tag), size))
            return false;
        if (in_.size() < size)
            return false;
        bytes = in_.substr(0, size);
        in_.remove_prefix(size);
        return true;
    }

    bool string() {
        const bool text = is_str(next_tag());
        std::string_view bytes;
        if (!take_bytes(bytes))
            return false;
        out_.push_back('"');
        if (text && is_utf8(bytes))
            append_json_escaped(out_, bytes);
        else
            append_base64(out_, bytes);
        out_.push_back('"');
        return true;
    }

    bool integer() {
        const unsigned tag = next_tag();
        in_.remove_prefix(1);
        std::uint64_t bits = tag;
        if (tag < 0x80 || (tag >= 0xcc && tag <= 0xcf)) {
            if (tag >= 0x80 && !take_number(width_from(0xcc, tag), bits))
                return false;
            out_.append(std::to_string(bits));
            return true;
        }
        unsigned width = 1;
        if (tag < 0xe0 && !take_number(width = width_from(0xd0, tag), bits))
            return false;
        const unsigned unused = 64 - 8 * width; // the sign is that of the shorter number
        out_.append(std::to_string(static_cast<std::int64_t>(bits << unused) >> unused));
        return true;
    }

    bool float32() {
        std::uint64_t bits = 0;
        if (!take_number(4, bits))
            return false;
        append_float(out_, std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
        return true;
    }

    bool float64() {
        std::uint64_t bits = 0;
        if (!take_number(8, bits))
            return false;
        append_float(out_, std::bit_cast<double>(bits));
        return true;
    }

    bool literal(std::string_view text) {
        out_.append(text);
        return true;
    }

    bool key() {
        if (in_.empty())
            return false;
        if (is_str(next_tag()))
            return string();
        if (!is_integer(next_tag()))
            return false;
        out_.push_back('"');
        const bool taken = integer();
        out_.push_back('"');
        return taken;
    }

    bool array(std::uint64_t elements, unsigned level) {
        if (level == most_msgpack_levels)
            return false;
        out_.push_back('[');
        for (std::uint64_t i = 0; i < elements; ++i) {
            if (i > 0)
                out_.push_back(',');
            if (!value(level + 1))
                return false;
        }
        out_.push_back(']');
        return true;
    }

    bool map(std::uint64_t pairs, unsigned level) {
        if (level == most_msgpack_levels)
            return false;
        out_.push_back('{');
        for (std::uint64_t i = 0; i < pairs; ++i) {
            if (i > 0)
                out_.push_back(',');
            if (!key())
                return false;
            out_.push_back(':');
            if (!value(level + 1))
                return false;
        }
        out_.push_back('}');
        return true;
    }

    bool value(unsigned level) {
        if (in_.empty())
            return false;
        const unsigned tag = next_tag();
        if (is_integer(tag))
            return integer();
        if (is_str(tag) || is_bin(tag))
            return string();
        in_.remove_prefix(1);
        std::uint64_t count = tag & 0x0f;
        if (tag < 0x90)
            return map(count, level);
        if (tag < 0xa0)
            return array(count, level);
        switch (tag) {
        case 0xc0:
            return literal("null");
        case 0xc2:
            return literal("false");
        case 0xc3:
            return literal("true");
        case 0xca:
            return float32();
        case 0xcb:
            return float64();
        case 0xdc:
        case 0xdd:
            return take_number(tag == 0xdc ? 2 : 4, count) && array(count, level);
        case 0xde:
        case 0xdf:
            return take_number(tag == 0xde ? 2 : 4, count) && map(count, level);
        default: // extensions, and 0xc1, which is never used
            return false;
        }
    }

    std::string_view in_;
    std::string& out_;
};

} // namespace

bool append_from_msgpack(std::string& out, std::string_view packed) {
    const std::size_t before = out.size();
    if (unpacker(packed, out).whole())
        return true;
    out.resize(before);
    return false;
}

} // namespace weir
