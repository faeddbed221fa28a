#include "listeners/credentials.hpp"

#include "wire/http_head.hpp"

#include <openssl/crypto.h>

namespace weir {

bool same_secret(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string_view credentials(std::string_view authorization, std::string_view scheme) {
    if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ' ||
        !equals_ignoring_case(authorization.substr(0, scheme.size()), scheme))
        return {};
    return authorization.substr(scheme.size() + 1);
}

} // namespace weir
