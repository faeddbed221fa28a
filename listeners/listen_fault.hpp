// Why listening on an address has failed, the same for streams and datagrams. At start-up only.
#pragma once

#include "base/address.hpp"

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

namespace weir {

// "can't listen on tcp 127.0.0.1:9001: address already in use"
std::string listen_fault(std::string_view listener, const address& where,
                         const boost::system::error_code& fault);

// A machine without IPv6 listens on 0.0.0.0 where the host is left out.
bool is_missing_v6(const boost::system::error_code& fault);

} // namespace weir
