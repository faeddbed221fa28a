// What the gateway itself answers on every port of HTTP: how it is, its metrics, its log levels and
// the page.
#include "base/log.hpp"
#include "gateway/gateway.hpp"
#include "gateway/log_levels.hpp"
#include "gateway/page.hpp"
#include "wire/json_text.hpp"

#include <iterator>

namespace weir {

namespace {

http_answer log_level_answer() {
    http_answer answer;
    answer.body = to_text(current_log_levels()) + "\n";
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

http_answer put_log_level(std::string_view body) {
    while (!body.empty() && (body.back() == '\n' || body.back() == '\r' || body.back() == ' '))
        body.remove_suffix(1);
    try {
        log_levels wanted;
        from_text(body, wanted);
        set_log_levels(wanted);
        component_log("weir").info("the log level is now {}", to_text(wanted));
        return log_level_answer();
    } catch (const usage_error& wrong) {
        http_answer answer;
        answer.status = 400;
        answer.content_type = "application/json";
        answer.body = "{\"error\":";
        append_json_string(answer.body, wrong.what());
        answer.body += "}\n";
        return answer;
    }
}

} // namespace

// What the ports of HTTP serve beside ingest.
http_routes gateway::shared_routes(const sink_list& sinks) {
    http_routes all = own_routes();
    for (const running_sink& sink : sinks)
        if (!sink.has_port)
            std::ranges::move(sink.runs->routes(), std::back_inserter(all));
    return all;
}

http_routes gateway::own_routes() {
    http_routes routes;
    const auto add = [&](route_kind kind, std::string_view path, bool open, auto answer) {
        http_route& route = routes.emplace_back();
        route.kind = kind;
        route.path = path;
        route.open = open;
        route.get = std::move(answer);
    };
    add(route_kind::health, "/healthz", true, [](const http_query&) {
        http_answer answer;
        answer.body = "ok\n";
        return answer;
    });
    add(route_kind::health, "/readyz", true, [this](const http_query&) {
        http_answer answer;
        answer.status = ready_ ? 200 : 503;
        answer.body = ready_ ? "ready\n" : "not ready\n";
        return answer;
    });
    add(route_kind::metrics, "/metrics", false, [this](const http_query&) {
        http_answer answer;
        answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
        answer.body = metrics_.prometheus_text();
        answer.headers.emplace_back("Cache-Control", "no-store");
        return answer;
    });
    add(route_kind::admin, "/log-level", false,
        [](const http_query&) { return log_level_answer(); });
    routes.back().put = put_log_level;
    // The page holds no data of its own: it is open, and what it fetches asks for the token.
    for (const page_file& file : page_files())
        add(route_kind::page, file.path, true, [file](const http_query&) {
            http_answer answer;
            answer.content_type = file.content_type;
            answer.body = file.content;
            answer.headers.emplace_back("Cache-Control", "no-cache");
            answer.headers.emplace_back("Content-Security-Policy",
                                        "default-src 'self'; connect-src 'self' ws: wss:; "
                                        "img-src 'self' data:; frame-ancestors 'self'");
            return answer;
        });
    return routes;
}

} // namespace weir
