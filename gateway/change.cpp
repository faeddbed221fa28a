#include "gateway/change.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace weir {

namespace {

// Two that are told alike are the same. What is shown hides secrets, and then the text decides.
template <class Spec, class Running>
bool same(const Spec& spec, const Running& running) {
    return spec.flag == running.flag && spec.shown == running.shown &&
           (spec.from.identity == running.from.identity ||
            spec.shown.find("***") == std::string::npos);
}

} // namespace

bool collide(const std::string& one, const std::string& other) {
    if (one == other)
        return !one.empty();
    const auto port = [](const std::string& place) {
        const std::size_t colon = place.rfind(':');
        const bool none = colon == place.npos || place.find('/') != place.npos;
        return none ? std::string() : place.substr(colon);
    };
    return !port(one).empty() && port(one) == port(other) && port(one) != ":0";
}

void gateway::change::drop(listener_list& never_ran) {
    for (running_listener& each : never_ran) {
        each.runs.reset();
        for (const listener_books* books : each.books)
            of.metrics_.forget(*books);
    }
    never_ran.clear();
}

void gateway::change::drop(sink_list& never_ran) {
    for (running_sink& each : never_ran) {
        each.runs.reset();
        of.metrics_.forget(*each.books);
    }
    never_ran.clear();
}

bool gateway::change::leaves(const running_listener& listener) const {
    if (!listener.port_of)
        return !kept.contains(&listener);
    return std::ranges::none_of(of.sinks_, [&](const running_sink& sink) {
        return sink.books == listener.port_of && kept.contains(&sink);
    });
}

void gateway::change::prepare(const settings& wanted) {
    try {
        make(wanted);
    } catch (const std::length_error&) {
        throw usage_error(fmt::format("at most {} sinks at a time, those that go and come among "
                                      "them; take some away first",
                                      queue_reader::most));
    }
    open_what_can_be();
}

void gateway::change::make(const settings& wanted) {
    const auto keep = [&](const auto& running, const auto& spec) {
        const auto found = std::ranges::find_if(
            running, [&](const auto& each) { return same(spec, each) && !kept.contains(&each); });
        if (found != running.end())
            kept.insert(&*found);
        return found != running.end();
    };
    for (const sink_spec& spec : wanted.sinks)
        if (!keep(of.sinks_, spec))
            of.add_port(spec, of.add_sink(spec, fresh_sinks), fresh_listeners);
    if (const auto history = wanted_history(wanted.listeners)) {
        const auto stream = std::ranges::find(of.sinks_, true, &running_sink::is_live_stream);
        if (stream != of.sinks_.end())
            kept.insert(&*stream);
        else
            of.add_sink(live_stream(*history), fresh_sinks).is_live_stream = true;
    }
    http_routes routes = of.shared_routes(fresh_sinks);
    for (const running_sink& sink : of.sinks_)
        if (kept.contains(&sink) && !sink.has_port)
            std::ranges::move(sink.runs->routes(), std::back_inserter(routes));
    for (const listener_spec& spec : wanted.listeners)
        if (!keep(of.listeners_, spec))
            of.add_listener(spec, routes, fresh_listeners);
}

// What stands where something that is to go still is has to wait.
void gateway::change::open_what_can_be() {
    for (running_sink& fresh : fresh_sinks)
        if (std::ranges::any_of(of.sinks_, [&](const running_sink& sink) {
                return leaves(sink) && collide(place_of(sink), place_of(fresh));
            }))
            waiting.insert(&fresh);
        else
            fresh.runs->open();
    const auto address = [](const auto& sinks, const running_listener& of_port) {
        const auto sink = std::ranges::find(sinks, of_port.port_of, &running_sink::books);
        return of_port.port_of && sink != sinks.end() ? place_of(*sink) : place_of(of_port);
    };
    for (running_listener& fresh : fresh_listeners)
        if (std::ranges::any_of(of.listeners_, [&](const running_listener& listener) {
                return leaves(listener) &&
                       collide(address(of.sinks_, listener), address(fresh_sinks, fresh));
            }))
            waiting.insert(&fresh);
        else
            of.open(fresh);
}

} // namespace weir
