#include "listeners/http_policy.hpp"

#include "listeners/credentials.hpp"
#include "wire/base64.hpp"
#include "wire/beacon.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr http_refusal not_found{404, "nothing is here", refusal::bad_request, false};
constexpr http_refusal wrong_method{405, "this path does not take this method",
                                    refusal::bad_request, false};
constexpr http_refusal foreign_origin{403, "this origin is not allowed", refusal::not_allowed};
constexpr http_refusal no_token{401, "a valid token is needed", refusal::unauthorized};
constexpr http_refusal no_upgrade{426, "this path speaks WebSocket", refusal::bad_request, false};

bool is_publishing(http_method method) {
    return method == http_method::post || method == http_method::put;
}

std::string_view host_of_origin(std::string_view origin) {
    const std::size_t at = origin.find("://");
    return at == origin.npos ? std::string_view() : origin.substr(at + 3);
}

// Open to everybody, and no preflight is answered, for an image needs none.
http_refusal judge_beacon(const http_head& head, http_decision& so_far) {
    so_far.takes_get = true;
    so_far.takes_post = so_far.takes_options = false;
    so_far.action = http_action::beacon;
    const bool reads = head.method == http_method::get || head.method == http_method::head;
    return reads ? http_refusal() : wrong_method;
}

} // namespace

void check_origin(std::string_view origin) {
    const std::string_view host = host_of_origin(origin);
    if (origin != "*" && (host.empty() || host.find_first_of("/?# ") != host.npos))
        throw usage_error("option origins: '" + std::string(origin) +
                          "' is no origin, as https://example.com or * is");
}

bool http_policy::allows_origin(const http_head& head) const {
    if (head.origin.empty())
        return true;
    const std::string_view host = host_of_origin(head.origin);
    if (!host.empty() && equals_ignoring_case(host, head.host))
        return true;
    return std::any_of(origins.begin(), origins.end(), [&](const std::string& allowed) {
        return allowed == "*" || equals_ignoring_case(allowed, head.origin);
    });
}

bool http_policy::knows_token(const http_head& head) const {
    if (token.empty())
        return true;
    if (const auto bearer = credentials(head.authorization, "Bearer"); !bearer.empty())
        return same_secret(bearer, token.value);
    if (const auto basic = credentials(head.authorization, "Basic"); !basic.empty()) {
        const auto pair = from_base64(basic); // user:password
        const std::size_t user = pair ? pair->find(':') : std::string::npos;
        return user != std::string::npos &&
               same_secret(std::string_view(*pair).substr(user + 1), token.value);
    }
    const auto given = query_value(head.query, "access_token");
    return given && same_secret(percent_decoded(*given).value_or(""), token.value);
}

bool http_policy::is_ingest_path(std::string_view path) const {
    return ingest &&
           (path == "/" || (path.starts_with(topic_root) && path.size() > topic_root.size()));
}

bool http_policy::is_websocket_path(std::string_view path) const {
    return !websocket_path.empty() && (websocket_path == "*" || websocket_path == path);
}

const http_route* http_policy::find_route(std::string_view path) const {
    const http_route* best = nullptr;
    for (const http_route& each : routes) {
        if (each.path == path)
            return &each;
        const std::string_view front(each.path.data(), each.path.size() - 1);
        const bool is_front = each.path == "*" || each.path.ends_with("/*");
        if (is_front && path.starts_with(front) && (!best || best->path.size() < each.path.size()))
            best = &each;
    }
    return best;
}

http_decision http_policy::decide(const http_head& head) const {
    http_decision out;
    out.cross_origin = !head.origin.empty() && allows_origin(head);
    auto path = percent_decoded(head.path);
    if (!path) {
        out.refused = {400, "malformed escapes in the path"};
        return out;
    }
    out.path = std::move(*path);
    const bool is_websocket = is_websocket_path(out.path);
    out.route = find_route(out.path);
    out.takes_post = is_ingest_path(out.path);
    out.takes_get = out.route || is_websocket;
    out.takes_put = out.route && out.route->put;

    if (beacon && parse_beacon_path(head.path)) {
        out.refused = judge_beacon(head, out);
    } else if (!out.takes_get && !out.takes_post && head.path != "*") {
        out.refused = not_found;
    } else if (out.takes_put && head.method == http_method::put) {
        out.refused = judge_put(head, out);
    } else if (is_publishing(head.method)) {
        out.refused = !out.takes_post        ? wrong_method
                      : !allows_origin(head) ? foreign_origin
                      : !knows_token(head)   ? no_token
                                             : http_refusal();
        out.action = http_action::ingest;
    } else if (head.method == http_method::get || head.method == http_method::head) {
        out.refused = judge_get(head, out);
    } else if (head.method == http_method::options) {
        out.refused = allows_origin(head) ? http_refusal() : foreign_origin;
        out.action = http_action::preflight;
    } else {
        out.refused = wrong_method;
    }
    if (is_publishing(head.method)) // somebody meant to hand in a message
        out.refused.counts = true;
    if (out.refused.status != 0)
        out.action = http_action::refuse;
    return out;
}

http_refusal http_policy::judge_put(const http_head& head, http_decision& so_far) const {
    so_far.action = http_action::serve_put;
    if (!head.origin.empty() && std::ranges::none_of(origins, [&](const std::string& allowed) {
            return equals_ignoring_case(allowed, head.origin);
        }))
        return foreign_origin;
    return knows_token(head) ? http_refusal() : no_token;
}

http_refusal http_policy::judge_get(const http_head& head, http_decision& so_far) const {
    const bool is_websocket = is_websocket_path(so_far.path);
    if (!so_far.takes_get)
        return wrong_method;
    const bool upgrades = head.wants_websocket && head.method == http_method::get &&
                          (is_websocket || so_far.route->websocket);
    const bool streams = !upgrades && !is_websocket && so_far.route->stream;
    if ((upgrades || streams) && !allows_origin(head))
        return foreign_origin;
    const bool open = !is_websocket && so_far.route->open;
    if (!open && !knows_token(head))
        return no_token;
    if (upgrades) {
        so_far.action = is_websocket ? http_action::ingest_websocket : http_action::route_websocket;
        return {};
    }
    so_far.action = streams ? http_action::stream : http_action::serve;
    if (streams)
        return {};
    const bool answers = !is_websocket && (so_far.route->get || so_far.route->get_later);
    return answers ? http_refusal() : no_upgrade;
}

} // namespace weir
