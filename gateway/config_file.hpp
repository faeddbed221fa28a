// The configuration file: TOML (toml.io, version 1.0), whose keys are the names of the flags.
//
//     threads = 2
//     [[udp]]
//     listen = ":9000"
//     rcvbuf = "64MiB"
//
// What it says is handed on as the text of flags, so that a file can say what flags can, and
// nothing else. Read while starting and reloading, on the main thread.
#pragma once

#include "base/options.hpp"
#include "gateway/registry.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// One flag's text.
struct flag_text {
    std::string flag;
    std::string text;
    std::string origin; // what an error about it begins with: "weir.toml:3:1: udp"
};

// Both throw usage_error with every fault, one a line: "weir.toml:4:10: udp: unknown key 'rcvbuff',
// did you mean 'rcvbuf'?". `global` are the options at the top.
std::vector<flag_text> read_config_file(const std::string& path,
                                        std::span<const declared_kind> kinds,
                                        const option_set& global);
std::vector<flag_text> parse_config(std::string_view text, const std::string& name,
                                    std::span<const declared_kind> kinds, const option_set& global);

} // namespace weir
