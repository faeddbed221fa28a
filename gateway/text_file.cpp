#include "gateway/text_file.hpp"

#include "base/error.hpp"
#include "base/units.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace weir {

namespace {

constexpr byte_size longest{16u << 20}; // and /dev/zero has no end

} // namespace

std::string read_text_file(const std::string& path) {
    const auto fault = [&](const std::string& why) {
        return usage_error("can't read '" + path + "': " + why);
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                               std::fclose);
    if (!file)
        throw fault(std::strerror(errno));
    std::string text;
    std::array<char, 16u << 10> piece;
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
        text.append(piece.data(), size);
        if (text.size() > longest.bytes)
            throw fault("it is larger than " + to_string(longest));
    }
    if (std::ferror(file.get())) // a folder opens, and can't be read
        throw fault(std::strerror(errno));
    return text;
}

} // namespace weir
