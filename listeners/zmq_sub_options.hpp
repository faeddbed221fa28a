// The options of --zmq-sub.
#pragma once

#include "base/options.hpp"
#include "wire/event_format.hpp"

namespace weir {

struct zmq_sub_options {
    address publisher;
    std::vector<std::string> topics;
    event_format format = event_format::json;
    byte_size max_message = 1_MiB;
    unsigned hwm = 1000;
    std::string topic;
    std::string name;
};

inline void declare(option_set& set, zmq_sub_options& o) {
    set.what("ADDR", o.publisher);
    set.add("topics", o.topics, "PREFIX", "topics to subscribe to; none given: all");
    set.add("format", o.format, "json|msgpack", "payloads as they are, or MessagePack to be JSON");
    set.add("max-message", o.max_message, "SIZE", "longer messages are refused");
    set.add("hwm", o.hwm, "N", "messages that may wait here (ZMQ_RCVHWM)");
    set.add("topic", o.topic, "NAME", "the topic of all its messages, whatever was sent with them");
    set.add("name", o.name, "NAME", "what it is called in /metrics and envelopes");
}

} // namespace weir
