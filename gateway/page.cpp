#include "gateway/page.hpp"

namespace weir {

namespace {

using namespace std::string_view_literals;

constexpr page_file files[] = {
#include "page_files.inc" // written by cmake/embed.cmake
};

} // namespace

std::span<const page_file> page_files() { return files; }

} // namespace weir
