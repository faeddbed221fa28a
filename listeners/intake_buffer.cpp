#include "listeners/intake_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {

std::span<char> intake_buffer::room(std::size_t least) {
    char* const data = arena_.prepare(rest_ + std::max(chunk_, least));
    return {data + rest_, arena_.room() - rest_};
}

std::span<char> intake_buffer::filled(std::size_t read) {
    if (read == arena_.room() - rest_)
        chunk_ = std::min(chunk_ * 4, most_chunk);
    else if (read < chunk_ / 8)
        chunk_ = std::max(chunk_ / 4, least_chunk);
    return {arena_.prepare(0), rest_ + read};
}

// The rest moves to an arena of its own size, for this one goes to the queue.
batch_ptr intake_buffer::take(const decoded& found, const message_ends& ends) {
    char* const data = arena_.prepare(0);
    rest_ = found.tail_size;
    if (found.messages == 0) {
        if (rest_ == 0)
            arena_ = batch_builder(origin_);
        else if (found.tail > 0)
            std::memmove(data, data + found.tail, rest_);
        return nullptr;
    }
    batch_builder next(origin_);
    if (rest_ > 0)
        std::memcpy(next.prepare(rest_), data + found.tail, rest_);
    arena_.commit(found.arena, found.messages, ends);
    batch_ptr taken = arena_.finish();
    arena_ = std::move(next);
    return taken;
}

} // namespace weir
