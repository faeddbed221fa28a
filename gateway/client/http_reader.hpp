// The answers of an HTTP/1.1 server on one connection (RFC 9112), head and body apart, so that a
// body without an end can be read as it comes. Main thread.
#pragma once

#include "gateway/client/byte_stream.hpp"
#include "wire/http_chunked.hpp"

#include <boost/beast/http/fields.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace weir::client {

struct http_answer {
    unsigned status = 0;
    std::string reason;
    boost::beast::http::fields fields;
    bool keep_alive = false;

    std::string_view field(std::string_view name) const; // "" where it is missing
    std::string status_line() const;                     // "401 Unauthorized"
    std::optional<std::chrono::milliseconds> retry_after() const;
};

class http_reader {
public:
    using time_point = byte_stream::time_point;

    explicit http_reader(byte_stream& from) : from_(from) {}

    // The next answer's head, 100 Continue and its like passed over. Throws connection_fault.
    http_answer read_head(time_point until);

    // What has come of its body; empty at the end. Throws connection_fault where it is cut.
    std::string_view read_body(time_point until = time_point::max());

    bool body_ended() const; // nothing of it is left to read

    // What came behind the head of an answer that upgraded the connection.
    std::string take_rest() { return std::exchange(bytes_, {}); }

private:
    void fill(time_point until); // bytes_, or at_end_
    void begin_body(unsigned status, bool chunked, std::optional<std::uint64_t> length);

    byte_stream& from_;
    std::string bytes_; // read and not used
    std::string body_;  // as it was given away last
    bool at_end_ = false;
    std::optional<chunked_decoder> chunks_;
    std::optional<std::uint64_t> left_; // neither: until the connection ends
};

} // namespace weir::client
