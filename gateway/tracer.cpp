#include "gateway/tracer.hpp"

#include <algorithm>
#include <random>

namespace weir {

tracer::tracer(const std::vector<trace_options>& wanted, std::deque<trace_books>& books) {
    for (const trace_options& each : wanted) {
        trace_books& fresh = books.emplace_back();
        fresh.collector = each.to.url.shown();
        exporters_.push_back(std::make_unique<trace_exporter>(each, fresh));
        sample_ = std::max(sample_, each.sample.value);
    }
}

void tracer::start() {
    for (const auto& each : exporters_)
        each->start();
}

void tracer::stop(std::chrono::steady_clock::time_point until,
                  const std::function<bool()>& hurried) {
    using clock = std::chrono::steady_clock;
    constexpr auto a_moment = std::chrono::milliseconds(100); // between two looks
    for (const auto& each : exporters_)
        each->finish();
    for (const auto& each : exporters_)
        while (!hurried() && !each->ended_by(std::min(until, clock::now() + a_moment)) &&
               clock::now() < until)
            ;
    for (const auto& each : exporters_)
        each->stop_now();
}

bool tracer::begins_here() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::generate_canonical<double, 31>(generator) < sample_;
}

void tracer::record(const trace_span& ended) {
    for (const auto& each : exporters_)
        each->record(ended);
}

} // namespace weir
