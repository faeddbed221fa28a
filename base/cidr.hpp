// An allow list of networks: 10.0.0.0/8, ::1/128, 192.0.2.7.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct cidr {
    boost::asio::ip::address network; // IPv4-mapped addresses are kept as IPv4
    unsigned prefix = 0;

    bool contains(const boost::asio::ip::address& peer) const;
    friend bool operator==(const cidr&, const cidr&) = default;
};

cidr parse_cidr(std::string_view text); // throws usage_error
std::string to_string(const cidr& net);

// An empty list allows everybody.
bool allowed(const std::vector<cidr>& list, const boost::asio::ip::address& peer);

} // namespace weir
