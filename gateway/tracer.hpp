// Who records spans where --trace is given: decides on what nobody has decided on, and hands what
// ends to every collector. The gateway owns it; it outlives listeners and sinks.
#pragma once

#include "gateway/trace_exporter.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace weir {

class tracer final : public span_recorder {
public:
    // Of several collectors the largest sample= decides. `books` gets one set for each of them.
    tracer(const std::vector<trace_options>& wanted, std::deque<trace_books>& books);

    void start();
    // When no span comes any more: all collectors at the same time get what is left, until then or
    // until `hurried` says so.
    void stop(std::chrono::steady_clock::time_point until, const std::function<bool()>& hurried);

    bool begins_here() override;
    void record(const trace_span& ended) override;

private:
    double sample_ = 0;
    std::vector<std::unique_ptr<trace_exporter>> exporters_;
};

} // namespace weir
