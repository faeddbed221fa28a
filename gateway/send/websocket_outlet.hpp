// A WebSocket message a line. Main thread.
#pragma once

#include "gateway/client/websocket_client.hpp"
#include "gateway/send/outlet.hpp"

namespace weir::send {

class websocket_outlet : public outlet {
public:
    websocket_outlet(const send_options& o, client::waiter& waits)
        : socket_(o.to, o.access, waits) {
        // Pings are to be answered while there is nothing to send, too.
        waits.watch(socket_.descriptor(), [this] { socket_.flush(); });
        socket_.flush(); // one may have come with the handshake's answer
    }

    void send(line_block lines) override;
    void finish() override { socket_.close(); } // which the server answers when it has read it all

private:
    client::websocket_client socket_;
};

} // namespace weir::send
