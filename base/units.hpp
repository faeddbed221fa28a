// Sizes and times as users write them: 64KiB, 1MiB, 250ms, 10s, 5m, 1h.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

struct byte_size {
    std::uint64_t bytes = 0;
    friend bool operator==(byte_size, byte_size) = default;
};

using duration = std::chrono::milliseconds;

// All four throw usage_error, with a text that begins with what was wrong.
byte_size parse_size(std::string_view text);    // B, KiB, MiB, GiB (K, M, G mean the same)
duration parse_duration(std::string_view text); // ms, s, m, h; "0" needs no unit
std::uint64_t parse_number(std::string_view text);
bool parse_switch(std::string_view text); // on/off, true/false, yes/no, 1/0

std::string to_string(byte_size size); // in the largest unit that divides it: "64KiB"
std::string to_string(duration time);  // likewise: "250ms", "10s"

inline namespace literals {
constexpr byte_size operator""_KiB(unsigned long long n) { return {n << 10}; }
constexpr byte_size operator""_MiB(unsigned long long n) { return {n << 20}; }
} // namespace literals

} // namespace weir
