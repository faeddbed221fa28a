// Counts the answers on an HTTP connection: their heads are read, their bodies skipped. Understands
// what a server says to a POST: a status line and a Content-Length, or a status without a body. One
// per connection, used by its thread; knows no socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::bench {

class http_answers {
public:
    // Appends the status of every answer that is complete now. False: these bytes are none of the
    // answers that it understands, and nothing that follows can be.
    bool feed(std::string_view bytes, std::vector<unsigned>& statuses);

private:
    bool read_head(std::string_view head);
    bool parse(std::string_view head);

    std::string head_; // of which the end has not come yet
    std::uint64_t body_left_ = 0;
    bool in_body_ = false;

    // What the last head said; answers are alike.
    std::string last_head_;
    unsigned status_ = 0;
    std::uint64_t length_ = 0;
};

} // namespace weir::bench
