#include "sinks/post_request.hpp"

#include "sinks/compress.hpp"
#include "wire/framing.hpp"
#include "wire/json_check.hpp"
#include "wire/record.hpp"
#include "wire/utf8.hpp"

#include <boost/json/serialize.hpp>

namespace weir {

namespace {

std::string_view type_of(std::string_view message) {
    if (is_json(message))
        return "application/json";
    return is_utf8(message) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

// An element of a JSON array: the message itself, or as a string, or where it is not even UTF-8 as
// the record that stands for it.
void append_element(std::string& out, std::string_view message) {
    if (is_json(message))
        out += message;
    else if (is_utf8(message))
        out += boost::json::serialize(boost::json::string_view(message));
    else
        append_escaped_record(out, message);
}

} // namespace

post_request::post_request(post_format format, std::size_t most_messages, std::size_t most_bytes)
    : format_(format), most_messages_(format == post_format::single ? 1 : most_messages),
      most_bytes_(most_bytes),
      content_type_(format == post_format::ndjson ? "application/x-ndjson" : "application/json") {}

void post_request::add(batch_rest& from) {
    if (full_ || from.left == 0)
        return;
    part taken{from.owner, from.next, 0};
    if (add_whole(from)) {
        taken.count = from.left;
        from = {};
    } else {
        while (from.left > 0 && add_message(*from.next)) {
            ++from.next;
            --from.left;
            ++taken.count;
        }
    }
    full_ = full_ || messages_ >= most_messages_ || body_.size() >= most_bytes_;
    if (taken.count > 0)
        parts_.push_back(std::move(taken));
}

// The arena of a plain batch is the body it gives.
bool post_request::add_whole(const batch_rest& from) {
    const batch& whole = *from.owner;
    if (format_ != post_format::ndjson || !whole.plain() || from.left != whole.size() ||
        messages_ + whole.size() > most_messages_ ||
        body_.size() + whole.arena().size() > most_bytes_)
        return false;
    body_ += whole.arena();
    messages_ += whole.size();
    payload_ += whole.payload();
    return true;
}

bool post_request::add_message(std::string_view message) {
    if (messages_ >= most_messages_)
        return false;
    const std::size_t before = body_.size();
    encode(message);
    const std::size_t closing = format_ == post_format::array ? 1 : 0;
    if (messages_ > 0 && body_.size() + closing > most_bytes_) {
        body_.resize(before);
        full_ = true;
        return false;
    }
    ++messages_;
    payload_ += message.size();
    return true;
}

void post_request::encode(std::string_view message) {
    switch (format_) {
    case post_format::ndjson:
        append_framed(body_, framing::newline, message);
        break;
    case post_format::array:
        body_ += messages_ == 0 ? '[' : ',';
        append_element(body_, message);
        break;
    case post_format::single:
        content_type_ = type_of(message);
        body_ = message;
        break;
    }
}

void post_request::finish(bool gzip) {
    if (format_ == post_format::array)
        body_ += ']';
    if (gzip)
        body_ = weir::gzip(body_);
    gzipped_ = gzip;
}

} // namespace weir
