// A connection's requests come out the same however the bytes were cut; Beast, which reads the
// bodies for itself here, never sees a request end elsewhere; and whatever a body claims to be,
// what it unpacks to and is split into stays within bounds. Input: the limits, how to cut, the
// stream.
#include "test/wire/feed.hpp"

#include "wire/http_encoding.hpp"
#include "wire/http_request.hpp"
#include "wire/http_split.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

using namespace weir;
using namespace weir::test;

namespace {

namespace http = boost::beast::http;

struct seen_request {
    std::string path;
    std::string body;
    std::string encoding;
    std::size_t end; // in the stream
    friend bool operator==(const seen_request&, const seen_request&) = default;
};

struct transcript {
    std::vector<seen_request> requests;
    bool fault = false;
    friend bool operator==(const transcript&, const transcript&) = default;
};

transcript read(std::string_view stream, std::size_t piece, http_limits limits) {
    http_request_reader reader(limits);
    transcript out;
    const std::size_t size = stream.size();
    while (!stream.empty()) {
        const std::string owned(stream.substr(0, piece));
        std::string_view bytes = owned;
        for (http_step step = http_step::head; step != http_step::more;) {
            step = reader.next(bytes);
            if (step == http_step::fault) {
                out.fault = true;
                return out;
            }
            if (step == http_step::request)
                out.requests.push_back({std::string(reader.head().path), std::string(reader.body()),
                                        std::string(reader.head().content_encoding),
                                        size - stream.size() + owned.size() - bytes.size()});
        }
        promise(bytes.empty(), "more means that everything was taken");
        stream.remove_prefix(owned.size());
    }
    return out;
}

// Beast may refuse what we take; where it takes it, the two must agree on where it ends.
void compare_with_beast(std::string_view request, const seen_request& ours) {
    request.remove_prefix(std::min(request.find_first_not_of("\r\n"), request.size()));
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    parser.body_limit(boost::none);
    boost::beast::error_code error;
    const std::size_t taken = parser.put(boost::asio::buffer(request), error);
    if (error)
        return;
    promise(parser.is_done(), "Beast waits for more");
    promise(taken == request.size(), "Beast sees the end elsewhere");
    promise(parser.get().body() == ours.body, "Beast reads another body");
}

void unpack(const seen_request& request, std::size_t limit) {
    std::string unpacked = request.body;
    const auto encoding = content_encoding_from(request.encoding);
    if (encoding && decode_content(*encoding, request.body, limit, unpacked))
        return;
    promise(!encoding || unpacked.size() <= std::max(limit, request.body.size()), "over the limit");
    std::string arena(unpacked.size() + 1, '\0');
    const compacted_lines lines = compact_lines(unpacked, arena.data());
    promise(lines.bytes <= arena.size(), "lines over their arena");
    if (const auto elements = split_json_array(unpacked))
        for (std::string_view each : *elements)
            promise(!each.empty() && each.data() >= unpacked.data() &&
                        each.data() + each.size() <= unpacked.data() + unpacked.size(),
                    "an element that is none");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const http_limits limits{64u + 16u * (data[0] % 16), 16u * (data[0] / 16u)};
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const transcript whole = read(stream, stream.size(), limits);
    promise(read(stream, 1, limits) == whole, "byte by byte");
    promise(read(stream, 2 + data[1], limits) == whole, "in pieces");
    std::size_t begin = 0;
    for (const seen_request& each : whole.requests) {
        compare_with_beast(stream.substr(begin, each.end - begin), each);
        unpack(each, limits.max_body);
        begin = each.end;
    }
    return 0;
}
