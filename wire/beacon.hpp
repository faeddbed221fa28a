// A beacon: a GET of an image that no one looks at, whose address is the event. Pure, usable from
// any thread.
#pragma once

#include "wire/user_agent.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

// What "/r/APP/ACCOUNT/TYPE" says, as sent, none of the three empty.
struct beacon_path {
    std::string_view app;
    std::string_view account;
    std::string_view type;
};
std::optional<beacon_path> parse_beacon_path(std::string_view path);

// The first value of `ua` in the query, decoded: who the browser is to be taken for.
std::optional<std::string> beacon_user_agent(std::string_view query);

// {"time":"2026-01-02T03:04:05.678Z","type":…,"data":{"app":…,"account":…,"browser":{"name":…,
// "version":…,"os":…},…}}: valid JSON, on one line, whatever path and query are. The first value of
// each parameter joins data as a string, but ua, and but for what data has already.
std::string beacon_event(const beacon_path& path, std::string_view query, const browser& from,
                         std::chrono::system_clock::time_point now);

// A GIF of 1 by 1 pixel. It ends behind the pixel: without the block's end and the trailer, which
// browsers, Pillow and ImageMagick do without. There are shorter ways to spell 26 bytes that have
// a trailer and no pixel, and those the latter two refuse.
constexpr std::string_view beacon_pixel{"GIF89a"
                                        "\x01\x00\x01\x00"                      // 1 by 1
                                        "\x00\x00\x00"                          // no colours
                                        ",\x00\x00\x00\x00\x01\x00\x01\x00\x00" // the image
                                        "\x02\x01\x44",                         // its pixel
                                        26};

} // namespace weir
