// What `weir bench` sends: messages of one size that say who sent them, in which order and when.
// The fields have fixed widths, so that they are stamped in place in ready-made buffers. Pure
// functions, usable from any thread.
//
//   96 bytes and more   {"from":   0,"n":          12,"t":1763000000000000000,"pad":"xxx…"}
//   16 to 95            003 000000000012xxx…
//   below 16            x…
//
// `from` is the number of the connection or socket, `n` counts from 0 for each of them, `t` is the
// system clock in nanoseconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::bench {

constexpr std::size_t smallest_numbered = 16;
constexpr std::size_t smallest_timed = 96;
constexpr unsigned most_senders = 10'000; // what `from` has room for

constexpr std::size_t from_width = 4;
constexpr std::size_t number_width = 12;
constexpr std::size_t time_width = 19;

// Where the fields of a message stand.
struct message_layout {
    explicit message_layout(std::size_t message_size);

    std::size_t size;
    bool numbered; // has from and n
    bool timed;    // has t, and is JSON
    std::size_t from_at;
    std::size_t number_at;
    std::size_t time_at;
};

struct stamp {
    unsigned from = 0;
    std::uint64_t number = 0;
    std::uint64_t time = 0; // 0 where the message has none
    friend bool operator==(const stamp&, const stamp&) = default;
};

// A message with every field there.
std::string make_message(const message_layout& layout, const stamp& stamped);

// The fields of a message, by their places; nothing where it is none of ours. The first
// `stamp_end` bytes of it are enough, where there are more.
constexpr std::size_t stamp_end = 64;
std::optional<stamp> read_stamp(std::string_view beginning, std::size_t size);

// One field, exactly as wide as its place.
std::string from_text(const message_layout& layout, unsigned from);
std::string number_text(const message_layout& layout, std::uint64_t number);
std::string time_text(std::uint64_t time);

// The time to be stamped.
inline std::uint64_t wall_clock_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::nanoseconds(now).count());
}

} // namespace weir::bench
