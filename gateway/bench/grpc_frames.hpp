// What a gRPC client sends, as ready-made HTTP/2 frames (RFC 9113), for one kind of call: Publish
// or PublishStream of weir.v1.Ingest (proto/weir/v1/ingest.proto). Pure, any thread. Sizes in
// bytes.
//
// The first call of a connection tells its header fields, which the peer's table (RFC 7541) keeps;
// the others name them by their places there, as gRPC's own clients do.
#pragma once

#include "gateway/bench/message_buffer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::bench {

constexpr std::size_t http2_header = 9;
constexpr std::int64_t http2_window = 65'535; // until a peer says otherwise
constexpr std::size_t most_grpc = 16'000;     // of a message, which goes in one frame of 16 KiB

// A frame's stream, for headers and for data alike.
void set_stream(char* frame, std::uint32_t stream);

struct grpc_frames {
    explicit grpc_frames(std::string_view authority, bool one_event);

    std::string preface;       // of the connection; it asks for answers without a header table
    std::string first_headers; // a HEADERS frame that opens the first call of a connection
    std::string headers;       // likewise, of the others
    std::string end;           // a frame that ends a stream of events
};

// An Event in a DATA frame; behind `headers`, and with the call's end, where it is the only one.
unit grpc_unit(const message_layout& layout, std::string_view headers);

// What is to be sent for what was read (WINDOW_UPDATE), told (SETTINGS) and asked (PING).
std::string window_update(std::uint32_t more);
std::string settings_taken();
std::string ping_answer(std::string_view eight_bytes);

} // namespace weir::bench
