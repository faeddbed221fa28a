#include "gateway/text_file.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace weir {

std::string read_text_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path);
    std::ostringstream text;
    if (file.is_open())
        text << file.rdbuf(); // a folder opens, and can't be read
    if (!file.is_open() || errno == EISDIR)
        throw usage_error("can't read '" + path + "': " + std::strerror(errno));
    return text.str();
}

} // namespace weir
