#include "base/cidr.hpp"

#include "base/error.hpp"
#include "base/units.hpp"

#include <algorithm>

namespace weir {

namespace ip = boost::asio::ip;

namespace {

// A peer of a dual-stack socket comes as ::ffff:1.2.3.4, and is meant as 1.2.3.4.
ip::address unmapped(const ip::address& any) {
    if (any.is_v6() && any.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, any.to_v6());
    return any;
}

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
    const std::size_t whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin()))
        return false;
    const unsigned rest = bits % 8;
    return rest == 0 || (a[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
}

} // namespace

bool cidr::contains(const ip::address& peer) const {
    const ip::address other = unmapped(peer);
    if (network.is_v4() != other.is_v4())
        return false;
    if (network.is_v4())
        return same_prefix(network.to_v4().to_bytes(), other.to_v4().to_bytes(), prefix);
    return same_prefix(network.to_v6().to_bytes(), other.to_v6().to_bytes(), prefix);
}

cidr parse_cidr(std::string_view text) {
    const std::string wrong = "'" + std::string(text) + "' is no network (write 10.0.0.0/8 or ::1)";
    const std::size_t slash = text.find('/');
    boost::system::error_code fault;
    const ip::address network =
        unmapped(ip::make_address(std::string(text.substr(0, slash)), fault));
    if (fault)
        throw usage_error(wrong);
    const unsigned longest = network.is_v4() ? 32 : 128;
    if (slash == std::string_view::npos)
        return {network, longest};
    const std::uint64_t prefix = parse_number(text.substr(slash + 1));
    if (prefix > longest)
        throw usage_error(wrong);
    return {network, static_cast<unsigned>(prefix)};
}

std::string to_string(const cidr& net) {
    return net.network.to_string() + "/" + std::to_string(net.prefix);
}

bool allowed(const std::vector<cidr>& list, const ip::address& peer) {
    return list.empty() || std::any_of(list.begin(), list.end(),
                                       [&](const cidr& net) { return net.contains(peer); });
}

} // namespace weir
