// What all sessions of one HTTP or WebSocket port share. The listener owns it, and nothing of it
// changes once sessions run but the browsers it knows.
#pragma once

#include "base/units.hpp"
#include "listeners/http_policy.hpp"
#include "listeners/listener.hpp"
#include "wire/http_request.hpp"
#include "wire/known_browsers.hpp"
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
    std::shared_ptr<known_browsers> browsers; // null where it takes no beacons
};

} // namespace weir
