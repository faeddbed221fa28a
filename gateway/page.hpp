// The page at '/': the files of gateway/page/ as they were when weir was built, in the binary
// itself.
//
// Constant data, of use on any thread at any time. The page holds no secret and is served without a
// token; what it then asks for, /metrics and /live, is not. Its files change with the program only,
// so `Cache-Control: no-cache` and an ETag of the version do.
#pragma once

#include <span>
#include <string_view>

namespace weir {

struct page_file {
    std::string_view path;         // "/", "/page/weir.js" …: what to ask for, without a query
    std::string_view content_type; // the value of that header
    std::string_view content;
};

std::span<const page_file> page_files();

} // namespace weir
