// The queues that are compared, each behind the same few calls, and each used as its own
// documentation says is fastest.
//
// What is equal: the batches (one reference-counted allocation each, weir's batch_ptr), one
// reference a reader, the pace (see job), the threads, and that a reader takes what is there up to
// `bulk` at a time and looks again, yielding when there is nothing.
// What is not: weir's queues give every batch to every reader. The others hand each item to one
// reader, so there is one of them for each reader and a publisher puts the batch into all, which is
// what their users do. weir's keep the books of each reader, are bounded in bytes and wake who is
// parked; the others do none of it, but the blocking one wakes. weir's ring and mutex ring also
// keep the newest batches as history, so theirs are freed a whole ring later.
#pragma once

#include "bench/queue_job.hpp"
#include "queues/queue.hpp"

#include <boost/lockfree/queue.hpp>
#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace weir::bench {

constexpr std::size_t bulk = 64;
constexpr std::size_t slots = 65'536; // the default of weir's queues

template <queue_kind Kind>
class weir_queue {
public:
    explicit weir_queue(const job& of) : queue_(make_queue({.kind = Kind, .slots = slots})) {
        for (std::size_t i = 0; i < of.readers; ++i)
            readers_.push_back(queue_->subscribe());
    }

    class publisher {
    public:
        publisher(weir_queue& to, std::size_t) : queue_(*to.queue_) {}
        bool publish(batch_ptr fresh) { return queue_.publish(fresh) == publish_result::published; }

    private:
        queue& queue_;
    };

    class reader {
    public:
        reader(weir_queue& from, std::size_t index) : reader_(*from.readers_[index]) {}
        template <class Each>
        std::size_t take(Each each) {
            std::size_t taken = 0;
            while (taken < bulk) {
                batch_ptr next = reader_.try_take();
                if (!next)
                    break;
                each(std::move(next));
                ++taken;
            }
            return taken;
        }
        std::uint64_t missed() const { return reader_.missed(); }

    private:
        queue_reader& reader_;
    };

private:
    std::unique_ptr<queue> queue_;
    std::vector<std::unique_ptr<queue_reader>> readers_;
};

// What the others share: a queue of plain pointers for each reader, each pointer one reference.
template <class Pipe>
class pipes {
public:
    explicit pipes(const job& of) {
        for (std::size_t i = 0; i < of.readers; ++i)
            pipes_.push_back(std::make_unique<Pipe>(of));
    }

    class publisher {
    public:
        publisher(pipes& to, std::size_t) {
            for (const auto& pipe : to.pipes_)
                ends_.emplace_back(*pipe);
        }
        bool publish(batch_ptr fresh) {
            batch* shared = fresh.release();
            shared->set_references(static_cast<std::int64_t>(ends_.size()));
            for (typename Pipe::in& end : ends_)
                while (!end.push(shared))
                    std::this_thread::yield();
            return true;
        }

    private:
        std::vector<typename Pipe::in> ends_;
    };

    class reader {
    public:
        reader(pipes& from, std::size_t index) : end_(*from.pipes_[index]) {}
        template <class Each>
        std::size_t take(Each each) {
            return end_.pop([&](batch* b) { each(batch_ptr(b)); });
        }
        std::uint64_t missed() const { return 0; }

    private:
        typename Pipe::out end_;
    };

private:
    std::vector<std::unique_ptr<Pipe>> pipes_;
};

// Bounded by the nodes it begins with; bounded_push never allocates.
struct boost_pipe {
    explicit boost_pipe(const job& of) : queue(of.ahead() * of.publishers + bulk) {}
    boost::lockfree::queue<batch*> queue;

    struct in {
        explicit in(boost_pipe& to) : queue(to.queue) {}
        bool push(batch* b) { return queue.bounded_push(b); }
        boost::lockfree::queue<batch*>& queue;
    };
    struct out {
        explicit out(boost_pipe& from) : queue(from.queue) {}
        template <class Each>
        std::size_t pop(Each each) {
            std::size_t popped = 0;
            while (popped < bulk && queue.consume_one(each))
                ++popped;
            return popped;
        }
        boost::lockfree::queue<batch*>& queue;
    };
};

// With a token for each producer and consumer, taken from in bulk, and room for all from the start.
template <class Queue>
struct moodycamel_pipe {
    explicit moodycamel_pipe(const job& of)
        : queue((of.ahead() + bulk) * of.publishers, of.publishers, 0) {}
    Queue queue;

    struct in {
        explicit in(moodycamel_pipe& to) : queue(to.queue), token(to.queue) {}
        bool push(batch* b) { return queue.enqueue(token, b); }
        Queue& queue;
        moodycamel::ProducerToken token;
    };
    struct out {
        explicit out(moodycamel_pipe& from) : queue(from.queue), token(from.queue) {}
        template <class Each>
        std::size_t pop(Each each) {
            batch* some[bulk];
            const std::size_t n = pop_some(some);
            std::for_each(some, some + n, each);
            return n;
        }
        std::size_t pop_some(batch** some) {
            if constexpr (requires { queue.wait_dequeue_bulk_timed(token, some, bulk, 1000); })
                return queue.wait_dequeue_bulk_timed(token, some, bulk, 1000);
            else
                return queue.try_dequeue_bulk(token, some, bulk);
        }
        Queue& queue;
        moodycamel::ConsumerToken token;
    };
};

// A ring under a mutex, as anyone would write it: put in one by one, taken out many at a time.
struct mutex_pipe {
    explicit mutex_pipe(const job& of) : ring(of.ahead() * of.publishers + bulk) {}
    std::mutex mutex;
    std::vector<batch*> ring;
    std::size_t first = 0;
    std::size_t count = 0;

    struct in {
        explicit in(mutex_pipe& to) : pipe(to) {}
        bool push(batch* b) {
            const std::lock_guard lock(pipe.mutex);
            if (pipe.count == pipe.ring.size())
                return false;
            const std::size_t end = pipe.first + pipe.count++;
            pipe.ring[end < pipe.ring.size() ? end : end - pipe.ring.size()] = b;
            return true;
        }
        mutex_pipe& pipe;
    };
    struct out {
        explicit out(mutex_pipe& from) : pipe(from) {}
        template <class Each>
        std::size_t pop(Each each) {
            batch* some[bulk];
            std::size_t n = 0;
            {
                const std::lock_guard lock(pipe.mutex);
                for (; n < bulk && pipe.count > 0; ++n, --pipe.count) {
                    some[n] = pipe.ring[pipe.first];
                    if (++pipe.first == pipe.ring.size())
                        pipe.first = 0;
                }
            }
            std::for_each(some, some + n, each);
            return n;
        }
        mutex_pipe& pipe;
    };
};

} // namespace weir::bench
