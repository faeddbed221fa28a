// What a gRPC server says on an HTTP/2 connection (RFC 9113), as far as whoever sends it events has
// to know. It understands header fields without a table (RFC 7541), which the sender's preface asks
// for, and of them the gRPC status alone. One per connection, used by its thread; knows no socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::bench {

class grpc_answers {
public:
    struct ended_call {
        std::uint32_t stream;
        unsigned status; // gRPC's: 0 is OK
    };
    struct refused_events { // of a call whose end is told later
        std::uint32_t stream;
        std::uint64_t count;
    };
    struct window {
        std::uint32_t stream; // 0: the connection's
        std::uint32_t more;
    };
    struct heard {
        std::vector<ended_call> ended;
        std::vector<refused_events> refused;
        std::vector<window> windows;
        std::int64_t initial_window = -1; // of each stream, where it has changed
        std::string replies;              // to be sent

        void clear();
    };

    // Adds what is complete now. False: this is no HTTP/2, or none that is understood, and nothing
    // that follows can be.
    bool feed(std::string_view bytes, heard& into);

private:
    bool take(std::string_view header, std::string_view payload, heard& into);
    void take_data(std::uint32_t stream, std::string_view payload, heard& into);

    std::string rest_; // of a frame under way
    std::uint32_t unreported_ = 0;

    // What the last headers of an answer said; answers are alike.
    std::string last_block_;
    unsigned last_status_ = 0;
};

// The gRPC status in a block of header fields: 2 (unknown) where there is none; false where the
// block is broken or refers to a table.
bool read_grpc_status(std::string_view block, unsigned& status);

} // namespace weir::bench
