#include "sinks/archive.hpp"

#include "sinks/rotation.hpp"

#include <filesystem>

namespace weir {

void tidy_rotated(const std::string& path, unsigned keep, compression kind,
                  const std::atomic<bool>& stop) {
    std::vector<rotated_file> files = list_rotated(path);
    std::erase_if(files, [](const rotated_file& file) {
        if (file.unfinished)
            std::filesystem::remove(file.path);
        return file.unfinished;
    });
    const std::vector<rotated_file> gone = beyond(keep, files);
    for (const rotated_file& file : gone)
        std::filesystem::remove(file.path);
    files.erase(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(gone.size()));
    if (kind == compression::none)
        return;
    for (const rotated_file& file : files)
        if (!file.compressed && !compress_file(file.path, kind, stop))
            return;
}

} // namespace weir
