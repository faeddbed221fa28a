// Any stream of a client gives the same however it is cut, and what the reference gives.
// Input: whether the rest is the stream itself or describes frames, the limits, how to cut, the
// rest.
#include "test/wire/reference.hpp"

using namespace weir;
using namespace weir::test;

namespace {

// Each frame as its first byte, the length of its payload, the payload: so that the fuzzer needn't
// find out about masks and lengths before it gets to what frames do to one another.
std::string frames(std::string_view description) {
    std::string stream;
    while (description.size() >= 2) {
        const auto first = static_cast<unsigned char>(description[0]);
        const auto length = static_cast<unsigned char>(description[1]);
        const std::string_view payload = description.substr(2, length);
        description.remove_prefix(2 + payload.size());
        append_masked_frame(stream, static_cast<opcode>(first & 0x7f), (first & 0x80) != 0, payload,
                            {'\x12', '\x00', static_cast<char>(first), static_cast<char>(length)});
    }
    return stream;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3)
        return 0;
    const websocket_limits limits{
        .max_message = data[1], .max_fragments = 1u + data[0] / 2 % 8, .max_pings = data[0] / 16u};
    const std::uint32_t seed = data[2];
    const std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
    const std::string stream = data[0] % 2 == 0 ? std::string(rest) : frames(rest);

    const received expected = websocket_reference(limits).run(stream);
    promise(feed_websocket(limits, stream, whole()) == expected, "whole");
    promise(feed_websocket(limits, stream, bytewise()) == expected, "byte by byte");
    promise(feed_websocket(limits, stream, random_pieces(seed, 1 + seed)) == expected, "in pieces");
    return 0;
}
