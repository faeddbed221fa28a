#include "listeners/scrape.hpp"

#include "listeners/steady_ticks.hpp"
#include "queues/publish.hpp"
#include "wire/prometheus_line.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace weir {

namespace asio = boost::asio;

namespace {

constexpr std::size_t batch_bytes = 512u << 10; // and one message more at most
constexpr std::size_t portion = 1024;           // samples; then others on this thread have a turn

name_selection wanted(const scrape_options& options) {
    try {
        return name_selection(options.metrics);
    } catch (const usage_error& wrong) {
        throw usage_error(std::string("option metrics: ") + wrong.what());
    }
}

std::string first_error(const prometheus_parser& of) {
    return fmt::format("line {}: {}", of.first_error().line, of.first_error().what);
}

} // namespace

scrape_listener::scrape_listener(const listener_setting& setting, const scrape_options& options)
    : setting_(setting.with_topic(options.topic)), options_(options), wanted_(wanted(options)),
      request_(scrape_request(options)), executor_(setting.executors.next()), next_(executor_),
      batch_(setting_.origin) {
    options_.check();
}

void scrape_listener::open() {
    const http_url& url = options_.url;
    if (url.tls)
        tls_.emplace(client_tls(url.host, options_.tls, "scrape"));
    connection_.emplace(executor_, url.host, url.port, tls_ ? &*tls_ : nullptr);
}

void scrape_listener::start() { tasks_.spawn(executor_, serve()); }

void scrape_listener::stop() {
    asio::post(executor_, [this, held = tasks_.hold()] {
        stopping_ = true;
        next_.cancel();
        if (connection_)
            connection_->abort();
    });
}

task<> scrape_listener::serve() {
    steady_ticks ticks(steady_ticks::clock::now(), options_.every);
    while (!stopping_) {
        co_await scrape();
        setting_.books.scrapes.skipped.add(ticks.advance(steady_ticks::clock::now()));
        if (stopping_)
            break;
        next_.expires_at(ticks.due());
        co_await next_.async_wait(use_task_tuple);
    }
    setting_.books.scrapes.up.set(-1); // nobody knows any more
}

task<> scrape_listener::scrape() {
    const std::string target = options_.target();
    scrape_outcome outcome;
    outcome.begun = receive_clock::now();
    outcome.target = target;
    scrape_page page;
    const auto begun = std::chrono::steady_clock::now();
    outcome.error = co_await fetch(page);
    outcome.duration = std::chrono::steady_clock::now() - begun;
    if (stopping_)
        co_return;
    co_await read(page, outcome);
    note(outcome);
}

task<std::string> scrape_listener::fetch(scrape_page& into) {
    const std::size_t max_size = options_.max_size.bytes;
    http_response answer =
        co_await connection_->exchange(request_, {}, options_.time_limit(), max_size);
    if (connection_->too_large())
        co_return "larger than max-size";
    if (!answer.whole)
        co_return connection_->fault().message();
    into = page_of(std::move(answer), max_size);
    co_return into.error;
}

task<> scrape_listener::read(const scrape_page& page, scrape_outcome& outcome) {
    const bool lines = options_.format == scrape_format::lines;
    prometheus_parser parser(page.text, page.format);
    prometheus_sample sample;
    scrape_event event;
    std::string line;
    bool more = outcome.error.empty() && parser.next(sample);
    if (outcome.error.empty() && !more && parser.errors() > 0)
        outcome.error = "no line of the page is a sample; " + first_error(parser);
    if (lines) {
        const std::string up = up_line(outcome.target, outcome.error.empty());
        co_await add(up);
    }
    for (; more; more = parser.next(sample)) {
        if (++outcome.samples % portion == 0)
            co_await asio::post(executor_, use_task);
        if (!wanted_.matches(sample.name))
            continue;
        if (!lines) {
            event.add(sample);
            continue;
        }
        line.clear();
        append_prometheus_line(line, sample);
        co_await add(line);
    }
    outcome.parse_errors = parser.errors();
    if (outcome.parse_errors > 0)
        outcome.parse_error = first_error(parser);
    if (!lines) {
        const std::string message = event.finish(outcome);
        co_await add(message);
    }
    co_await publish();
}

task<> scrape_listener::add(std::string_view message) {
    if (batch_.bytes() >= batch_bytes)
        co_await publish();
    batch_.append(message);
}

task<> scrape_listener::publish() {
    batch_ptr fresh = batch_.finish();
    if (!try_publish(setting_.destination, setting_.books, fresh))
        co_await publish_when_space(setting_.destination, setting_.books, std::move(fresh),
                                    executor_, as_long_as_it_takes);
}

void scrape_listener::note(const scrape_outcome& outcome) {
    scrape_books& books = setting_.books.scrapes;
    const bool down = !outcome.error.empty();
    books.done.add();
    books.up.set(down ? 0 : 1);
    if (down) {
        books.failed.add();
        failures_.warn("{}: {}", outcome.target, outcome.error);
    } else {
        books.wrong_lines.add(outcome.parse_errors);
        if (outcome.parse_errors > 0)
            failures_.warn("{}: {} lines are no samples; the first is {}", outcome.target,
                           outcome.parse_errors, outcome.parse_error);
        if (was_down_)
            component_log("scrape").info("{} is up again", outcome.target);
    }
    was_down_ = down;
}

} // namespace weir
