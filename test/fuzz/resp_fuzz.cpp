// However a stream of replies is cut, the same replies come out of it, or the same fault, and none
// is larger than its limits. Input: the stream.
#include "test/wire/feed.hpp"
#include "wire/resp.hpp"

using namespace weir;
using namespace weir::test;

namespace {

constexpr resp_limits limits{64, 4096, 64, 4};

struct outcome {
    std::vector<resp_value> replies;
    bool fault = false;
    bool operator==(const outcome&) const = default;
};

std::size_t elements(const resp_value& of, std::size_t depth) {
    promise(depth <= limits.depth, "no deeper than its limit");
    std::size_t sum = 1;
    for (const resp_value& each : of.items)
        sum += elements(each, depth + 1);
    return sum;
}

template <class NextPiece>
outcome read(std::string_view stream, NextPiece next_piece) {
    resp_reader reader(limits);
    outcome out;
    while (!stream.empty()) {
        const std::size_t piece = std::clamp<std::size_t>(next_piece(), 1, stream.size());
        reader.feed(stream.substr(0, piece));
        stream.remove_prefix(piece);
        for (;;) {
            resp_value value;
            const resp_reader::step got = reader.next(value);
            if (got == resp_reader::step::fault)
                out.fault = true;
            if (got != resp_reader::step::value)
                break;
            promise(!out.fault, "nothing comes after a fault");
            promise(elements(value, 0) <= limits.elements, "no more elements than its limit");
            out.replies.push_back(std::move(value));
        }
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view stream(reinterpret_cast<const char*>(data), size);
    const outcome whole_result = read(stream, whole());
    promise(read(stream, bytewise()) == whole_result, "byte by byte");
    for (std::uint32_t seed = 0; seed < 4; ++seed)
        promise(read(stream, random_pieces(seed * 977, 1 + seed * 5)) == whole_result, "cut");
    return 0;
}
