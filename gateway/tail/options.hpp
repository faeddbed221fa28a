// What `weir tail` is told.
#pragma once

#include "gateway/client/access.hpp"
#include "gateway/client/amount.hpp"
#include "gateway/client/url.hpp"

#include <span>
#include <string>
#include <string_view>

namespace weir::tail {

struct tail_options {
    client::url to;
    client::amount last; // 0: only what comes from now on
    std::string since;   // a sequence number, or empty
    std::string topic;
    bool meta = false;
    bool raw = false;
    client::amount count; // 0: until it is interrupted
    bool no_reconnect = false;
    client::access_options access;

    // Whether events come in envelopes, for the sequence number in them.
    bool asks_for_envelopes() const { return meta || raw || to.scheme == client::protocol::ws; }
};
void declare(option_set& set, tail_options& o);

// Reads the words behind the command and checks them. False: --help was asked for, and is all there
// is to do. Throws usage_error.
bool read_words(std::span<const std::string> words, tail_options& into);

std::string tail_help();

// Path and query to ask for. `resume`: the stream was heard already, up to `last_id` where that is
// not empty; what to begin with is said by that alone then.
std::string tail_target(const tail_options& o, bool resume, std::string_view last_id);

} // namespace weir::tail
