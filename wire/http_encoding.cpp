#include "wire/http_encoding.hpp"

#include <algorithm>
#include <memory>
#include <zlib.h>
#include <zstd.h>

namespace weir {

namespace {

constexpr http_fault too_large{413, "the body unpacks to more than max-body"};
constexpr http_fault no_gzip{400, "the body is not gzip"};
constexpr http_fault no_deflate{400, "the body is not deflate"};
constexpr http_fault no_zstd{400, "the body is not zstd"};
constexpr int zstd_most_window_log = 23; // 8 MiB, as RFC 9659 has it for the web

// Room at the end of `out` for the next piece, up to one byte over the limit, which tells too much
// from just enough.
struct growing {
    std::string& out;
    std::size_t limit;
    std::size_t used = 0;

    char* room(std::size_t& size) {
        if (used == out.size())
            out.resize(std::min(limit + 1, std::max<std::size_t>(4096, out.size() * 2)));
        size = out.size() - used;
        return out.data() + used;
    }
    bool over() const { return used > limit; }
};

// zlib's window: 16 more than 15 reads a gzip header, a negative one reads none.
std::optional<http_fault> unzip(std::string_view body, int window, http_fault damaged, growing to) {
    z_stream stream{};
    if (inflateInit2(&stream, window) != Z_OK)
        return http_fault{503, "out of memory"};
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ender(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.avail_in = static_cast<uInt>(body.size());
    for (;;) {
        std::size_t room = 0;
        stream.next_out = reinterpret_cast<Bytef*>(to.room(room));
        stream.avail_out = static_cast<uInt>(room);
        const int result = inflate(&stream, Z_NO_FLUSH);
        to.used += room - stream.avail_out;
        if (to.over())
            return too_large;
        if (result == Z_STREAM_END) {
            if (stream.avail_in == 0)
                break;
            if (window <= MAX_WBITS) // only gzip may have several members
                return damaged;
            inflateReset(&stream);
        } else if (result != Z_OK) { // Z_BUF_ERROR: cut off
            return damaged;
        }
    }
    to.out.resize(to.used);
    return std::nullopt;
}

std::optional<http_fault> unzstd(std::string_view body, growing to) {
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                          ZSTD_freeDCtx);
    if (!context)
        return http_fault{503, "out of memory"};
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, zstd_most_window_log);
    ZSTD_inBuffer in{body.data(), body.size(), 0};
    for (;;) {
        std::size_t room = 0;
        char* const at = to.room(room);
        ZSTD_outBuffer out{at, room, 0};
        const std::size_t before = in.pos;
        const std::size_t result = ZSTD_decompressStream(context.get(), &out, &in);
        if (ZSTD_isError(result))
            return no_zstd;
        to.used += out.pos;
        if (to.over())
            return too_large;
        if (result == 0 && in.pos == in.size) // the end of a frame, and the last
            break;
        if (out.pos == 0 && in.pos == before) // cut off
            return no_zstd;
    }
    to.out.resize(to.used);
    return std::nullopt;
}

// RFC 1950, section 2.2: the method is 8, and the two bytes are a multiple of 31.
bool has_zlib_header(std::string_view body) {
    if (body.size() < 2)
        return false;
    const unsigned first = static_cast<unsigned char>(body[0]);
    const unsigned second = static_cast<unsigned char>(body[1]);
    return (first & 15) == 8 && (first * 256 + second) % 31 == 0;
}

} // namespace

std::optional<content_encoding> content_encoding_from(std::string_view field) {
    if (field.empty() || equals_ignoring_case(field, "identity"))
        return content_encoding::identity;
    if (equals_ignoring_case(field, "gzip") || equals_ignoring_case(field, "x-gzip"))
        return content_encoding::gzip;
    if (equals_ignoring_case(field, "deflate"))
        return content_encoding::deflate;
    if (equals_ignoring_case(field, "zstd"))
        return content_encoding::zstd;
    return std::nullopt;
}

std::optional<http_fault> decode_content(content_encoding from, std::string_view body,
                                         std::size_t limit, std::string& out) {
    out.clear();
    switch (from) {
    case content_encoding::gzip:
        return unzip(body, MAX_WBITS + 16, no_gzip, {out, limit});
    case content_encoding::deflate:
        return unzip(body, has_zlib_header(body) ? MAX_WBITS : -MAX_WBITS, no_deflate,
                     {out, limit});
    case content_encoding::zstd:
        return unzstd(body, {out, limit});
    case content_encoding::identity:
        break;
    }
    out = body;
    return std::nullopt;
}

} // namespace weir
