// What `weir top` is told.
#pragma once

#include "gateway/client/access.hpp"
#include "gateway/client/url.hpp"

#include <span>
#include <string>

namespace weir::top {

struct top_options {
    client::url from; // /metrics where nothing else was given
    bool once = false;
    client::access_options access;
};
void declare(option_set& set, top_options& o);

// Reads the words behind the command and checks them. False: --help was asked for, and is all there
// is to do. Throws usage_error.
bool read_words(std::span<const std::string> words, top_options& into);

std::string top_help();

} // namespace weir::top
