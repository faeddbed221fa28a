// The requests of one connection out of the bytes that were read from it, however they were cut
// (RFC 9112). Sans-I/O: the session reads, this says what came. One reader a connection, used by
// its thread alone. What lies whole in the bytes handed in is looked at there; only what is cut off
// is copied, so a request that came in one read costs no allocation.
//
//     while (!bytes.empty())
//         switch (reader.next(bytes)) {   // takes from the front of bytes
//         case more:    read on           // everything was taken, and what matters of it is kept
//         case head:    reader.head(): to be judged; skip_body() where the body doesn't matter
//         case request: reader.body() as well; both hold until the next call and while bytes does
//         case fault:   reader.fault(): where the next request begins is unknown; answer and close
//         }
//
// A head with a body that is over the limit, or a POST or PUT without any length, is a head first:
// length_fault() says so, and the next call is the fault.
#pragma once

#include "wire/http_chunked.hpp"
#include "wire/http_head.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

struct http_limits {
    std::size_t max_head = 16u << 10;
    std::size_t max_body = 1u << 20;
};

enum class http_step { more, head, request, fault };

class http_request_reader {
public:
    explicit http_request_reader(http_limits limits) : limits_(limits), chunked_(0) {}

    http_step next(std::string_view& bytes);

    const http_head& head() const { return head_; }
    std::string_view body() const { return body_; }
    http_fault fault() const { return fault_; }
    std::optional<http_fault> length_fault() const;

    void skip_body() { skipping_ = true; } // after head, before the next call

    // What has come of a request: nothing, a part of its head, or its head and a part of its body.
    enum class phase { idle, head, body };
    phase under_way() const { return phase_; }

private:
    http_step take_head(std::string_view& bytes);
    http_step take_body(std::string_view& bytes);
    http_step keep_head();
    http_step fail(http_fault why);
    void begin_anew();

    http_limits limits_;
    phase phase_ = phase::idle;
    bool complete_ = false; // the last request was handed out; the next call begins another
    bool skipping_ = false;
    bool failed_ = false;
    http_fault fault_{};

    http_head head_;
    std::string_view head_bytes_; // what head_'s views point into
    std::string head_kept_;       // a head that did not come whole, or whose body did not

    std::string_view body_;
    std::string body_kept_;
    std::uint64_t body_left_ = 0; // with a Content-Length
    chunked_decoder chunked_;
};

} // namespace weir
