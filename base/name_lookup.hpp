// Looks up the addresses of the server that a client connects to. It lives on one executor, whose
// thread alone calls it; one look-up at a time. The system's resolver can't be called off, so what
// is aborted may go on in the background, for nobody.
#pragma once

#include "base/executor.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir {

class name_lookup {
public:
    using tcp = boost::asio::ip::tcp;

    explicit name_lookup(io_executor where) : executor_(where) {}

    // An address in digits is answered at once. Where there is none, `fault` says why.
    task<std::vector<tcp::endpoint>> find(const std::string& host, std::uint16_t port,
                                          boost::system::error_code& fault);
    void abort(); // ends the look-up under way: timed_out

private:
    struct request;

    io_executor executor_;
    std::weak_ptr<request> under_way_;
};

} // namespace weir
