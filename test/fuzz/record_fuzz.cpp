// Whatever a message is, with a newline it comes back from one line; and a line that is taken for
// an escaped record is exactly what would have been written. Input: the message, or the line.
#include "test/wire/feed.hpp"
#include "wire/record.hpp"

using namespace weir;
using namespace weir::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string message = std::string(input) + '\n';
    const std::string line = escape_record(message);
    promise(line.find('\n') == line.npos, "one line");
    promise(unescape_record(line) == message, "and back");
    if (const auto unescaped = unescape_record(input))
        promise(escape_record(*unescaped) == input, "only what would have been written");
    return 0;
}
