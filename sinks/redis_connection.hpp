// A client's connection to one Redis (RESP2), over TCP, TLS or a unix socket. It lives on one
// executor, whose thread alone calls it, and never blocks it; one exchange at a time. Whatever goes
// wrong closes it and is said by fault(), not thrown; nothing is tried again here.
#pragma once

#include "base/executor.hpp"
#include "base/name_lookup.hpp"
#include "sinks/redis_url.hpp"
#include "wire/resp.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <optional>
#include <string>
#include <vector>

namespace weir {

class redis_connection {
public:
    // `url` and `tls` outlive it; `tls` is null but for rediss.
    redis_connection(io_executor where, const redis_url& url, boost::asio::ssl::context* tls);

    // Connects, and says AUTH and SELECT where the URL does, all within `timeout`.
    task<bool> open(duration timeout);
    bool is_open() const { return open_; }

    // Sends `commands` and reads as many `replies`, all within `timeout`. Fewer: the connection
    // broke. An error that Redis answers with is a reply. `commands` must live until this returns.
    task<std::vector<resp_value>> exchange(std::string_view commands, std::size_t replies,
                                           duration timeout);

    void abort(); // ends what is under way
    void close();
    bool fail(std::string why); // closes, with this as its fault; false

    const std::string& fault() const { return fault_; } // without secrets, fit for a log

private:
    using tls_stream = boost::asio::ssl::stream<stream_socket&>;
    class deadline;

    task<bool> connect();
    task<bool> secure();
    task<bool> greet();
    task<std::vector<resp_value>> talk(std::string_view commands, std::size_t replies);
    template <class Stream>
    task<std::vector<resp_value>> talk_over(Stream& stream, std::string_view commands,
                                            std::size_t replies);
    bool fail(const boost::system::error_code& why);

    io_executor executor_;
    const redis_url& url_;
    boost::asio::ssl::context* tls_context_;
    stream_socket socket_;
    std::optional<tls_stream> tls_;
    name_lookup lookup_;
    io_timer timer_;
    resp_reader reader_;
    std::string fault_;
    std::uint64_t attempt_ = 0; // tells a late time-out which one it was for
    bool open_ = false;
    bool aborted_ = false;
};

// What Redis said, as far as it is fit for a log.
std::string loggable(std::string_view text);

} // namespace weir
