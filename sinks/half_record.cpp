#include "sinks/half_record.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace {

// No listener takes a message this large, and four bytes of text read as a length are larger.
constexpr std::uint64_t longest = 512u << 20;
constexpr std::size_t longest_header = 11; // ten digits and a space

// Reads a file by windows, forwards.
class window {
public:
    explicit window(const unique_fd& file) : file_(file) {}

    std::string_view at(std::uint64_t offset, std::size_t wanted) {
        if (offset < begin_ || offset + wanted > begin_ + bytes_.size()) {
            bytes_.resize(64 * 1024);
            const ssize_t got =
                pread(file_.get(), bytes_.data(), bytes_.size(), static_cast<off_t>(offset));
            check(got == -1 ? -1 : 0, "reading");
            bytes_.resize(static_cast<std::size_t>(got));
            begin_ = offset;
        }
        return std::string_view(bytes_).substr(static_cast<std::size_t>(offset - begin_), wanted);
    }

private:
    const unique_fd& file_;
    std::string bytes_;
    std::uint64_t begin_ = 0;
};

struct record_header {
    std::uint64_t size;   // of the header
    std::uint64_t length; // of the message
};

// Nothing: the header is not all there. Bytes that begin no record: a length beyond `longest`.
std::optional<record_header> read_header(std::string_view bytes, framing kind) {
    record_header header{4, 0};
    if (kind == framing::length) {
        if (bytes.size() < 4)
            return std::nullopt;
        for (const char byte : bytes.substr(0, 4))
            header.length = header.length << 8 | static_cast<unsigned char>(byte);
        return header;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == ' ' && i > 0)
            return record_header{i + 1, header.length};
        if (bytes[i] < '0' || bytes[i] > '9' || i + 1 == longest_header)
            return record_header{0, longest + 1};
        header.length = header.length * 10 + static_cast<std::uint64_t>(bytes[i] - '0');
    }
    return std::nullopt;
}

// Where the last whole record ends.
std::uint64_t end_of_records(const std::string& path, const unique_fd& file, framing kind,
                             std::uint64_t size) {
    window bytes(file);
    std::uint64_t end = 0;
    while (end < size) {
        const auto header = read_header(bytes.at(end, longest_header), kind);
        if (header && header->length > longest)
            throw startup_error("'" + path + "' holds something else than " +
                                (kind == framing::length ? "length" : "octet-counting") +
                                " framing at byte " + std::to_string(end) + ": move it away");
        if (!header || end + header->size + header->length > size)
            break;
        end += header->size + header->length;
    }
    return end;
}

} // namespace

std::uint64_t mend_half_record(const std::string& path, int descriptor, framing kind) {
    struct stat status {};
    check(fstat(descriptor, &status), "reading");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size == 0)
        return 0;
    const unique_fd file = open_file(path, O_RDONLY);
    if (kind == framing::newline) {
        if (window(file).at(size - 1, 1) == "\n")
            return size;
        component_log("file").warn("'{}' ends in half a line, which is closed now", path);
        const ssize_t put = write(descriptor, "\n", 1);
        check(put == 1 ? 0 : -1, "closing the half-written last line of '" + path + "'");
        return size + 1;
    }
    const std::uint64_t end = end_of_records(path, file, kind, size);
    if (end != size) {
        component_log("file").warn("'{}' ends in half a record, {} bytes of which are cut off",
                                   path, size - end);
        check(ftruncate(descriptor, static_cast<off_t>(end)), "cutting '" + path + "'");
    }
    return end;
}

} // namespace weir
