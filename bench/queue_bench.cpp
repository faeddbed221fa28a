// The queues compared: time per message, for each number of publishers and readers, and for one
// thread that publishes and takes in turn.
//
//     bench_queues --benchmark_filter=queue/ring/ --benchmark_min_time=0.2 --benchmark_format=json
//
// Names: queue/CONTENDER/publishers:P/readers:R/batch:MESSAGES/size:BYTES[/made:HOW]/manual_time
//        one_thread/CONTENDER/batch:1/size:BYTES
// Counters: ns_per_message, a message counted once however many readers take it; lost, summed over
// the readers.
#include "bench/queue_run.hpp"

#include <benchmark/benchmark.h>

namespace weir::bench {
namespace {

template <class Contender>
void add_job(const char* contender, const job& what) {
    benchmark::RegisterBenchmark(what.name(contender).c_str(), [what](benchmark::State& state) {
        queue_run<Contender> runner(what);
        runner.run(); // fills the caches and, where it is kept, the history
        double seconds = 0;
        std::uint64_t messages = 0, lost = 0;
        for (auto _ : state) {
            const auto result = runner.run();
            state.SetIterationTime(result.seconds);
            seconds += result.seconds;
            messages += result.messages;
            lost += result.lost;
        }
        state.counters["ns_per_message"] = seconds * 1e9 / static_cast<double>(messages);
        state.counters["lost"] = static_cast<double>(lost);
    })->UseManualTime();
}

constexpr std::size_t classic_sizes[] = {18, 4'266, 6'786, 79'435};

template <class Contender>
void add_one_thread(const char* contender, std::size_t size) {
    const job what{.size = size, .how = job::batches::copied};
    const std::string name =
        "one_thread/" + std::string(contender) + "/batch:1/size:" + std::to_string(size);
    benchmark::RegisterBenchmark(name.c_str(), [what](benchmark::State& state) {
        Contender queue(what);
        typename Contender::publisher to(queue, 0);
        typename Contender::reader from(queue, 0);
        const batch_maker make(what, 0);
        std::uint64_t published = 0, taken = 0;
        const auto begin = std::chrono::steady_clock::now();
        for (auto _ : state) {
            published += to.publish(make());
            from.take([&](batch_ptr next) { taken += next->size(); });
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        state.counters["ns_per_message"] =
            took.count() * 1e9 / static_cast<double>(state.iterations());
        state.counters["lost"] = static_cast<double>(published - taken);
    });
}

template <class Contender>
void add(const char* contender) {
    for (std::size_t publishers : {1, 2})
        for (std::size_t readers : {1, 2, 4})
            for (std::size_t batch : {1, 64})
                for (std::size_t size : {18, 256})
                    for (auto how : {job::batches::made, job::batches::before})
                        if (how == job::batches::made || size == 18)
                            add_job<Contender>(contender, {publishers, readers, batch, size, how});
}

template <class Contender>
void add_with_classic(const char* contender) {
    add<Contender>(contender);
    for (std::size_t size : classic_sizes) {
        add_one_thread<Contender>(contender, size);
        add_job<Contender>(contender, {.size = size, .how = job::batches::copied});
    }
}

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
    using namespace weir;
    using namespace weir::bench;
    add_with_classic<weir_queue<queue_kind::ring>>("ring");
    add_with_classic<weir_queue<queue_kind::channel>>("channel");
    add_with_classic<weir_queue<queue_kind::mutex_ring>>("mutex-ring");
    add_with_classic<weir_queue<queue_kind::mutex_array>>("mutex-array");
    add<pipes<boost_pipe>>("boost-lockfree");
    add<pipes<moodycamel_pipe<moodycamel::ConcurrentQueue<batch*>>>>("moodycamel");
    add<pipes<moodycamel_pipe<moodycamel::BlockingConcurrentQueue<batch*>>>>("moodycamel-blocking");
    add<pipes<mutex_pipe>>("std-mutex");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
