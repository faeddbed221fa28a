// An event with what weir knows of it, as one line of JSON (docs/live.md):
//
//     {"seq":7,"time":"2026-11-25T04:30:12.123456Z","listener":"udp 127.0.0.1:9000","topic":"a",
//      "data":{"the":"event"}}
//
// `time` is RFC 3339, UTC, to the microsecond. `data` is the event itself where it is JSON, with
// its line breaks made spaces; else a string; where it is not even UTF-8, base64, with
// "encoding":"base64" behind it. Pure, any thread.
#pragma once

#include "queues/batch.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// Of one batch: what its envelopes have in common is written once.
class event_envelope {
public:
    event_envelope(receive_clock::time_point received, std::string_view listener);

    void append(std::string& out, std::uint64_t seq, std::string_view topic,
                std::string_view message) const;

private:
    std::string common_; // from "time" to before the topic
};

std::string rfc3339(receive_clock::time_point time);

} // namespace weir
