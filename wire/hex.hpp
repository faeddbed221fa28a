// One hexadecimal digit (RFC 3986, section 2.1). Pure, usable from any thread.
#pragma once

namespace weir {

// What it stands for, or -1 where it is none.
constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace weir
