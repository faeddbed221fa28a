// Compressing, whole strings and whole files. Blocking: for a worker's thread.
#pragma once

#include <array>
#include <atomic>
#include <string>
#include <string_view>
#include <utility>

namespace weir {

enum class compression { none, gzip, zstd };
constexpr std::array<std::pair<std::string_view, compression>, 3> choices(compression) {
    return {
        {{"none", compression::none}, {"gzip", compression::gzip}, {"zstd", compression::zstd}}};
}

std::string_view suffix(compression kind); // ".gz", ".zst" or ""

std::string gzip(std::string_view bytes);

// Writes FROM's content to FROM + suffix with FROM's permissions, by way of a temporary name, so
// that the final name is only ever a whole file; FROM is removed then. False: FROM is as it was,
// for `stop` was set, or somebody writes to it still. Throws std::system_error; FROM is as it was
// then.
bool compress_file(const std::string& from, compression kind, const std::atomic<bool>& stop);

// What compress_file's temporary names end in; one that is left is of a run that was killed.
constexpr std::string_view unfinished_suffix = ".unfinished";

} // namespace weir
