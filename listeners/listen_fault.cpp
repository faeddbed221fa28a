#include "listeners/listen_fault.hpp"

#include <boost/asio/error.hpp>
#include <cctype>
#include <cerrno>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

bool is_missing_v6(const error_code& fault) {
    return fault == asio::error::address_family_not_supported ||
           fault == error_code(EADDRNOTAVAIL, boost::system::system_category());
}

std::string listen_fault(std::string_view listener, const address& where, const error_code& fault) {
    std::string why = fault.message();
    if (!why.empty())
        why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
    return "can't listen on " + std::string(listener) + " " + to_string(where) + ": " + why;
}

} // namespace weir
