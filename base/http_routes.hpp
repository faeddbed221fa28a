// What an HTTP port serves beside ingest. A component that needs a path there offers a route; the
// gateway hands all routes to the listener, which knows nobody behind them.
#pragma once

#include "base/executor.hpp"
#include "base/live_feed.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

// A request as far as a route may see it. Views live for the call only.
struct http_query {
    std::string_view path;               // decoded, without the query
    std::string_view query;              // as sent, without '?'
    std::string_view last_event_id = {}; // the field of that name, or empty
    std::string_view raw_path = {};      // as sent
    std::string_view host = {};          // likewise; empty where there is none
};

struct http_answer {
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers; // beyond content type and length
};

// A connection that is taken over: the 101 of a WebSocket or the head of a stream is written,
// nothing else is pending.
struct websocket_connection {
    stream_socket socket;           // on the executor that accepted it, and stays there
    std::string early;              // bytes that came behind the request
    std::string query;              // of the request, as sent
    std::shared_ptr<void> admitted; // holds its place among the port's connections
    std::string last_event_id = {}; // as in http_query
};

// What a port may switch off by name.
enum class route_kind { health, metrics, page, live, events, stats, admin };

struct http_route {
    route_kind kind;
    // Exact; "/a/*" is all below /a, and "*" any path. The longest that fits is taken.
    std::string path;
    bool open = false;                                   // served without the token
    std::function<http_answer(const http_query&)> get;   // plain GET and HEAD, or empty
    std::function<void(websocket_connection)> websocket; // takes the connection over, or empty
    // The same behind a plain GET: an answer without a length, which ends with the connection.
    std::function<void(websocket_connection)> stream = {};
    // Asked before a connection is taken over. Status 200: go on, with this type and these fields
    // where it is a stream; any other is the answer instead. Empty: all may.
    std::function<http_answer(const http_query&)> admits = {};
    // In place of `get`, where the answer takes time: to be called once, from any thread. Dropped
    // without a call it stands for 503.
    std::function<void(const http_query&, std::function<void(http_answer)>)> get_later = {};
    // The same stream for listeners that are no HTTP ports, or empty.
    live_subscribe subscribe = {};
    std::function<http_answer(std::string_view body)> put = {}; // PUT, or empty
};

using http_routes = std::vector<http_route>;

} // namespace weir
