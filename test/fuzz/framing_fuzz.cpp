// Any stream, in any framing, gives the same however it is cut, and what the reference gives.
// Input: which framing, the limit on a message, how to cut, then the stream.
#include "test/wire/reference.hpp"

using namespace weir;
using namespace weir::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3)
        return 0;
    const framing kind = choices(framing())[data[0] % 4].second;
    const std::size_t max_message = data[1];
    const std::uint32_t seed = data[2];
    const std::string_view stream(reinterpret_cast<const char*>(data) + 3, size - 3);

    const received expected = framing_reference(kind, max_message, stream);
    promise(feed_framer(kind, max_message, stream, whole()) == expected, "whole");
    promise(feed_framer(kind, max_message, stream, bytewise()) == expected, "byte by byte");
    promise(feed_framer(kind, max_message, stream, random_pieces(seed, 1 + seed)) == expected,
            "in pieces");
    return 0;
}
