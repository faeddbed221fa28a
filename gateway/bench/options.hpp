// What `weir bench` and `weir bench live` are told.
#pragma once

#include "gateway/bench/message.hpp"
#include "gateway/client/amount.hpp"
#include "gateway/client/url.hpp"
#include "gateway/status_mode.hpp"
#include "wire/framing.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace weir::bench {

using namespace client;

struct send_options {
    url to;
    byte_size size{256};
    amount rate; // messages a second in all, 0: flat out
    unsigned connections = 1;
    unsigned threads = 1;
    duration time{5'000};
    amount count; // messages in all, 0: as many as the time has room for
    bool gso = false;
    framing kind = framing::newline;
    unsigned pipeline = 1;
    unsigned batch = 1;
    std::string verify; // a file
    bool json = false;
    status_mode progress = status_mode::automatic;
};
void declare(option_set& set, send_options& o);

struct live_options {
    url to;
    unsigned clients = 100;
    unsigned threads = 1;
    duration time{10'000};
    duration quiet{2'000};
    amount expect; // events each client waits for, 0: until time or quiet end it
    bool verify = false;
    bool idle = false;
    bool json = false;
    status_mode progress = status_mode::automatic;
};
void declare(option_set& set, live_options& o);

// Read the words behind the command and check them. False: --help was asked for, and is all there
// is to do. Throw usage_error.
bool read_words(std::span<const std::string> words, send_options& into);
bool read_words(std::span<const std::string> words, live_options& into);

std::string send_help();
std::string live_help();

} // namespace weir::bench
