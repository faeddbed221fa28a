#include "wire/http_request.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::string_view head_end = "\r\n\r\n";

constexpr http_fault body_too_large{413, "the body is larger than max-body"};

// A line that ends in LF alone would leave us waiting for an end that the peer believes it has
// sent.
bool has_bare_newline(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find('\n', from); at != text.npos; at = text.find('\n', at + 1))
        if (at == 0 || text[at - 1] != '\r')
            return true;
    return false;
}

} // namespace

http_step http_request_reader::next(std::string_view& bytes) {
    if (failed_)
        return http_step::fault;
    if (complete_)
        begin_anew();
    if (phase_ == phase::body)
        return take_body(bytes);
    return take_head(bytes);
}

std::optional<http_fault> http_request_reader::length_fault() const {
    if (head_.content_length.value_or(0) > limits_.max_body)
        return body_too_large;
    const bool wants_body = head_.method == http_method::post || head_.method == http_method::put;
    if (wants_body && !head_.chunked && !head_.content_length)
        return http_fault{411, "a Content-Length, or Transfer-Encoding: chunked, is needed"};
    return std::nullopt;
}

http_step http_request_reader::fail(http_fault why) {
    failed_ = true;
    fault_ = why;
    return http_step::fault;
}

void http_request_reader::begin_anew() {
    complete_ = skipping_ = false;
    head_ = {};
    body_ = {};
    head_kept_.clear();
    body_kept_.clear();
    // What a large request needed is not kept for the small ones behind it.
    if (body_kept_.capacity() > 4096)
        body_kept_.shrink_to_fit();
}

http_step http_request_reader::take_head(std::string_view& bytes) {
    const std::size_t before = head_kept_.size();
    if (before == 0) {
        // Empty lines left over behind a body by old clients (section 2.2).
        bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
        if (bytes.empty())
            return http_step::more;
        phase_ = phase::head;
        if (!is_http_token(bytes.substr(0, 1)))
            return fail({400, "not HTTP"});
    }
    std::string_view seen = bytes.substr(0, limits_.max_head - before);
    if (before > 0) {
        head_kept_.append(seen);
        seen = head_kept_;
    }
    const std::size_t end = seen.find(head_end, before - std::min<std::size_t>(before, 3));
    if (end == seen.npos) {
        if (has_bare_newline(seen, before))
            return fail({400, "a header line that does not end in CRLF"});
        if (seen.size() >= limits_.max_head)
            return fail({431, "the header is larger than max-header"});
        if (before == 0)
            head_kept_.assign(seen);
        bytes = {};
        return http_step::more;
    }
    head_bytes_ = seen.substr(0, end + head_end.size());
    bytes.remove_prefix(head_bytes_.size() - before);
    if (auto fault = parse_http_head(head_bytes_, head_))
        return fail(*fault);
    phase_ = phase::body;
    body_left_ = head_.content_length.value_or(0);
    if (head_.chunked)
        chunked_ = chunked_decoder(limits_.max_body);
    return http_step::head;
}

http_step http_request_reader::take_body(std::string_view& bytes) {
    if (auto fault = length_fault())
        return fail(*fault);
    if (head_.chunked) {
        if (auto fault = chunked_.take(bytes, skipping_ ? nullptr : &body_kept_))
            return fail(*fault);
        if (!chunked_.done())
            return keep_head();
        body_ = body_kept_;
    } else if (body_kept_.empty() && bytes.size() >= body_left_ && !skipping_) {
        body_ = bytes.substr(0, body_left_);
        bytes.remove_prefix(body_left_);
    } else {
        const std::string_view part = bytes.substr(0, body_left_);
        if (!skipping_)
            body_kept_.append(part);
        bytes.remove_prefix(part.size());
        body_left_ -= part.size();
        if (body_left_ > 0)
            return keep_head();
        body_ = body_kept_;
    }
    phase_ = phase::idle;
    complete_ = true;
    return http_step::request;
}

// The bytes that the head's views point into go before the body has come.
http_step http_request_reader::keep_head() {
    if (head_kept_.empty()) {
        head_kept_.assign(head_bytes_);
        parse_http_head(head_kept_, head_);
    }
    return http_step::more;
}

} // namespace weir
