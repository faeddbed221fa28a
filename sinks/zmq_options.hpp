// The options of --zmq.
#pragma once

#include "base/options.hpp"
#include "wire/event_format.hpp"

namespace weir {

// What happens where a subscriber has `hwm` messages to take yet.
enum class slow_subscriber { wait, skip };
constexpr std::array<std::pair<std::string_view, slow_subscriber>, 2> choices(slow_subscriber) {
    return {{{"wait", slow_subscriber::wait}, {"skip", slow_subscriber::skip}}};
}

struct zmq_options {
    address listen;
    event_format format = event_format::json;
    unsigned hwm = 10'000;
    slow_subscriber slow = slow_subscriber::wait;
};

inline void declare(option_set& set, zmq_options& o) {
    set.what("ADDR", o.listen);
    set.add("format", o.format, "json|msgpack", "payloads as they came, or as MessagePack");
    set.add("hwm", o.hwm, "N", "messages that a subscriber may be behind (ZMQ_SNDHWM)");
    set.add("slow", o.slow, "wait|skip",
            "what follows where one is: all wait for it, or it misses what comes");
}

} // namespace weir
