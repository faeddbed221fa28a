// The options of --udp.
#pragma once

#include "base/options.hpp"

namespace weir {

struct udp_options {
    address listen;
    byte_size rcvbuf = 4_MiB;
    unsigned sockets = 1;
    byte_size max_message{65'507};
    std::vector<cidr> allow;
    std::string topic;
};

inline void declare(option_set& set, udp_options& o) {
    set.what("ADDR", o.listen);
    set.add("rcvbuf", o.rcvbuf, "SIZE", "receive buffer to ask the kernel for, for each socket");
    set.add("sockets", o.sockets, "N",
            "sockets that share the port (SO_REUSEPORT), each on a thread of its own");
    set.add("max-message", o.max_message, "SIZE", "longer datagrams are refused");
    set.add("allow", o.allow, "CIDR", "networks that may send; none given: all");
    set.add("topic", o.topic, "NAME", "the topic of all its messages, whatever they say");
}

} // namespace weir
