// One job on one queue: starts the threads, times them from the first publish to the last take, and
// counts what did not arrive.
#pragma once

#include "bench/queue_contenders.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

namespace weir::bench {

// A few instructions where the other side runs, a time slice where it doesn't.
class idling {
public:
    void once() {
        if (++rounds_ > 32)
            std::this_thread::yield();
#if defined(__x86_64__)
        else
            __builtin_ia32_pause();
#endif
    }
    void over() { rounds_ = 0; }

private:
    int rounds_ = 0;
};

template <class Contender>
class queue_run {
public:
    explicit queue_run(const job& of) : job_(of), arrived_(of.readers), kept_(of.readers) {
        for (std::vector<line>& each : arrived_)
            each = std::vector<line>(of.publishers);
    }

    struct result {
        double seconds;
        std::uint64_t messages; // published
        std::uint64_t lost;     // summed over the readers
    };

    result run() {
        // The queue alone, without what an earlier run has left in it.
        if (!contender_ || job_.how == job::batches::before)
            contender_.emplace(job_);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < job_.readers; ++i)
            threads.emplace_back([this, i] { read(i); });
        for (std::size_t i = 0; i < job_.publishers; ++i)
            threads.emplace_back([this, i] { publish(i); });
        while (ready_ < threads.size())
            std::this_thread::yield();
        const auto begin = std::chrono::steady_clock::now();
        go_ = true;
        for (std::thread& each : threads)
            each.join();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        ready_ = 0;
        go_ = false;
        for (std::vector<batch_ptr>& each : kept_)
            each.clear();
        return {took.count(), messages(), lost_.exchange(0) + dropped_.exchange(0) * job_.readers};
    }

private:
    // Batches of one publisher that one reader has taken in this run.
    struct alignas(64) line {
        std::atomic<std::size_t> batches{0};
    };

    std::uint64_t messages() const { return job_.count() * job_.publishers * job_.batch; }

    void wait_for_go() {
        ++ready_;
        for (idling wait; !go_;)
            wait.once();
    }

    void publish(std::size_t me) {
        typename Contender::publisher to(*contender_, me);
        const batch_maker make(job_, me);
        std::vector<batch_ptr> made(job_.how == job::batches::before ? job_.count() : 0);
        std::generate(made.begin(), made.end(), make);
        const std::size_t look_every = std::clamp<std::size_t>(job_.ahead() / 4, 1, bulk);
        wait_for_go();
        for (std::size_t n = 0; n < job_.count(); ++n) {
            if (n % look_every == 0)
                wait_for_readers(me, n);
            if (!to.publish(made.empty() ? make() : std::move(made[n])))
                dropped_ += job_.batch;
        }
    }

    // Nobody who lost something ever arrives, so a run that loses goes on without a pace.
    void wait_for_readers(std::size_t me, std::size_t published) {
        for (const std::vector<line>& reader : arrived_)
            for (idling wait; published > reader[me].batches.load() + job_.ahead();) {
                if (lost_ + dropped_ > 0)
                    return;
                wait.once();
            }
    }

    void read(std::size_t me) {
        typename Contender::reader from(*contender_, me);
        for (line& each : arrived_[me])
            each.batches = 0;
        kept_[me].reserve(job_.how == job::batches::before ? job_.count() * job_.publishers : 0);
        std::vector<std::size_t> batches(job_.publishers);
        std::uint64_t seen = 0, missed = 0;
        const std::uint64_t missed_before = from.missed();
        wait_for_go();
        for (idling wait; seen + missed + dropped_ < messages();) {
            const std::size_t n = from.take([&](batch_ptr next) {
                seen += next->size();
                ++batches[next->source()];
                if (job_.how == job::batches::before)
                    kept_[me].push_back(std::move(next));
            });
            if (n > 0) {
                for (std::size_t i = 0; i < batches.size(); ++i)
                    arrived_[me][i].batches.store(batches[i], std::memory_order_release);
                wait.over();
                continue;
            }
            const std::uint64_t newly = from.missed() - missed_before - missed;
            missed += newly;
            lost_ += newly;
            wait.once();
        }
    }

    const job job_;
    std::optional<Contender> contender_;
    std::vector<std::vector<line>> arrived_;
    std::vector<std::vector<batch_ptr>> kept_; // until the clock has stopped
    std::atomic<std::size_t> ready_{0};
    std::atomic<bool> go_{false};
    std::atomic<std::uint64_t> lost_{0};    // by a reader
    std::atomic<std::uint64_t> dropped_{0}; // when published, so by every reader
};

} // namespace weir::bench
