#include "sinks/file_chunk.hpp"

#include <algorithm>

namespace weir {

void file_chunk::add(batch_ptr next) {
    if (kind_ == framing::newline && next->plain()) {
        pieces_.push_back({next->arena().data(), next->arena().size()});
        bytes_ += next->arena().size();
    } else {
        const std::size_t before = encoded_.size();
        for (const std::string_view message : *next)
            append_framed(encoded_, kind_, message);
        const std::size_t added = encoded_.size() - before;
        pieces_.push_back({nullptr, added});
        bytes_ += added;
    }
    batches_.push_back(std::move(next));
}

std::span<const iovec> file_chunk::rest(std::uint64_t room, bool at_least_one) {
    vectors_.clear();
    const char* encoded = encoded_.data();
    std::size_t skip = written_;
    for (const piece& each : pieces_) {
        char* data = const_cast<char*>(each.data ? each.data : encoded);
        if (!each.data)
            encoded += each.size;
        const std::size_t done = std::min(skip, each.size);
        const std::size_t left = each.size - done;
        skip -= done;
        if (left == 0)
            continue;
        const bool begun = vectors_.empty() && (done > 0 || at_least_one);
        if (left > room && !begun)
            break;
        room -= std::min<std::uint64_t>(left, room);
        data += done;
        if (!vectors_.empty() &&
            static_cast<char*>(vectors_.back().iov_base) + vectors_.back().iov_len == data)
            vectors_.back().iov_len += left;
        else
            vectors_.push_back({data, left});
    }
    return vectors_;
}

void file_chunk::advance(std::size_t written) { written_ += written; }

file_chunk::part file_chunk::all() const {
    part sum{0, 0, bytes_};
    for (const batch_ptr& each : batches_) {
        sum.messages += each->size();
        sum.payload += each->payload();
    }
    return sum;
}

// Encodes once more to measure: only ever called when a write was given up in the middle.
file_chunk::part file_chunk::whole() const {
    part sum;
    std::string record;
    for (const batch_ptr& each : batches_) {
        for (const std::string_view message : *each) {
            record.clear();
            append_framed(record, kind_, message);
            if (sum.bytes + record.size() > written_)
                return sum;
            ++sum.messages;
            sum.payload += message.size();
            sum.bytes += record.size();
        }
    }
    return sum;
}

std::size_t file_chunk::take_back() {
    const std::size_t half = written_ - whole().bytes;
    written_ -= half;
    return half;
}

void file_chunk::clear() {
    batches_.clear();
    pieces_.clear();
    encoded_.clear();
    bytes_ = 0;
    written_ = 0;
}

} // namespace weir
