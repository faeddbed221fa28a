// What every queue is given to do in the queue benchmarks: so many publishers each publish batches,
// and each of so many readers takes every one of them, reads its count of messages and lets it go.
#pragma once

#include "queues/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace weir::bench {

struct job {
    std::size_t publishers = 1;
    std::size_t readers = 1;
    std::size_t batch = 1; // messages in one
    std::size_t size = 18; // bytes of a message
    // made: each batch is allocated by its publisher and freed by whoever lets it go last. Its
    //       bytes are not written: they come from a socket, whatever queue follows.
    // copied: made, and the messages copied into it.
    // before: all are there before the clock starts, and freed after it has stopped: the queue
    // alone.
    enum class batches { made, copied, before } how = batches::made;

    std::size_t bytes() const { return batch * (size + 1); }

    std::string name(std::string_view contender) const {
        constexpr const char* kinds[] = {"", "/made:copied", "/made:before"};
        return "queue/" + std::string(contender) + "/publishers:" + std::to_string(publishers) +
               "/readers:" + std::to_string(readers) + "/batch:" + std::to_string(batch) +
               "/size:" + std::to_string(size) + kinds[static_cast<std::size_t>(how)];
    }

    // Batches a publisher in one timed run: some tens of milliseconds.
    std::size_t count() const {
        const std::size_t all = how == batches::before ? 1 << 16 : (1u << 30) / (bytes() + 2500);
        return all / publishers;
    }

    // Batches a publisher may be ahead of the slowest reader, the same for every queue: so nothing
    // is lost where a queue would drop, nothing grows where it would not, and what is under way
    // stays in the caches. Far more than a time slice's worth would be unlike any real sink.
    std::size_t ahead() const {
        return std::clamp<std::size_t>((2u << 20) / bytes(), 16, 4096) / publishers;
    }
};

// A batch as a listener makes it: one allocation, into which it has read.
class batch_maker {
public:
    batch_maker(const job& of, std::size_t publisher)
        : job_(of), source_(static_cast<source_id>(publisher)), text_(of.bytes(), 'x') {
        for (std::size_t end = of.size; end < text_.size(); end += of.size + 1)
            text_[end] = '\n';
    }

    batch_ptr operator()() const {
        batch_builder builder(source_, job_.bytes());
        char* room = builder.prepare(job_.bytes());
        if (job_.how == job::batches::copied)
            std::copy(text_.begin(), text_.end(), room);
        builder.commit(job_.bytes(), job_.batch);
        return builder.finish(receive_clock::time_point());
    }

private:
    const job job_;
    const source_id source_;
    std::string text_;
};

} // namespace weir::bench
