#include "gateway/stats_port.hpp"

namespace weir {

namespace {

http_options port_of(const stats_options& options) {
    http_options port;
    port.listen = options.listen;
    port.origins = options.origins;
    port.token = options.token;
    port.allow = options.allow;
    port.ingest = port.live = port.page = port.metrics = false;
    return port;
}

} // namespace

stats_port::stats_port(const listener_setting& setting, const stats_options& options)
    : service_(std::make_shared<stats_service>(setting.executors.next(), options)),
      port_(setting, setting.books, port_of(options), service_->routes()) {}

void stats_port::open() {
    service_->open();
    port_.open();
}

void stats_port::stop_now() {
    service_->stop();
    port_.stop_now();
}

} // namespace weir
