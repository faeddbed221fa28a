// A server's frames give a client the same however they are cut, messages stay within the limit,
// and a live stream's envelope is read from any of them without harm. Input: the limit, how to cut,
// then the stream.
#include "test/wire/feed.hpp"
#include "wire/live_envelope.hpp"
#include "wire/websocket_client_decoder.hpp"

using namespace weir;
using namespace weir::test;

namespace {

template <class NextPiece>
std::vector<std::string> decode(std::string_view stream, std::size_t max_message,
                                NextPiece next_piece) {
    websocket_client_decoder decoder(max_message);
    std::vector<std::string> out;
    while (!stream.empty()) {
        const std::string owned(stream.substr(0, next_piece()));
        stream.remove_prefix(owned.size());
        std::string_view bytes = owned;
        for (;;) {
            const websocket_step step = decoder.next(bytes);
            if (step == websocket_step::more)
                break;
            out.push_back(std::to_string(static_cast<int>(step)) + std::string(decoder.payload()));
            promise(decoder.payload().size() <= std::max(max_message, max_control_payload),
                    "within the limit");
            if (step == websocket_step::close || step == websocket_step::fault)
                return out;
        }
        promise(bytes.empty(), "more means that everything was taken");
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::size_t limit = data[0] * 8u;
    const std::uint32_t seed = data[1];
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto expected = decode(stream, limit, whole());
    promise(decode(stream, limit, bytewise()) == expected, "byte by byte");
    promise(decode(stream, limit, random_pieces(seed, 1 + seed)) == expected, "in pieces");
    for (const std::string& each : expected) {
        const std::string_view message = std::string_view(each).substr(1);
        if (const auto envelope = read_live_envelope(message)) {
            promise(message.find(envelope->data) != message.npos, "data of the message");
            promise(!envelope->data.empty(), "some data");
            (void)envelope->event();
        }
        (void)read_live_notice(message);
    }
    return 0;
}
