#include "listeners/tcp_intake.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t least_chunk = 4u << 10;
constexpr std::size_t most_chunk = 256u << 10;

refusal reason(decode_error fault) {
    return fault == decode_error::too_long ? refusal::oversize : refusal::bad_frame;
}

} // namespace

tcp_intake::tcp_intake(source_id source, framing kind, std::size_t max_message,
                       listener_books& books)
    : buffer_(source), framer_(kind, max_message), books_(books), source_(source),
      chunk_(least_chunk) {}

std::span<char> tcp_intake::room() {
    char* data = buffer_.prepare(rest_ + chunk_);
    return {data + rest_, buffer_.room() - rest_};
}

batch_ptr tcp_intake::take(std::size_t read) {
    bytes_ += read;
    const std::size_t offered = buffer_.room() - rest_;
    if (read == offered)
        chunk_ = std::min(chunk_ * 4, most_chunk);
    else if (read < chunk_ / 8)
        chunk_ = std::max(chunk_ / 4, least_chunk);
    char* data = buffer_.prepare(0);
    const decoded found = framer_.decode(data, rest_ + read, ends_);
    return take(found, data);
}

batch_ptr tcp_intake::finish() {
    if (broken_)
        return nullptr;
    char* data = buffer_.prepare(rest_ + 1);
    const decoded found = framer_.finish(data, std::exchange(rest_, 0), ends_);
    return take(found, data);
}

void tcp_intake::abandon(refusal why) {
    if (rest_ > 0 && !broken_)
        books_.refused_messages[why].add();
    rest_ = 0;
}

// The rest moves to a buffer of its own size, for the arena goes to the queue.
batch_ptr tcp_intake::take(const decoded& found, char* data) {
    if (found.refused > 0)
        books_.refused_messages[refusal::oversize].add(found.refused);
    if (found.error != decode_error::none) {
        books_.refused_messages[reason(found.error)].add();
        broken_ = true;
    }
    rest_ = found.tail_size;
    if (found.messages == 0) {
        if (rest_ > 0 && found.tail > 0)
            std::memmove(data, data + found.tail, rest_);
        if (rest_ == 0)
            buffer_ = batch_builder(source_);
        return nullptr;
    }
    batch_builder next(source_);
    if (rest_ > 0)
        std::memcpy(next.prepare(rest_), data + found.tail, rest_);
    buffer_.commit(found.arena, found.messages, ends_);
    batch_ptr taken = buffer_.finish();
    buffer_ = std::move(next);
    return taken;
}

} // namespace weir
