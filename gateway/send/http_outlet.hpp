// Lines of NDJSON as POSTs over one kept connection, a request at a time. What may be answered
// otherwise later is tried again, so that after a lost answer the receiver may see a batch twice.
// Main thread.
#pragma once

#include "gateway/client/http_reader.hpp"
#include "gateway/send/outlet.hpp"
#include "sinks/retry_policy.hpp"

#include <optional>

namespace weir::send {

class http_outlet : public outlet {
public:
    http_outlet(const send_options& o, client::waiter& waits);

    void send(line_block lines) override;
    void finish() override {} // every answer has come

private:
    struct connection {
        connection(const send_options& o, client::waiter& waits)
            : stream(o.to, o.access, waits), reader(stream) {}
        client::byte_stream stream;
        client::http_reader reader;
    };
    void post(line_block lines);
    http_outcome try_once(line_block lines, std::string& said);

    const send_options& options_;
    client::waiter& waits_;
    std::optional<connection> connection_;
};

} // namespace weir::send
