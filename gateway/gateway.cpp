#include "gateway/gateway.hpp"

#include "base/option_text.hpp"
#include "queues/steps/pipeline.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <thread>

namespace weir {

namespace {

std::size_t thread_count(unsigned wanted) {
    if (wanted > 0)
        return wanted;
    // One core is left to the sinks that write on threads of their own, and to whoever sends from
    // this machine: io threads that take it from them wake more often and do less each time.
    const unsigned cores = std::thread::hardware_concurrency();
    return cores > 2 ? cores - 1 : 1;
}

// In the life of a gateway, those that came by reloading among them: their names are kept, for the
// events that still bear their numbers.
constexpr source_id most_listeners = 4096;

// What is wrong between the options of one component is told with where it comes from.
template <class Make>
void with_origin(const std::string& origin, Make make) {
    try {
        make();
    } catch (const usage_error& wrong) {
        throw usage_error(origin.empty() ? wrong.what() : origin + ": " + wrong.what());
    }
}

} // namespace

// Sinks first: their readers see every message, and their routes are known before the listeners.
gateway::gateway(const settings& s)
    : pool_(thread_count(s.run.threads)), queue_(make_queue(s.queue())), metrics_(*queue_),
      listener_names_(most_listeners), steps_(s.steps), run_(s.run) {
    if (!s.run.traces.empty())
        tracer_ = std::make_unique<tracer>(s.run.traces, metrics_.traces());
    for (const sink_spec& spec : s.sinks)
        add_sink(spec, steps_, sinks_);
    if (const auto history = wanted_history(s.listeners))
        add_sink(live_stream(*history), steps_, sinks_).live_history = history;
    auto of = sinks_.begin();
    for (const sink_spec& spec : s.sinks)
        add_port(spec, *of++, listeners_);
    const http_routes shared = shared_routes(sinks_);
    for (const listener_spec& spec : s.listeners)
        add_listener(spec, shared, listeners_);
}

gateway::~gateway() { pool_.stop(); }

std::optional<byte_size> gateway::wanted_history(std::span<const listener_spec> listeners) {
    std::optional<byte_size> history;
    for (const listener_spec& spec : listeners)
        if (spec.serves_live)
            history = {std::max(history.value_or(byte_size()).bytes, spec.history.bytes)};
    return history;
}

gateway::running_sink& gateway::add_sink(const sink_spec& spec, const step_list& common,
                                         sink_list& to) {
    running_sink fresh;
    fresh.flag = spec.flag;
    fresh.shown = spec.shown;
    fresh.from = spec.from;
    fresh.has_port = static_cast<bool>(spec.make_port);
    fresh.source = queue_->subscribe();
    fresh.reader = std::make_unique<ending_reader>(*fresh.source);
    fresh.books = &metrics_.open_sink(spec.flag, *fresh.reader, false);
    fresh.books->name = spec.name;
    fresh.own_steps = spec.steps;
    try {
        with_origin(spec.from.origin, [&] {
            fresh.steps = steps_before(fresh, common);
            fresh.runs = spec.make(
                {pool_, *fresh.reader, *fresh.books, fresh.steps, &listener_names_, tracer_.get()});
        });
    } catch (...) {
        metrics_.forget(*fresh.books);
        throw;
    }
    return to.emplace_back(std::move(fresh));
}

std::unique_ptr<pipeline> gateway::steps_before(const running_sink& sink,
                                                const step_list& common) const {
    auto steps = std::make_unique<pipeline>(&listener_names_, &sink.books->untouched_messages);
    steps->add(common);
    steps->add(sink.own_steps);
    return steps;
}

// A port that serves nothing but the sink's own route.
void gateway::add_port(const sink_spec& spec, running_sink& of, listener_list& to) {
    if (!spec.make_port)
        return;
    http_routes offered = of.runs->routes();
    std::erase_if(offered, [&](const http_route& route) { return route.kind != spec.port_serves; });
    for (http_route& route : offered)
        route.path = "*";
    with_origin(spec.from.origin,
                [&] { add_listener(spec.flag, spec.make_port, offered, to).port_of = of.books; });
}

void gateway::add_listener(const listener_spec& spec, const http_routes& routes,
                           listener_list& to) {
    with_origin(spec.from.origin, [&] {
        running_listener& fresh = add_listener(spec.flag, spec.make, routes, to);
        fresh.name = spec.name;
        fresh.shown = spec.shown;
        fresh.from = spec.from;
        fresh.live_path = spec.serves_live ? spec.live_path : "";
    });
}

gateway::running_listener& gateway::add_listener(std::string_view flag, const make_listener& make,
                                                 const http_routes& routes, listener_list& to) {
    if (next_source_ == most_listeners)
        throw usage_error("there were too many listeners by now; start weir again");
    running_listener fresh;
    fresh.flag = flag;
    fresh.source = next_source_++;
    const auto open_books = [&](std::string_view protocol) -> listener_books& {
        fresh.books.push_back(&metrics_.open_listener(protocol, false));
        return *fresh.books.back();
    };
    try {
        fresh.runs = make({pool_, *queue_, fresh.source, open_books, routes, tracer_.get()});
    } catch (...) {
        for (const listener_books* books : fresh.books)
            metrics_.forget(*books);
        throw;
    }
    return to.emplace_back(std::move(fresh));
}

void gateway::open() {
    for (running_sink& sink : sinks_)
        sink.runs->open();
    for (running_listener& listener : listeners_)
        open(listener);
    for (running_listener& listener : listeners_)
        listener.runs->listen();
    for (const running_sink& sink : sinks_) {
        name_by_port(sink, listeners_);
        metrics_.show(*sink.books);
    }
    for (const running_listener& listener : listeners_)
        show(listener);
}

void gateway::show(const running_listener& which) {
    for (const listener_books* books : which.books)
        metrics_.show(*books);
}

void gateway::open(running_listener& which) {
    which.runs->open();
    const std::string called = which.name.empty() ? which.runs->bound() : which.name;
    listener_names_[which.source] = fmt::format("{} {}", which.flag, called);
    for (listener_books* books : which.books)
        books->address = called;
}

// Before it is shown and runs. A port that can't be had yet is called as it was told.
void gateway::name_by_port(const running_sink& which, const listener_list& ports) {
    const auto port = std::ranges::find(ports, which.books, &running_listener::port_of);
    if (port == ports.end())
        return;
    const std::string bound = port->runs->bound();
    which.books->set_target(bound.empty() ? split_values(which.shown).front() : bound);
}

void gateway::start() {
    if (tracer_)
        tracer_->start();
    pool_.start();
    for (running_sink& sink : sinks_)
        sink.runs->start();
    for (running_listener& listener : listeners_)
        listener.runs->start();
    ready_ = true;
}

void gateway::reopen_files() {
    for (running_sink& sink : sinks_)
        sink.runs->reopen();
}

bool gateway::stop(const std::function<bool()>& hurry) {
    constexpr auto grace = std::chrono::seconds(2); // for what was told to stop now
    const auto deadline = clock::now() + run_.drain_timeout;
    bool hurried = false;
    const auto asked = [&] { return hurried = hurried || hurry(); };
    const auto patient = [&] {
        asked();
        return false;
    };
    const auto stop_now = [](const auto& parts) {
        for (const auto& part : parts)
            part.runs->stop_now();
    };

    ready_ = false;
    for (running_listener& listener : listeners_)
        listener.runs->stop();
    bool listeners_ended = ended_by(listeners_, deadline, asked);
    if (!listeners_ended)
        stop_now(listeners_);
    queue_->close(); // which also lets go who waits for space in it
    listeners_ended = listeners_ended || ended_by(listeners_, clock::now() + grace, patient);
    bool sinks_ended = ended_by(sinks_, deadline, asked);
    if (!sinks_ended) {
        stop_now(sinks_);
        sinks_ended = ended_by(sinks_, clock::now() + grace, patient);
    }
    for (const running_sink& sink : sinks_)
        count_what_is_left(sink);
    const auto none = clock::now();
    if (tracer_)
        tracer_->stop(std::min(deadline, none + grace), asked);
    return listeners_ended && sinks_ended && ended_by(hanging_listeners_, none, patient) &&
           ended_by(hanging_sinks_, none, patient);
}

// What nobody took any more. A sink that never ended still holds some, which stay pending.
void gateway::count_what_is_left(const running_sink& of) {
    const queue_reader& reader = *of.reader;
    of.books->lost_messages[loss::shutdown].add(reader.published() - reader.taken() -
                                                reader.missed());
}

bool gateway::lost_something() const {
    const auto totals = metrics_.sinks();
    return std::ranges::any_of(
        totals, [](const metrics::sink_totals& sink) { return sink.lost + sink.pending() > 0; });
}

} // namespace weir
