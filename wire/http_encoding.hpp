// Content-Encoding of a request's body: gzip (RFC 1952), deflate (RFC 1950, and the bare RFC 1951
// that some clients send), zstd (RFC 8878), never more than one. Pure functions, usable from any
// thread; a body is decoded whole, within a limit on what comes out, so that a bomb costs no more.
#pragma once

#include "wire/http_rules.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

enum class content_encoding { identity, gzip, deflate, zstd };

// Of the field's value; empty is identity. Nothing where it is another, or a list.
std::optional<content_encoding> content_encoding_from(std::string_view field);

// Nothing where all is well, and `out` holds the content then. 400: damaged, cut off, or with
// something behind it; 413: over `limit` bytes.
std::optional<http_fault> decode_content(content_encoding from, std::string_view body,
                                         std::size_t limit, std::string& out);

} // namespace weir
