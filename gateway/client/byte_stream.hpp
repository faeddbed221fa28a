// One connection to a server, TCP, unix socket or TLS, that reads and writes as if it blocked, but
// every wait ends at its time and for the signals that the waiter knows. Main thread.
#pragma once

#include "gateway/client/access.hpp"
#include "gateway/client/sockets.hpp"
#include "gateway/client/waiter.hpp"

#include <memory>
#include <openssl/ssl.h>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace weir::client {

// The connection broke, or what came over it was not what was agreed on. Worth another try.
struct connection_fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class byte_stream {
public:
    using time_point = waiter::clock::time_point;

    // Connects. `waits` outlives it. Throws connection_fault or, for certificates, startup_error.
    byte_stream(const url& to, const access_options& access, waiter& waits);

    // What has come, at least a byte; 0 at the end. Throws connection_fault, also when the time has
    // come.
    std::size_t read(char* to, std::size_t size, time_point until = time_point::max());
    // The same without waiting: nothing where nothing is there.
    std::optional<std::size_t> try_read(char* to, std::size_t size);
    // All of it. Until the time comes without a byte going.
    void write(std::string_view bytes, std::chrono::milliseconds patience);

    void end_writing();     // the peer sees the end of the stream
    bool all_taken() const; // by the peer's kernel

    int descriptor() const { return socket_.get(); }
    bool wait_readable(time_point until); // false: the time has come first

private:
    void connect(const url& to);
    void start_tls(const url& to, const access_options& access);
    void wait(short events, time_point until);
    // What one attempt at reading or writing came to.
    struct attempt {
        std::size_t bytes = 0;
        short wanted = 0; // POLLIN or POLLOUT: to be tried again then
    };
    attempt read_once(char* to, std::size_t size);
    attempt write_once(std::string_view bytes);
    attempt tls_result(int result, const char* doing);

    struct freed {
        void operator()(SSL* which) const { SSL_free(which); }
        void operator()(SSL_CTX* which) const { SSL_CTX_free(which); }
    };
    waiter& waits_;
    unique_fd socket_;
    std::unique_ptr<SSL, freed> tls_;
};

} // namespace weir::client
