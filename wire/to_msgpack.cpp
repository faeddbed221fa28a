#include "wire/msgpack.hpp"
#include "wire/msgpack_writer.hpp"
#include "wire/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <vector>

namespace weir {

namespace {

namespace json = boost::json;
using json::error_code;

// What Boost.JSON's parser finds, written at once. How much a container holds is known only at its
// end, so it begins with the shortest head, and what is in a larger one moves.
class packer {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    explicit packer(std::string& out) : out_(out), writer_(out) {}

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return begin(); }
    bool on_array_end(std::size_t elements, error_code&) {
        return end([elements](msgpack_writer head) { head.array(elements); });
    }
    bool on_object_begin(error_code&) { return begin(); }
    bool on_object_end(std::size_t pairs, error_code&) {
        return end([pairs](msgpack_writer head) { head.map(pairs); });
    }
    bool on_string_part(json::string_view text, std::size_t, error_code&) { return part(text); }
    bool on_string(json::string_view text, std::size_t, error_code&) {
        writer_.str(whole(text));
        return true;
    }
    bool on_key_part(json::string_view text, std::size_t, error_code&) { return part(text); }
    bool on_key(json::string_view text, std::size_t, error_code&) {
        writer_.str(whole(text));
        return true;
    }
    bool on_number_part(json::string_view text, error_code&) { return part(text); }
    bool on_int64(std::int64_t number, json::string_view, error_code&) {
        parts_.clear();
        writer_.signed_integer(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
        parts_.clear();
        writer_.unsigned_integer(number);
        return true;
    }
    // The parser's own number may be off in its last bit; where this one says nothing, it is too
    // large or too small, and the parser's is infinite or zero.
    bool on_double(double number, json::string_view text, error_code&) {
        const std::string_view digits = whole(text);
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        writer_.float64(number);
        return true;
    }
    bool on_bool(bool value, error_code&) {
        writer_.boolean(value);
        return true;
    }
    bool on_null(error_code&) {
        writer_.nil();
        return true;
    }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

private:
    bool begin() {
        begins_.push_back(out_.size());
        out_.push_back('\0');
        return true;
    }

    template <class WriteHead>
    bool end(WriteHead write_head) {
        head_.clear();
        write_head(msgpack_writer(head_));
        out_.replace(begins_.back(), 1, head_);
        begins_.pop_back();
        return true;
    }

    bool part(json::string_view text) {
        parts_.append(text.data(), text.size());
        return true;
    }

    // Valid until the next part.
    std::string_view whole(json::string_view last) {
        if (parts_.empty())
            return {last.data(), last.size()};
        part(last);
        done_.swap(parts_);
        parts_.clear();
        return done_;
    }

    std::string& out_;
    msgpack_writer writer_;
    std::vector<std::size_t> begins_; // of the containers that are open
    std::string head_;
    std::string parts_;
    std::string done_;
};

bool pack_json(std::string& out, std::string_view message) {
    json::parse_options options;
    options.max_depth = most_msgpack_levels;
    json::basic_parser<packer> parser(options, out);
    error_code fault;
    const std::size_t read = parser.write_some(false, message.data(), message.size(), fault);
    return !fault && read == message.size();
}

} // namespace

void append_msgpack(std::string& out, std::string_view message) {
    const std::size_t before = out.size();
    if (pack_json(out, message))
        return;
    out.resize(before);
    if (is_utf8(message))
        msgpack_writer(out).str(message);
    else
        msgpack_writer(out).bin(message);
}

} // namespace weir
