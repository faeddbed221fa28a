// Ingest over one WebSocket, after the handshake (RFC 6455): waits until there is something, reads
// it in one large chunk, decodes every complete message in place, publishes them as one batch, and
// writes what is to be answered, pongs and the Close, in one go.
//
// A peer that is silent is pinged at half the idle timeout, and dropped at the whole. Under block a
// full queue stops the reading, and TCP's flow control the sender. When the port stops the peer is
// told (1001), and what it sends until it agrees, or for a moment, is still taken.
//
// A faulty peer gets its Close code from the decoder (wire/websocket_decoder.hpp) and is counted as
// one refused message. On the connection's executor.
#pragma once

#include "listeners/http_port.hpp"
#include "listeners/intake_buffer.hpp"
#include "listeners/stream_io.hpp"

#include <string>
#include <string_view>

namespace weir {

class websocket_session {
public:
    websocket_session(const http_port& port, stream_io& io)
        : port_(port), io_(io), decoder_(port.ws_limits), buffer_(port.setting.origin) {}

    task<> run(std::string_view early); // what came behind the handshake; must outlive the call

private:
    void take(std::size_t read);
    task<> hold_back();
    void say_goodbye();
    void set_deadline();
    void count(const websocket_decoded& found);

    const http_port& port_;
    stream_io& io_;
    websocket_decoder decoder_;
    intake_buffer buffer_;
    message_ends ends_;
    batch_ptr fresh_;      // decoded and not published yet
    std::string replies_;  // to be written before the next read
    bool pinged_ = false;  // and not heard since
    bool leaving_ = false; // our Close comes first
    bool closed_ = false;  // the decoder has seen the end
    connection::clock::time_point leave_by_;
    connection::clock::time_point pings_forgiven_;
};

} // namespace weir
