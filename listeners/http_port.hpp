// What all sessions of one HTTP or WebSocket port share. The listener owns it, and it does not
// change once sessions run.
#pragma once

#include "base/units.hpp"
#include "listeners/http_policy.hpp"
#include "listeners/listener.hpp"
#include "wire/http_request.hpp"
#include "wire/websocket_decoder.hpp"

namespace weir {

struct http_port {
    listener_setting setting;
    listener_books& ws_books; // of what comes over WebSocket; setting.books, where it is all that
    http_policy policy;
    http_limits limits;
    websocket_limits ws_limits;
    duration header_timeout{};
    duration body_timeout{};
    duration idle_timeout{};
};

} // namespace weir
