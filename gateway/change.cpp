#include "gateway/change.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>
#include <spdlog/spdlog.h>
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

bool exclude(const std::string& one, const std::string& other) {
    const address a = parse_address(one);
    const address b = parse_address(other);
    const auto covers = [](const address& wide, const address& narrow) {
        const bool v6 = narrow.host.find(':') != narrow.host.npos;
        return wide.host.empty() || wide.host == narrow.host ||
               wide.host == (v6 ? "::" : "0.0.0.0");
    };
    if (a.is_unix() || b.is_unix())
        return a.path == b.path;
    return a.port == b.port && a.port != 0 && (covers(a, b) || covers(b, a));
}

gateway::change::~change() {
    for (listener* each : sharing)
        each->share_port(false);
    drop(fresh_listeners); // what never ran
    drop(fresh_sinks);
}

void gateway::change::drop(listener_list& never_ran) {
    for (running_listener& each : never_ran | std::views::reverse) {
        if (each.source + 1 == of.next_source_)
            --of.next_source_; // no event bears it
        if (!each.runs->bound().empty())
            each.runs->abandon();
        each.runs.reset();
        for (const listener_books* books : each.books) {
            if (books->refused_messages.total() > 0)
                of.metrics_.show(*books); // somebody came by, for nothing
            else
                of.metrics_.forget(*books);
        }
    }
    never_ran.clear();
}

void gateway::change::drop(sink_list& never_ran) {
    for (running_sink& each : never_ran) {
        each.runs.reset();
        if (!missing.contains(&each))
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
            of.add_port(spec, of.add_sink(spec, wanted.steps, fresh_sinks), fresh_listeners);
    if (const auto history = wanted_history(wanted.listeners)) {
        const auto stream = std::ranges::find_if(
            of.sinks_, [](const running_sink& each) { return each.live_history.has_value(); });
        if (stream == of.sinks_.end())
            of.add_sink(live_stream(*history), wanted.steps, fresh_sinks).live_history = history;
        else if (kept.insert(&*stream); stream->live_history->bytes != history->bytes)
            spdlog::warn("reload: history is changed, which takes a new start of weir");
    }
    http_routes routes = of.shared_routes(fresh_sinks);
    for (const running_sink& sink : of.sinks_)
        if (kept.contains(&sink) && !sink.has_port)
            std::ranges::move(sink.runs->routes(), std::back_inserter(routes));
    for (const listener_spec& spec : wanted.listeners)
        if (!keep(of.listeners_, spec))
            of.add_listener(spec, routes, fresh_listeners);
    common_steps = wanted.steps;
    if (common_steps != of.steps_)
        for (const running_sink& sink : of.sinks_)
            if (kept.contains(&sink))
                new_steps.emplace_back(sink.steps.get(), of.steps_before(sink, common_steps));
}

// A sink's own port has the place of the sink.
std::string gateway::change::address_of(const running_listener& listener) const {
    if (!listener.port_of)
        return place_of(listener);
    const auto& sinks = std::ranges::count(of.sinks_, listener.port_of, &running_sink::books) > 0
                            ? of.sinks_
                            : fresh_sinks;
    return place_of(*std::ranges::find(sinks, listener.port_of, &running_sink::books));
}

// Those that are to go and have the port of one that is to come.
std::vector<listener*> gateway::change::in_the_way_of(const running_listener& fresh) const {
    std::vector<listener*> found;
    for (const running_listener& each : of.listeners_)
        if (leaves(each) && collide(address_of(each), address_of(fresh)))
            found.push_back(each.runs.get());
    return found;
}

// Two that took over from one, or share with it, would share with each other, which is no way to
// start again.
void gateway::change::refuse_twice(const running_listener& fresh) const {
    for (const running_listener* other : beside)
        if ((other->flag == "udp") == (fresh.flag == "udp") &&
            exclude(address_of(*other), address_of(fresh)))
            throw startup_error(fmt::format("can't listen on {} {}: {} {} is in the same file",
                                            fresh.flag, address_of(fresh), other->flag,
                                            address_of(*other)));
}

// At the very same address it gets the socket itself, and nothing has to be bound.
bool gateway::change::take_over(running_listener& fresh) {
    const std::string where = address_of(fresh);
    for (running_listener& each : of.listeners_)
        if (leaves(each) && address_of(each) == where && exclude(where, where) &&
            fresh.runs->take_over(*each.runs))
            return true;
    return false;
}

// A port that is somebody else's, too, is found out so while there is a way back. Where the port
// can't be shared it has to wait until what is there now is closed.
void gateway::change::open_beside_what_goes(running_listener& fresh) {
    bool shared = true;
    if (!take_over(fresh)) {
        std::vector<listener*> all = in_the_way_of(fresh);
        all.push_back(fresh.runs.get());
        for (listener* each : all) {
            if (each->share_port(true))
                sharing.push_back(each);
            else
                shared = false;
        }
    }
    if (!shared) {
        waiting.insert(&fresh);
        return;
    }
    refuse_twice(fresh);
    beside.push_back(&fresh);
    of.open(fresh);
}

// What stands where something that is to go still is may have to wait. Only when all else went well
// does anything listen, and so get senders that would be lost with it.
void gateway::change::open_what_can_be() {
    for (const running_sink& fresh : fresh_sinks)
        for (const running_sink& hangs : of.hanging_sinks_)
            if (hangs.runs->tasks().running() > 0 && collide(place_of(hangs), place_of(fresh)))
                throw startup_error(fmt::format("{} {}: what was there has not ended", fresh.flag,
                                                place_of(fresh)));
    for (running_sink& fresh : fresh_sinks)
        if (std::ranges::any_of(of.sinks_, [&](const running_sink& sink) {
                return leaves(sink) && collide(place_of(sink), place_of(fresh));
            }))
            waiting.insert(&fresh);
        else
            fresh.runs->open();
    for (running_listener& fresh : fresh_listeners)
        if (in_the_way_of(fresh).empty())
            of.open(fresh);
    for (running_listener& fresh : fresh_listeners)
        if (!in_the_way_of(fresh).empty())
            open_beside_what_goes(fresh);
    for (running_listener& fresh : fresh_listeners)
        if (!waiting.contains(&fresh))
            fresh.runs->listen();
}

} // namespace weir
