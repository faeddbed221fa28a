// The chunked transfer coding of a request's body (RFC 9112, section 7.1), byte by byte where it
// must and by whole chunks where it can. One decoder a request; no thread of its own.
//
// Strict: sizes of up to 15 hex digits, nothing but ';' behind them, CRLF and no other line end.
// Extensions and trailer fields are read and dropped, to 8 KiB each.
#pragma once

#include "wire/http_rules.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

class chunked_decoder {
public:
    static constexpr std::size_t most_extensions = 8192; // bytes, over all chunks
    static constexpr std::size_t most_trailers = 8192;   // bytes

    explicit chunked_decoder(std::uint64_t max_body) : left_(max_body) {}

    // Takes from the front of `bytes` what belongs to the body, and appends its data to `body`
    // (null: drops it).
    std::optional<http_fault> take(std::string_view& bytes, std::string* body);

    bool done() const { return state_ == state::done; }

private:
    enum class state { size, extension, size_lf, data, data_cr, data_lf, trailer, done };

    std::optional<http_fault> take_size(char c);
    std::optional<http_fault> end_size_line();
    std::optional<http_fault> take_trailer(std::string_view& bytes);

    state state_ = state::size;
    unsigned digits_ = 0;
    std::uint64_t chunk_ = 0; // what is left of the chunk under way
    std::uint64_t left_;      // what the body may still grow by
    std::size_t extensions_ = 0;
    std::size_t trailers_ = 0;
    std::string line_; // of the trailer
};

} // namespace weir
