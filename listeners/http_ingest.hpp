// A request's body as messages: decoded, then one message, one a line, or one an element.
// Pure, usable from any thread.
#pragma once

#include "listeners/http_policy.hpp"
#include "queues/batch.hpp"

#include <cstddef>
#include <string_view>

namespace weir {

// Either messages, or why there are none.
struct http_messages {
    batch_ptr batch;
    http_refusal refused;
};

// Content-Encoding says how it is packed, within `max_body` on what comes out. `?split=lines` and
// `?split=array` say what a message is; without, `application/x-ndjson` is split by lines.
http_messages messages_of(const http_head& head, std::string_view body, std::size_t max_body,
                          const batch_origin& origin);

// Where the messages of a request come from: the path behind /in/ is their topic, unless the port
// has one for all.
batch_origin origin_of(const batch_origin& port, std::string_view path);

} // namespace weir
