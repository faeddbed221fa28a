// One client of the live stream: a browser or another, after the WebSocket handshake (RFC 6455) or
// behind the head of an HTTP answer without an end. It is a socket and a cursor into its shard's
// stream: while nothing happens it has no buffer and no coroutine, and it writes what its shard
// holds for all; where it asked for what was before, from a stream of its own until it has caught
// up. Whatever a WebSocket sends but control frames is checked and ignored; what the others send is
// not even looked at.
//
// Owned by its shard; lives on the shard's executor and is used on that thread alone. Whatever goes
// wrong ends this client and nobody else. Any member may drop the client: look at open()
// afterwards.
#pragma once

#include "base/http_routes.hpp"
#include "sinks/frame_cursor.hpp"
#include "sinks/live_replay.hpp"
#include "wire/websocket_decoder.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace weir {

class broadcast_shard;

class broadcast_client final : public std::enable_shared_from_this<broadcast_client> {
public:
    broadcast_client(broadcast_shard& home, websocket_connection connection, live_start from);

    void begin(std::string early); // what came behind the request
    void write();                  // as much as the socket takes now, unless it is known to be full
    void skip();                   // to the newest
    void close(std::uint16_t code); // behind the frame under way; nothing follows
    void finish() { write(); }      // the shard is finishing: closes once it has everything
    void sweep(std::chrono::steady_clock::time_point now); // pings it, or gives it up
    void drop();

    bool open() const { return socket_.is_open(); }
    bool blocked() const { return blocked_; } // its socket is full
    bool replaying() const { return replay_ != nullptr; }
    bool closing() const { return cursor_.ended(); }
    std::uint64_t place() const {
        return cursor_.place();
    } // in the shard's, unless it is replaying

    std::size_t index = 0; // among its shard's clients; the shard's to keep

private:
    void await_readable();
    void await_writable();
    void read();
    void take(char* data, std::size_t size);
    void caught_up();
    bool step();
    void go_on_soon();
    void heard();
    void sweep_stream(std::chrono::steady_clock::time_point now);
    bool is_websocket() const;
    const frame_backlog& stream() const; // that its cursor is in

    broadcast_shard& home_;
    stream_socket socket_;
    std::shared_ptr<void> admitted_;
    std::unique_ptr<live_replay> replay_; // until it has caught up
    frame_cursor cursor_;
    websocket_decoder decoder_;
    std::string tail_; // of a frame that has come in part
    // It was heard; where it isn't expected to speak, it took something. Once it is closing, since
    // then.
    std::chrono::steady_clock::time_point since_;
    bool blocked_ = false;
    bool pinged_ = false; // since it was heard
    bool going_on_ = false;
};

} // namespace weir
