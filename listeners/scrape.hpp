// `--scrape`: GETs a page in the Prometheus text format or OpenMetrics on a steady clock, and
// publishes what it says: one JSON event a scrape (wire/scrape_event.hpp), or with format=lines
// each sample as a line of its own, behind up{target="URL"} 1.
//
// A scrape that fails (no connection, no whole answer in time, no 200, too large, not a line that
// is right) is an event, too, with up 0, and is tried again at the next tick. One under way is
// never joined by another: its target's ticks are passed over, and counted. Scrapes of other
// targets are listeners of their own and know nothing of it. Stopping calls off the one under way;
// that is no failure, and no event.
//
// One coroutine on one io executor; a large page is read in portions, between which others on that
// thread have their turn. Owned by the gateway; see listeners/listener.hpp.
#pragma once

#include "base/http_connection.hpp"
#include "base/log.hpp"
#include "base/name_selection.hpp"
#include "listeners/listener.hpp"
#include "listeners/scrape_options.hpp"
#include "listeners/scrape_page.hpp"
#include "wire/scrape_event.hpp"

#include <boost/asio/ssl/context.hpp>
#include <optional>
#include <string>

namespace weir {

class scrape_listener final : public listener {
public:
    scrape_listener(const listener_setting& setting,
                    const scrape_options& options); // throws usage_error

    void open() override; // reads ca-file; that nobody answers yet is no fault
    void start() override;
    void stop() override;
    void stop_now() override {} // stop takes no longer than the queue does
    task_group& tasks() override { return tasks_; }
    std::string bound() const override { return options_.url.shown(); }

private:
    task<> serve();
    task<> scrape();
    task<std::string> fetch(scrape_page& into); // why there is none
    task<> read(const scrape_page& page, scrape_outcome& outcome);
    task<> add(std::string_view message);
    task<> publish();
    void note(const scrape_outcome& outcome);

    const listener_setting setting_;
    const scrape_options options_;
    const name_selection wanted_;
    const std::string request_;
    task_group tasks_{"scrape"};
    const io_executor executor_;
    std::optional<boost::asio::ssl::context> tls_;
    std::optional<http_connection> connection_;
    io_timer next_;
    bool stopping_ = false;
    bool was_down_ = false;
    log_limit failures_{"scrape"};
    batch_builder batch_;
};

} // namespace weir
