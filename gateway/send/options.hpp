// What `weir send` is told.
#pragma once

#include "gateway/client/access.hpp"
#include "gateway/client/amount.hpp"
#include "gateway/client/url.hpp"
#include "gateway/status_mode.hpp"
#include "wire/framing.hpp"

#include <span>
#include <string>
#include <vector>

namespace weir::send {

struct send_options {
    client::url to;
    std::vector<std::string> files; // "-" is standard input, and so is none
    client::amount rate;            // messages a second, 0: as they come
    framing kind = framing::newline;
    unsigned batch = 1000; // lines a request at most
    duration retry_for{60'000};
    client::access_options access;
    bool json = false;
    status_mode progress = status_mode::automatic;
};
void declare(option_set& set, send_options& o);

// Reads the words behind the command and checks them. False: --help was asked for, and is all there
// is to do. Throws usage_error.
bool read_words(std::span<const std::string> words, send_options& into);

std::string send_help();

} // namespace weir::send
