#include "gateway/client/http_reader.hpp"

#include "sinks/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>
#include <limits>

namespace weir::client {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t most_head = 64u << 10;
constexpr std::string_view end_of_head = "\r\n\r\n";

} // namespace

std::string_view http_answer::field(std::string_view name) const {
    const auto found = fields.find({name.data(), name.size()});
    if (found == fields.end())
        return {};
    return {found->value().data(), found->value().size()};
}

std::string http_answer::status_line() const {
    return reason.empty() ? std::to_string(status) : fmt::format("{} {}", status, reason);
}

std::optional<std::chrono::milliseconds> http_answer::retry_after() const {
    return parse_retry_after(field("Retry-After"), wall_now());
}

http_answer http_reader::read_head(time_point until) {
    for (;;) {
        std::size_t end = 0;
        while ((end = bytes_.find(end_of_head)) == bytes_.npos) {
            if (bytes_.size() > most_head)
                throw connection_fault("what the server answers is no HTTP");
            fill(until);
            if (at_end_)
                throw connection_fault(bytes_.empty()
                                           ? "the server closes without an answer"
                                           : "what the server answers is no whole HTTP head");
        }
        end += end_of_head.size();
        http::response_parser<http::empty_body> parser;
        parser.skip(true);
        parser.header_limit(most_head);
        boost::beast::error_code fault;
        parser.put(boost::asio::buffer(bytes_.data(), end), fault);
        if (fault || !parser.is_header_done())
            throw connection_fault("what the server answers is no HTTP");
        bytes_.erase(0, end);
        http_answer answer;
        answer.status = parser.get().result_int();
        if (answer.status / 100 == 1 && answer.status != 101)
            continue;
        answer.reason = std::string(parser.get().reason().data(), parser.get().reason().size());
        std::optional<std::uint64_t> length;
        if (const auto given = parser.content_length())
            length = *given;
        begin_body(answer.status, parser.chunked(), length);
        answer.keep_alive = parser.keep_alive() && (chunks_ || left_);
        auto message = parser.release();
        answer.fields = std::move(static_cast<http::fields&>(message));
        return answer;
    }
}

void http_reader::begin_body(unsigned status, bool chunked, std::optional<std::uint64_t> length) {
    chunks_.reset();
    left_.reset();
    if (status == 101 || status == 204 || status == 304)
        left_ = 0;
    else if (chunked)
        chunks_.emplace(std::numeric_limits<std::uint64_t>::max());
    else
        left_ = length;
}

std::string_view http_reader::read_body(time_point until) {
    body_.clear();
    for (;;) {
        if (chunks_) {
            std::string_view rest = bytes_;
            if (chunks_->take(rest, &body_))
                throw connection_fault("a malformed chunk in the answer");
            bytes_.erase(0, bytes_.size() - rest.size());
            if (!body_.empty() || chunks_->done())
                return body_;
        } else if (left_) {
            const std::uint64_t size = std::min<std::uint64_t>(*left_, bytes_.size());
            body_ = bytes_.substr(0, static_cast<std::size_t>(size));
            bytes_.erase(0, body_.size());
            *left_ -= size;
            if (!body_.empty() || *left_ == 0)
                return body_;
        } else if (!bytes_.empty() || at_end_) {
            body_.swap(bytes_);
            return body_;
        }
        if (at_end_)
            throw connection_fault("the connection ended in the middle of the answer");
        fill(until);
    }
}

bool http_reader::body_ended() const {
    if (chunks_)
        return chunks_->done();
    return left_ ? *left_ == 0 : at_end_;
}

void http_reader::fill(time_point until) {
    std::array<char, 64u << 10> room;
    const std::size_t got = from_.read(room.data(), room.size(), until);
    at_end_ = got == 0;
    bytes_.append(room.data(), got);
}

} // namespace weir::client
