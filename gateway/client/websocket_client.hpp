// The client's side of one WebSocket connection (RFC 6455), over TCP or TLS: messages both ways,
// Pings answered, the Close in the end. Main thread.
//
//     while (socket.next(message)) …            // what has come already
//     if (!socket.ended()) socket.read();       // waits for more
#pragma once

#include "gateway/client/byte_stream.hpp"
#include "wire/websocket_client_decoder.hpp"

#include <string>
#include <string_view>

namespace weir::client {

class websocket_client {
public:
    // Connects and upgrades. Throws connection_fault, or http_refusal with what was answered.
    websocket_client(const url& to, const access_options& access, waiter& waits);

    // The next message of what was read, until the next call. Throws connection_fault where the
    // server breaks the protocol, or closes with anything but 1000 and 1001.
    bool next(std::string_view& message);
    void read(byte_stream::time_point until = byte_stream::time_point::max());
    bool ended() const { return ended_; } // the server has closed

    // Adds a message to what flush() writes, as text where it is UTF-8.
    void add(std::string_view message);
    std::size_t pending() const { return out_.size(); }
    // Also answers what came meanwhile; throws connection_fault where the server has closed.
    void flush();
    int descriptor() const { return stream_.descriptor(); }

    // Says that nothing more comes, and waits until the server says so too, or that is too long.
    void close();
    // The same without waiting, for who leaves in the middle.
    void leave() noexcept;

private:
    byte_stream stream_;
    websocket_client_decoder decoder_;
    masking_key key_;
    std::string in_;
    std::string_view rest_; // of in_, not decoded yet
    std::string out_;
    bool ended_ = false;
};

} // namespace weir::client
