// A port that shows the counters in Redis and serves nothing else: an HTTP port and the service
// behind its one route, started and stopped as one. It takes no events.
#pragma once

#include "listeners/http.hpp"
#include "sinks/stats.hpp"

#include <memory>

namespace weir {

class stats_port final : public listener {
public:
    stats_port(const listener_setting& setting, const stats_options& options); // throws usage_error

    void open() override;
    bool share_port(bool shared) override { return port_.share_port(shared); }
    void start() override { port_.start(); }
    void stop() override { port_.stop(); }
    void stop_now() override;
    task_group& tasks() override { return port_.tasks(); }
    std::string bound() const override { return port_.bound(); }

private:
    std::shared_ptr<stats_service> service_;
    http_listener port_;
};

} // namespace weir
