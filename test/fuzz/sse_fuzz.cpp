// A text/event-stream gives the same events however it is cut, and what a plain reading of the
// standard gives. Input: the limit on an event, how to cut, then the stream.
#include "test/wire/feed.hpp"
#include "wire/sse_parser.hpp"

using namespace weir;
using namespace weir::test;

namespace {

using events = std::vector<std::string>; // type, ID and data of each in turn

template <class NextPiece>
events parse(std::string_view stream, std::size_t max_event, NextPiece next_piece) {
    sse_parser parser(max_event);
    events out;
    while (!stream.empty()) {
        const std::string owned(stream.substr(0, next_piece()));
        stream.remove_prefix(owned.size());
        std::string_view bytes = owned;
        while (parser.next(bytes))
            out.insert(out.end(),
                       {parser.event().type, parser.event().last_id, parser.event().data});
        promise(bytes.empty(), "everything was taken");
    }
    out.push_back(parser.last_id());
    out.push_back(std::to_string(parser.oversize()));
    return out;
}

// Lines first, then fields, all of it kept: for limits that nothing reaches.
events reference(std::string stream) {
    if (stream.starts_with("\xef\xbb\xbf"))
        stream.erase(0, 3);
    std::vector<std::string> lines(1);
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (stream[i] == '\r' || stream[i] == '\n') {
            lines.emplace_back();
            i += stream.substr(i, 2) == "\r\n" ? 1 : 0;
        } else {
            lines.back() += stream[i];
        }
    }
    lines.pop_back(); // never ended
    events out;
    std::string type, id, data, last_id;
    bool has_data = false;
    for (const std::string& line : lines) {
        if (line.empty()) {
            last_id = id;
            if (has_data)
                out.insert(out.end(), {type.empty() ? "message" : type, last_id,
                                       data.substr(0, data.size() - 1)});
            type = data = "";
            has_data = false;
            continue;
        }
        const std::size_t colon = line.find(':');
        const std::string name = line.substr(0, colon);
        std::string value = colon == line.npos ? "" : line.substr(colon + 1);
        if (value.starts_with(' '))
            value.erase(0, 1);
        if (name == "data") {
            data += value + '\n';
            has_data = true;
        } else if (name == "event") {
            type = value;
        } else if (name == "id" && value.find('\0') == value.npos) {
            id = value;
        }
    }
    out.push_back(last_id);
    out.push_back("0");
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::size_t small = data[0];
    const std::uint32_t seed = data[1];
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    promise(parse(stream, size, whole()) == reference(std::string(stream)), "the reference");
    for (const std::size_t limit : {small, size}) {
        const events expected = parse(stream, limit, whole());
        promise(parse(stream, limit, bytewise()) == expected, "byte by byte");
        promise(parse(stream, limit, random_pieces(seed, 1 + seed)) == expected, "in pieces");
    }
    return 0;
}
