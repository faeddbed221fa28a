#include "gateway/top/snapshot.hpp"

#include "wire/prometheus_text.hpp"

#include <cstdlib>

namespace weir::top {

namespace {

std::string label(const prometheus_sample& sample, std::string_view name) {
    for (const prometheus_label& each : sample.labels)
        if (each.name == name)
            return each.value;
    return {};
}

double bound_of(const std::string& le) { return std::strtod(le.c_str(), nullptr); } // "+Inf" too

void take_listener(flow& into, std::string_view name, const prometheus_sample& sample) {
    if (name == "weir_received_messages_total")
        into.messages = sample.value;
    else if (name == "weir_received_bytes_total")
        into.bytes = sample.value;
    else if (name == "weir_connections")
        into.connections = sample.value;
    else if (name == "weir_refused_messages_total")
        into.reasons[label(sample, "reason")] = sample.value;
}

void take_sink(flow& into, std::string_view name, const prometheus_sample& sample) {
    if (name == "weir_delivered_messages_total")
        into.messages = sample.value;
    else if (name == "weir_delivered_bytes_total")
        into.bytes = sample.value;
    else if (name == "weir_pending_messages")
        into.pending = sample.value;
    else if (name == "weir_filtered_messages_total")
        into.filtered = sample.value;
    else if (name == "weir_retries_total")
        into.retries = sample.value;
    else if (name == "weir_broadcast_clients")
        into.clients = sample.value;
    else if (name == "weir_lost_messages_total")
        into.reasons[label(sample, "reason")] = sample.value;
    else if (name == "weir_delivery_seconds_bucket")
        into.delivery.emplace_back(bound_of(label(sample, "le")), sample.value);
}

double* own_number(snapshot& of, std::string_view name) {
    if (name == "weir_published_messages_total")
        return &of.published;
    if (name == "weir_queue_bytes")
        return &of.queue_bytes;
    if (name == "weir_queue_batches")
        return &of.queue_batches;
    if (name == "process_cpu_seconds_total")
        return &of.cpu_seconds;
    if (name == "process_resident_memory_bytes")
        return &of.resident;
    if (name == "process_open_fds")
        return &of.open_files;
    if (name == "process_max_fds")
        return &of.most_files;
    if (name == "process_start_time_seconds")
        return &of.started;
    return nullptr;
}

} // namespace

double flow::given_up() const {
    double sum = 0;
    for (const auto& [reason, count] : reasons)
        sum += count;
    return sum;
}

std::optional<snapshot> read_snapshot(std::string_view page) {
    snapshot out;
    bool is_weir = false;
    prometheus_parser parser(page, prometheus_format::text);
    for (prometheus_sample sample; parser.next(sample);) {
        is_weir = is_weir || sample.name == "weir_published_messages_total";
        if (double* const own = own_number(out, sample.name)) {
            *own = sample.value;
        } else if (sample.name == "weir_build_info") {
            out.version = label(sample, "version");
        } else if (const std::string listener = label(sample, "listener"); !listener.empty()) {
            take_listener(out.listeners[{listener, label(sample, "address")}], sample.name, sample);
        } else if (const std::string sink = label(sample, "sink"); !sink.empty()) {
            take_sink(out.sinks[{sink, label(sample, "target")}], sample.name, sample);
        }
    }
    if (!is_weir)
        return std::nullopt;
    return out;
}

std::optional<double> delivery_quantile(const flow& now, const flow* before, double share) {
    const bool comparable = before && before->delivery.size() == now.delivery.size();
    const auto since = [&](std::size_t i) {
        return now.delivery[i].second - (comparable ? before->delivery[i].second : 0);
    };
    if (now.delivery.empty() || since(now.delivery.size() - 1) <= 0)
        return std::nullopt;
    const double wanted = share * since(now.delivery.size() - 1);
    for (std::size_t i = 0; i < now.delivery.size(); ++i)
        if (since(i) >= wanted)
            return now.delivery[i].first;
    return now.delivery.back().first;
}

} // namespace weir::top
