#include "sinks/compress.hpp"

#include "base/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace weir {

namespace {

constexpr int gzip_format = 15 + 16; // zlib: the largest window, and a gzip header
constexpr std::size_t block = 256 * 1024;

// Feeds bytes through a compressor; `out` is appended to.
class gzip_stream {
public:
    gzip_stream() {
        if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_format, 8,
                         Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    gzip_stream(const gzip_stream&) = delete;
    gzip_stream& operator=(const gzip_stream&) = delete;
    ~gzip_stream() { deflateEnd(&stream_); }

    void feed(std::string_view bytes, bool last, std::string& out) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            const std::size_t before = out.size();
            out.resize(before + deflateBound(&stream_, stream_.avail_in) + 64);
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
            stream_.avail_out = static_cast<uInt>(out.size() - before);
            deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
            out.resize(out.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

private:
    z_stream stream_{};
};

class zstd_stream {
public:
    zstd_stream() : context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
        if (!context_)
            throw std::bad_alloc();
        ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
    }

    void feed(std::string_view bytes, bool last, std::string& out) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        std::size_t left = 0;
        do {
            const std::size_t before = out.size();
            out.resize(before + ZSTD_CStreamOutSize());
            ZSTD_outBuffer to{out.data() + before, out.size() - before, 0};
            left =
                ZSTD_compressStream2(context_.get(), &to, &in, last ? ZSTD_e_end : ZSTD_e_continue);
            out.resize(before + to.pos);
            if (ZSTD_isError(left))
                throw std::runtime_error(ZSTD_getErrorName(left));
        } while (in.pos < in.size || (last && left > 0));
    }

private:
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_;
};

template <class Compressor>
bool run(const unique_fd& in, const unique_fd& out, const std::atomic<bool>& stop) {
    Compressor compressor;
    std::string raw(block, '\0');
    std::string packed;
    for (;;) {
        if (stop.load(std::memory_order_relaxed))
            return false;
        const std::size_t got = read_some(in, raw.data(), raw.size());
        packed.clear();
        compressor.feed(std::string_view(raw.data(), got), got == 0, packed);
        write_all(out, packed);
        if (got == 0)
            return true;
    }
}

} // namespace

std::string_view suffix(compression kind) {
    switch (kind) {
    case compression::gzip:
        return ".gz";
    case compression::zstd:
        return ".zst";
    case compression::none:
        break;
    }
    return "";
}

std::string gzip(std::string_view bytes) {
    std::string out;
    gzip_stream().feed(bytes, true, out);
    return out;
}

bool compress_file(const std::string& from, compression kind, const std::atomic<bool>& stop) {
    const std::string whole = from + std::string(suffix(kind));
    const std::string unfinished = whole + std::string(unfinished_suffix);
    const unique_fd in = open_file(from, O_RDONLY);
    if (flock(in.get(), LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
        return false;
    struct stat status {};
    check(fstat(in.get(), &status), "reading " + from);
    const unique_fd out = open_file(unfinished, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    try {
        const bool done = kind == compression::gzip ? run<gzip_stream>(in, out, stop)
                                                    : run<zstd_stream>(in, out, stop);
        if (!done) {
            unlink(unfinished.c_str());
            return false;
        }
        check(fchmod(out.get(), status.st_mode & 07777), "writing " + unfinished);
        check(fsync(out.get()), "writing " + unfinished); // before the original goes
        check(rename(unfinished.c_str(), whole.c_str()), "renaming " + unfinished);
    } catch (...) {
        unlink(unfinished.c_str());
        throw;
    }
    check(unlink(from.c_str()), "removing " + from);
    return true;
}

} // namespace weir
