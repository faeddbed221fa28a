#include "base/name_lookup.hpp"

#include <boost/asio/ip/address.hpp>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

// May outlive who asked.
struct name_lookup::request {
    explicit request(io_executor where)
        : resolver(where), done(where, io_timer::time_point::max()) {}

    asio::ip::basic_resolver<tcp, io_executor> resolver;
    io_timer done;
    error_code fault = asio::error::timed_out;
    std::vector<tcp::endpoint> found;
};

task<std::vector<name_lookup::tcp::endpoint>>
name_lookup::find(const std::string& host, std::uint16_t port, error_code& fault) {
    const asio::ip::address literal = asio::ip::make_address(host, fault);
    if (!fault)
        co_return std::vector<tcp::endpoint>{{literal, port}};
    const auto asked = std::make_shared<request>(executor_);
    under_way_ = asked;
    asked->resolver.async_resolve(host, std::to_string(port),
                                  [asked](error_code why, const auto& results) {
                                      asked->fault = why;
                                      asked->found.assign(results.begin(), results.end());
                                      asked->done.cancel();
                                  });
    co_await asked->done.async_wait(use_task_tuple);
    fault = asked->fault;
    co_return asked->found;
}

void name_lookup::abort() {
    if (const auto asked = under_way_.lock())
        asked->done.cancel();
}

} // namespace weir
