#include "wire/msgpack.hpp"

#include "wire/base64.hpp"
#include "wire/json_text.hpp"
#include "wire/msgpack_writer.hpp"
#include "wire/utf8.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <vector>

namespace weir {

namespace {

namespace json = boost::json;
using json::error_code;

constexpr unsigned most_levels = 200;

// What Boost.JSON's parser finds, written at once. How much a container holds is known only at its
// end, so it begins with the shortest head, and what is in a larger one moves.
class packer {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    explicit packer(std::string& out) : out_(out), writer_(out) {}

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return begin(); }
    bool on_array_end(std::size_t elements, error_code&) {
        return end([elements](msgpack_writer head) { head.array(elements); });
    }
    bool on_object_begin(error_code&) { return begin(); }
    bool on_object_end(std::size_t pairs, error_code&) {
        return end([pairs](msgpack_writer head) { head.map(pairs); });
    }
    bool on_string_part(json::string_view text, std::size_t, error_code&) { return part(text); }
    bool on_string(json::string_view text, std::size_t, error_code&) {
        writer_.str(whole(text));
        return true;
    }
    bool on_key_part(json::string_view text, std::size_t, error_code&) { return part(text); }
    bool on_key(json::string_view text, std::size_t, error_code&) {
        writer_.str(whole(text));
        return true;
    }
    bool on_number_part(json::string_view text, error_code&) { return part(text); }
    bool on_int64(std::int64_t number, json::string_view, error_code&) {
        parts_.clear();
        writer_.signed_integer(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
        parts_.clear();
        writer_.unsigned_integer(number);
        return true;
    }
    // The parser's own number may be off in its last bit; where this one says nothing, it is too
    // large or too small, and the parser's is infinite or zero.
    bool on_double(double number, json::string_view text, error_code&) {
        const std::string_view digits = whole(text);
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        writer_.float64(number);
        return true;
    }
    bool on_bool(bool value, error_code&) {
        writer_.boolean(value);
        return true;
    }
    bool on_null(error_code&) {
        writer_.nil();
        return true;
    }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

private:
    bool begin() {
        begins_.push_back(out_.size());
        out_.push_back('\0');
        return true;
    }

    template <class WriteHead>
    bool end(WriteHead write_head) {
        head_.clear();
        write_head(msgpack_writer(head_));
        out_.replace(begins_.back(), 1, head_);
        begins_.pop_back();
        return true;
    }

    bool part(json::string_view text) {
        parts_.append(text.data(), text.size());
        return true;
    }

    // Valid until the next part.
    std::string_view whole(json::string_view last) {
        if (parts_.empty())
            return {last.data(), last.size()};
        part(last);
        done_.swap(parts_);
        parts_.clear();
        return done_;
    }

    std::string& out_;
    msgpack_writer writer_;
    std::vector<std::size_t> begins_; // of the containers that are open
    std::string head_;
    std::string parts_;
    std::string done_;
};

bool pack_json(std::string& out, std::string_view message) {
    json::parse_options options;
    options.max_depth = most_levels;
    json::basic_parser<packer> parser(options, out);
    error_code fault;
    const std::size_t read = parser.write_some(false, message.data(), message.size(), fault);
    return !fault && read == message.size();
}

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
        if (text && is_utf8(bytes)) {
            append_json_string(out_, bytes);
            return true;
        }
        out_.push_back('"');
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
        if (level == most_levels)
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
        if (level == most_levels)
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

void append_msgpack(std::string& out, std::string_view message) {
    const std::size_t before = out.size();
    if (pack_json(out, message))
        return;
    out.resize(before);
    if (is_utf8(message))
        msgpack_writer(out).str(message);
    else
        msgpack_writer(out).bin(message);
}

bool append_from_msgpack(std::string& out, std::string_view packed) {
    const std::size_t before = out.size();
    if (unpacker(packed, out).whole())
        return true;
    out.resize(before);
    return false;
}

} // namespace weir
