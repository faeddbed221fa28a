#include "gateway/exposition.hpp"

#include <limits>
#include <prometheus/text_serializer.h>

namespace weir {

using prometheus::MetricType;

void exposition::begin(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
    places_.clear();
}

prometheus::ClientMetric& exposition::at(metric_labels with) {
    prometheus::MetricFamily& family = families_.back();
    std::string name;
    for (const prometheus::ClientMetric::Label& each : with)
        name += each.value + '\0';
    const auto [place, fresh] = places_.emplace(std::move(name), family.metric.size());
    if (fresh)
        family.metric.emplace_back().label = std::move(with);
    return family.metric[place->second];
}

void exposition::counter(const char* name, const char* help) {
    begin(name, help, MetricType::Counter);
}

void exposition::gauge(const char* name, const char* help) { begin(name, help, MetricType::Gauge); }

void exposition::histogram(const char* name, const char* help) {
    begin(name, help, MetricType::Histogram);
}

void exposition::sample(double value, metric_labels with) {
    prometheus::ClientMetric& metric = at(std::move(with));
    if (families_.back().type == MetricType::Counter)
        metric.counter.value += value;
    else
        metric.gauge.value += value;
}

// The buckets of the format are cumulative, and the count is what the last of them has.
void exposition::add(const std::vector<bucket>& buckets, double sum, metric_labels with) {
    auto& histogram = at(std::move(with)).histogram;
    histogram.bucket.resize(buckets.size());
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const bool last = i + 1 == buckets.size();
        so_far += buckets[i].count;
        histogram.bucket[i].upper_bound =
            last ? std::numeric_limits<double>::infinity() : buckets[i].bound;
        histogram.bucket[i].cumulative_count += so_far;
    }
    histogram.sample_count += so_far;
    histogram.sample_sum += sum;
}

std::string exposition::text() const { return prometheus::TextSerializer().Serialize(families_); }

} // namespace weir
