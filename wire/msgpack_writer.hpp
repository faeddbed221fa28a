// MessagePack, value by value, each in its shortest form; wire/msgpack.hpp has the specification.
// One thread. Whoever writes an array or a map writes its elements right behind it, or keys and
// values in turn.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

class msgpack_writer {
public:
    explicit msgpack_writer(std::string& out) : out_(out) {} // appends; must outlive the writer

    void nil() { tag(0xc0); }
    void boolean(bool value) { tag(value ? 0xc3 : 0xc2); }

    void unsigned_integer(std::uint64_t value) {
        if (value < 0x80)
            tag(static_cast<unsigned>(value));
        else if (value <= 0xff)
            tagged(0xcc, value, 1);
        else if (value <= 0xffff)
            tagged(0xcd, value, 2);
        else if (value <= 0xffff'ffff)
            tagged(0xce, value, 4);
        else
            tagged(0xcf, value, 8);
    }
    void signed_integer(std::int64_t value) {
        const auto bits = static_cast<std::uint64_t>(value);
        if (value >= 0)
            unsigned_integer(bits);
        else if (value >= -32)
            tag(static_cast<unsigned>(bits & 0xff));
        else if (value >= INT8_MIN)
            tagged(0xd0, bits, 1);
        else if (value >= INT16_MIN)
            tagged(0xd1, bits, 2);
        else if (value >= INT32_MIN)
            tagged(0xd2, bits, 4);
        else
            tagged(0xd3, bits, 8);
    }
    void float64(double value) { tagged(0xcb, std::bit_cast<std::uint64_t>(value), 8); }

    // A string, bytes and containers have at most 2^32 - 1 bytes or elements.
    void str(std::string_view text) {
        if (text.size() < 32)
            tag(0xa0 | static_cast<unsigned>(text.size()));
        else if (text.size() <= 0xff)
            tagged(0xd9, text.size(), 1);
        else if (text.size() <= 0xffff)
            tagged(0xda, text.size(), 2);
        else
            tagged(0xdb, text.size(), 4);
        out_.append(text);
    }
    void bin(std::string_view bytes) {
        if (bytes.size() <= 0xff)
            tagged(0xc4, bytes.size(), 1);
        else if (bytes.size() <= 0xffff)
            tagged(0xc5, bytes.size(), 2);
        else
            tagged(0xc6, bytes.size(), 4);
        out_.append(bytes);
    }
    void array(std::size_t elements) { container(0x90, 0xdc, elements); }
    void map(std::size_t pairs) { container(0x80, 0xde, pairs); }

private:
    void tag(unsigned byte) { out_.push_back(static_cast<char>(byte)); }
    void tagged(unsigned byte, std::uint64_t value, unsigned width) {
        tag(byte);
        while (width-- > 0)
            tag(static_cast<unsigned>(value >> (8 * width) & 0xff));
    }
    void container(unsigned small, unsigned large, std::size_t count) {
        if (count < 16)
            tag(small | static_cast<unsigned>(count));
        else if (count <= 0xffff)
            tagged(large, count, 2);
        else
            tagged(large + 1, count, 4);
    }

    std::string& out_;
};

} // namespace weir
