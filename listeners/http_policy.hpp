// What an HTTP port makes of a request, from its head alone: whom it lets in, what lies behind its
// path, and by which methods. Immutable and shared by the sessions of all threads.
//
// Origins: a request without Origin is no browser's and passes; the port's own origin (Origin's
// host is Host) passes; any other must be in the list, where "*" is everyone. It is asked for
// ingest, WebSockets and a PUT to a route, which the port's own origin may not do either, for a
// name that leads to this host can be anybody's; plain GETs need no such guard, for a page that may
// not read them gets no CORS header, but a stream does, which would go on for nobody. The token:
// `Authorization: Bearer T`, Basic (RFC 7617) with any user and T as the password, or
// `?access_token=T`, for all but open routes, preflights and beacons, which any page may show and
// no page can bring a header with.
#pragma once

#include "base/books.hpp"
#include "base/http_routes.hpp"
#include "base/options.hpp"
#include "wire/http_head.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Why a request gets no good answer. The reason is a literal.
struct http_refusal {
    unsigned status = 0;
    std::string_view reason;
    refusal why = refusal::bad_request;
    bool counts = true; // as a refused message; a GET for nothing is none
};

constexpr std::string_view topic_root = "/in/"; // ingest with a topic is at the paths below

enum class http_action {
    refuse,
    ingest,
    serve,
    serve_put,
    preflight,
    stream,
    beacon,
    ingest_websocket,
    route_websocket
};

struct http_decision {
    http_action action = http_action::refuse;
    http_refusal refused;
    const http_route* route = nullptr;
    std::string path;          // decoded
    bool cross_origin = false; // it has an Origin that is allowed and is to be told so
    bool takes_get = false;    // what the path takes, for Allow
    bool takes_post = false;   // POST and PUT
    bool takes_put = false;    // PUT alone
    bool takes_options = true;
};

struct http_policy {
    std::vector<std::string> origins;
    secret token;
    bool ingest = true;         // POST and PUT to / and /in/TOPIC
    bool beacon = false;        // GET and HEAD of /r/APP/ACCOUNT/TYPE
    std::string websocket_path; // where WebSocket ingest is: a path, "*" for any, "" for nowhere
    http_routes routes;

    http_decision decide(const http_head& head) const;

private:
    http_refusal judge_put(const http_head& head, http_decision& so_far) const;
    bool allows_origin(const http_head& head) const;
    bool knows_token(const http_head& head) const;
    bool is_ingest_path(std::string_view path) const;
    bool is_websocket_path(std::string_view path) const;
    const http_route* find_route(std::string_view path) const;
    http_refusal judge_get(const http_head& head, http_decision& so_far) const;
};

// Throws usage_error where `origin` is neither "*" nor SCHEME://HOST[:PORT].
void check_origin(std::string_view origin);

} // namespace weir
