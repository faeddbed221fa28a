#include "wire/http_chunked.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr http_fault bad_chunk{400, "malformed chunk"};

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

} // namespace

std::optional<http_fault> chunked_decoder::take(std::string_view& bytes, std::string* body) {
    while (!bytes.empty() && state_ != state::done) {
        if (state_ == state::data) {
            const std::size_t size = std::min<std::uint64_t>(bytes.size(), chunk_);
            if (body)
                body->append(bytes.substr(0, size));
            bytes.remove_prefix(size);
            chunk_ -= size;
            if (chunk_ == 0)
                state_ = state::data_cr;
            continue;
        }
        if (state_ == state::trailer) {
            if (auto fault = take_trailer(bytes))
                return fault;
            continue;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        std::optional<http_fault> fault;
        switch (state_) {
        case state::size:
            fault = take_size(c);
            break;
        case state::extension:
            if (c == '\r')
                state_ = state::size_lf;
            else if (is_control(c))
                fault = bad_chunk;
            else if (++extensions_ > most_extensions)
                fault = http_fault{400, "chunk extensions over 8 KiB"};
            break;
        case state::size_lf:
            fault = c == '\n' ? end_size_line() : bad_chunk;
            break;
        case state::data_cr:
            state_ = state::data_lf;
            if (c != '\r')
                fault = bad_chunk;
            break;
        default: // data_lf
            state_ = state::size;
            if (c != '\n')
                fault = bad_chunk;
            break;
        }
        if (fault)
            return fault;
    }
    return std::nullopt;
}

std::optional<http_fault> chunked_decoder::take_size(char c) {
    if (const int digit = hex_digit(c); digit >= 0) {
        if (++digits_ > 15)
            return bad_chunk;
        chunk_ = chunk_ * 16 + static_cast<unsigned>(digit);
        return std::nullopt;
    }
    if (digits_ == 0 || (c != ';' && c != '\r'))
        return bad_chunk;
    state_ = c == ';' ? state::extension : state::size_lf;
    return std::nullopt;
}

std::optional<http_fault> chunked_decoder::end_size_line() {
    digits_ = 0;
    if (chunk_ > left_)
        return http_fault{413, "the body is larger than max-body"};
    left_ -= chunk_;
    state_ = chunk_ == 0 ? state::trailer : state::data;
    return std::nullopt;
}

std::optional<http_fault> chunked_decoder::take_trailer(std::string_view& bytes) {
    const std::size_t newline = bytes.find('\n');
    const std::size_t size = newline == bytes.npos ? bytes.size() : newline + 1;
    trailers_ += size;
    if (trailers_ > most_trailers)
        return http_fault{400, "trailers over 8 KiB"};
    line_.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    if (newline == bytes.npos)
        return std::nullopt;
    if (!line_.ends_with("\r\n"))
        return http_fault{400, "malformed trailer"};
    line_.resize(line_.size() - 2);
    if (line_.empty())
        state_ = state::done;
    else if (!parse_http_field(line_))
        return http_fault{400, "malformed trailer"};
    line_.clear();
    return std::nullopt;
}

} // namespace weir
