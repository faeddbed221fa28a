// The options of a file sink, as `--file PATH,...` takes them.
#pragma once

#include "base/options.hpp"
#include "sinks/compress.hpp"
#include "wire/framing.hpp"

#include <sys/types.h>

namespace weir {

enum class file_framing { newline, length, octet_counting };
constexpr std::array<std::pair<std::string_view, file_framing>, 3> choices(file_framing) {
    return {{{"newline", file_framing::newline},
             {"length", file_framing::length},
             {"octet-counting", file_framing::octet_counting}}};
}
framing wire_framing(file_framing kind);

// When the kernel is asked to put what was written on the disk itself.
struct fsync_policy {
    bool batch = false; // after every write, before it counts as delivered
    duration every{0};  // else this often; 0: never
};
void from_text(std::string_view text, fsync_policy& to); // none, batch or a time
std::string to_text(const fsync_policy& value);

// Permission bits of a new file. The default obeys the umask; bits that are given do not.
struct file_mode {
    mode_t bits = 0644;
    bool exact = false;
};
void from_text(std::string_view text, file_mode& to); // octal
std::string to_text(const file_mode& value);

struct file_options {
    std::string path; // "-": standard output
    file_framing framing = file_framing::newline;
    byte_size rotate{0};
    duration rotate_every{0};
    unsigned keep = 0;
    compression compress = compression::none;
    fsync_policy fsync;
    file_mode mode;

    bool rotates() const { return rotate.bytes > 0 || rotate_every.count() > 0; }
};

inline void declare(option_set& set, file_options& o) {
    set.what("PATH", o.path);
    set.add("framing", o.framing, "newline|length|octet-counting",
            "how records are told apart; a message that contains a newline is one line of JSON in "
            "newline framing");
    set.add("rotate", o.rotate, "SIZE",
            "begin a new file before this size is passed (a batch is never split); 0: never");
    set.add("rotate-every", o.rotate_every, "TIME",
            "begin a new file at every full multiple of this time, UTC; 0: never");
    set.add("keep", o.keep, "N", "how many rotated files to keep; 0: all");
    set.add("compress", o.compress, "none|gzip|zstd", "compress rotated files");
    set.add("fsync", o.fsync, "none|TIME|batch", "when what was written is forced onto the disk");
    set.add("mode", o.mode, "OCTAL", "permission bits of a new file");
}

} // namespace weir
