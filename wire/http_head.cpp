#include "wire/http_head.hpp"

#include "wire/hex.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace weir {

namespace http = boost::beast::http;

namespace {

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool has_token(std::string_view list, std::string_view token) {
    return http::token_list({list.data(), list.size()}).exists({token.data(), token.size()});
}

// A field that may stand once only. Two of them, and whoever stands before us may have read the
// other.
bool take_once(std::string_view& to, std::string_view value) {
    if (!to.empty())
        return false;
    to = value;
    return true;
}

class head_parser final : public http::basic_parser<true> {
public:
    explicit head_parser(http_head& into) : head_(into) {}

    std::string_view target;
    bool repeated = false;
    bool upgrade_to_websocket = false;

private:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    void on_request_impl(http::verb method, text, text to, int version, error_code&) override {
        head_.method = method;
        target = view(to);
        head_.http_1_0 = version == 10;
    }

    void on_field_impl(http::field name, text name_as_sent, text as_sent, error_code&) override {
        const std::string_view value = view(as_sent);
        switch (name) {
        case http::field::host:
            head_.host = value;
            break;
        case http::field::expect:
            head_.expects_continue |= equals_ignoring_case(value, "100-continue");
            break;
        case http::field::upgrade:
            upgrade_to_websocket |= has_token(value, "websocket");
            break;
        case http::field::origin:
            repeated |= !take_once(head_.origin, value);
            break;
        case http::field::authorization:
            repeated |= !take_once(head_.authorization, value);
            break;
        case http::field::content_type:
            repeated |= !take_once(head_.content_type, value);
            break;
        case http::field::content_encoding:
            repeated |= !take_once(head_.content_encoding, value);
            break;
        case http::field::access_control_request_method:
            repeated |= !take_once(head_.preflight_method, value);
            break;
        case http::field::user_agent:
            if (head_.user_agent.empty())
                head_.user_agent = value;
            break;
        case http::field::sec_websocket_key:
            repeated |= !take_once(head_.websocket_key, value);
            break;
        case http::field::sec_websocket_version:
            repeated |= !take_once(head_.websocket_version, value);
            break;
        case http::field::unknown: // to Beast
            if (equals_ignoring_case(view(name_as_sent), "last-event-id"))
                repeated |= !take_once(head_.last_event_id, value);
            head_.trace.take(view(name_as_sent), value);
            break;
        default:
            break;
        }
    }

    // The body is not Beast's: put() is called once, with the head alone.
    void on_response_impl(int, text, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    http_head& head_;
};

// Origin-form, absolute-form, or the asterisk of OPTIONS.
bool read_target(std::string_view target, http_head& into) {
    if (target == "*" && into.method == http_method::options) {
        into.path = target;
        return true;
    }
    if (target.starts_with("http://") || target.starts_with("https://")) {
        target.remove_prefix(target.find("//") + 2);
        into.host = target.substr(0, target.find_first_of("/?"));
        target.remove_prefix(into.host.size());
        if (into.host.empty())
            return false;
        if (!target.starts_with('/')) {
            into.path = "/";
            into.query = target.empty() ? target : target.substr(1);
            return true;
        }
    }
    if (!target.starts_with('/') || target.find('#') != target.npos)
        return false;
    const std::size_t mark = target.find('?');
    into.path = target.substr(0, mark);
    into.query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
    return true;
}

} // namespace

std::optional<http_fault> parse_http_head(std::string_view head, http_head& into) {
    if (auto fault = http_rules_fault(head))
        return fault;
    into = {};
    head_parser parser(into);
    parser.header_limit(static_cast<std::uint32_t>(head.size()) + 1);
    parser.body_limit(boost::none);
    boost::beast::error_code error;
    const std::size_t taken = parser.put(boost::asio::buffer(head), error);
    if (error || taken != head.size() || !parser.is_header_done())
        return http_fault{400, "malformed request"};
    if (parser.repeated)
        return http_fault{400, "a header field that may stand once only stands twice"};
    if (!read_target(parser.target, into))
        return http_fault{400, "malformed request target"};

    into.keep_alive = parser.keep_alive();
    into.chunked = parser.chunked();
    into.wants_websocket = parser.upgrade() && parser.upgrade_to_websocket && !into.http_1_0;
    into.expects_continue &= !into.http_1_0;
    if (const auto length = parser.content_length())
        into.content_length = *length;
    return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return decoded;
}

std::optional<std::string_view> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (pair.substr(0, equals) == name)
            return equals == pair.npos ? std::string_view() : pair.substr(equals + 1);
    }
    return std::nullopt;
}

} // namespace weir
