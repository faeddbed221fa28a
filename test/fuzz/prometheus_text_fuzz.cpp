// A page gives valid samples whatever is in it: each can be written and read again, and a line that
// is wrong changes nothing about the others. Input: the format, then the page.
#include "test/wire/feed.hpp"
#include "wire/prometheus_line.hpp"
#include "wire/prometheus_text.hpp"
#include "wire/utf8.hpp"

using namespace weir;
using namespace weir::test;

namespace {

struct read_page {
    std::vector<std::string> lines; // of each sample: its type, and itself
    std::size_t errors = 0;
    std::size_t first_error = 0;
};

read_page read(const std::string& page, prometheus_format format) {
    prometheus_parser parser(page, format);
    read_page out;
    for (prometheus_sample sample; parser.next(sample);) {
        promise(!sample.name.empty(), "a sample has a name");
        std::string line(to_string(sample.type));
        line += ' ';
        append_prometheus_line(line, sample);
        promise(is_utf8(line) && line.find('\n') == line.npos, "a line is one line");
        out.lines.push_back(std::move(line));
    }
    out.errors = parser.errors();
    if (out.errors > 0)
        out.first_error = parser.first_error().line;
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1)
        return 0;
    const bool newer = (data[0] & 1) != 0;
    const auto format = newer ? prometheus_format::openmetrics : prometheus_format::text;
    const std::string page(reinterpret_cast<const char*>(data) + 1, size - 1);
    const read_page once = read(page, format);

    const auto lines = static_cast<std::size_t>(std::ranges::count(page, '\n')) + 1;
    promise(once.lines.size() + once.errors <= lines + 1, "a line is a sample, or wrong");
    promise(once.first_error <= lines, "the line is of the page");
    promise((once.first_error > 0) == (once.errors > 0), "a fault has a line");

    const read_page shifted = read("\x01\n" + page, format);
    promise(shifted.lines == once.lines, "a wrong line leaves the others alone");
    promise(shifted.errors == once.errors + 1 && shifted.first_error == 1, "it is counted");

    std::string again;
    for (const std::string& line : once.lines)
        again += line.substr(line.find(' ') + 1) + '\n';
    const read_page twice = read(again, prometheus_format::text);
    promise(twice.errors == 0, "what is written is right");
    promise(twice.lines.size() == once.lines.size(), "and all of it");
    for (std::size_t i = 0; i < once.lines.size(); ++i)
        promise(twice.lines[i] == "unknown" + once.lines[i].substr(once.lines[i].find(' ')),
                "and says the same");
    return 0;
}
