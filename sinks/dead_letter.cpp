#include "sinks/dead_letter.hpp"

#include "wire/framing.hpp"

namespace weir {

void dead_letter_file::open() { file_ = open_output(path_, {}, framing::newline); }

void dead_letter_file::follow_path() {
    if (!file_.rotatable() || file_.is_still(path_))
        return;
    try {
        open();
    } catch (const std::exception& fault) {
        failures_.warn("writing dead letters to the old file: {}", fault.what());
    }
}

void dead_letter_file::append(const post_request& request) {
    follow_path();
    std::string records;
    request.for_each([&records](std::string_view message) {
        append_framed(records, framing::newline, message);
    });
    std::size_t written = 0;
    std::error_code fault;
    while (written < records.size() && !fault) {
        const iovec rest{records.data() + written, records.size() - written};
        written += file_.write({&rest, 1}, fault);
    }
    if (!fault)
        return;
    // Whole records stay.
    const std::size_t end = records.rfind('\n', written == 0 ? 0 : written - 1);
    file_.cut(written == 0 || end == records.npos ? written : written - end - 1);
    failures_.warn("can't write dead letters to '{}': {}", path_, fault.message());
}

} // namespace weir
