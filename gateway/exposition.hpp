// The Prometheus text format, one family after another; a sample is a value and its labels, and
// goes into the family that was begun last, where those with the same labels are summed. One
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <prometheus/metric_family.h>
#include <string>
#include <vector>

namespace weir {

using metric_labels = std::vector<prometheus::ClientMetric::Label>;

class exposition {
public:
    void counter(const char* name, const char* help);
    void gauge(const char* name, const char* help);
    void histogram(const char* name, const char* help);

    void sample(double value, metric_labels with = {});

    // So many of the tally's own units are one of the metric's: 1e6 microseconds.
    template <class Tally>
    void sample_of(const Tally& from, std::uint64_t sum, double per, metric_labels with) {
        std::vector<bucket> buckets;
        for (std::size_t i = 0; i < Tally::bounds.size(); ++i)
            buckets.push_back({static_cast<double>(Tally::bounds[i]) / per, from.count_in(i)});
        buckets.push_back({0, from.count_in(Tally::bounds.size())});
        add(buckets, static_cast<double>(sum) / per, std::move(with));
    }

    std::string text() const;

private:
    struct bucket {
        double bound; // of all but the last, which has none
        std::uint64_t count;
    };
    prometheus::ClientMetric& at(metric_labels with); // in the last family
    void begin(const char* name, const char* help, prometheus::MetricType type);
    void add(const std::vector<bucket>& buckets, double sum, metric_labels with);

    std::vector<prometheus::MetricFamily> families_;
    std::map<std::string, std::size_t> places_; // in the last family, by its labels
};

} // namespace weir
