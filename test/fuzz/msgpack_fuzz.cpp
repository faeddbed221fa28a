// Whatever comes as MessagePack is refused, or becomes JSON or the bytes that it holds; no value is
// the beginning of another; and every message that is packed comes back, as it was where it is no
// JSON. Input: the value, or the message.
#include "test/wire/feed.hpp"
#include "wire/msgpack.hpp"

#include <boost/json/parse.hpp>

using namespace weir;
using namespace weir::test;

namespace {

bool is_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 200;
    boost::json::error_code fault;
    boost::json::parse({text.data(), text.size()}, fault, {}, options);
    return !fault;
}

bool is_bytes(std::string_view value) {
    const auto tag = static_cast<unsigned char>(value.front());
    return (tag & 0xe0) == 0xa0 || (tag >= 0xd9 && tag <= 0xdb) || (tag >= 0xc4 && tag <= 0xc6);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    std::string out = "before";
    if (append_from_msgpack(out, input)) {
        promise(out.starts_with("before"), "what was there stays");
        out.erase(0, 6);
        promise(is_bytes(input) ? input.ends_with(out) : is_json(out), "bytes, or JSON");
        std::string ignored;
        if (size < 256)
            for (std::size_t cut = 0; cut < size; ++cut)
                promise(!append_from_msgpack(ignored, input.substr(0, cut)), "no value is cut");
        promise(!append_from_msgpack(ignored, std::string(input) + '\xc0'), "nothing behind it");
    } else {
        promise(out == "before", "refused leaves nothing");
    }

    std::string packed;
    append_msgpack(packed, input);
    std::string back;
    promise(append_from_msgpack(back, packed), "what is packed can be unpacked");
    if (!is_json(input))
        promise(back == input, "no JSON comes back as it was");
    else if (!is_bytes(packed))
        promise(is_json(back), "JSON stays JSON");
    return 0;
}
