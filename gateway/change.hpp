// How a running gateway becomes another: what is new is made and opened first, so that what can't
// be is refused with nothing changed; then it runs, and what is to go drains beside it.
//
// Made for one reload, on the main thread, and gone with it.
#pragma once

#include "base/option_text.hpp"
#include "gateway/gateway.hpp"

#include <unordered_set>

namespace weir {

// Where a component is: an address, a path, a URL.
template <class Running>
std::string place_of(const Running& running) {
    return split_values(running.shown).front();
}

// Whether what is at one place may have to be closed before the other can be opened.
bool collide(const std::string& one, const std::string& other);

struct gateway::change {
    gateway& of;
    sink_list leaving_sinks;
    listener_list leaving_listeners;
    sink_list fresh_sinks; // what is new and not running yet
    listener_list fresh_listeners;
    std::unordered_set<const void*> kept;
    std::unordered_set<const void*> waiting; // of what is new: until something else is closed

    explicit change(gateway& g) : of(g) {}

    ~change() { drop(fresh_listeners), drop(fresh_sinks); } // what never ran
    change(const change&) = delete;
    change& operator=(const change&) = delete;

    void prepare(const settings& wanted);
    void apply(const std::function<bool()>& hurry);

private:
    bool leaves(const running_sink& sink) const { return !kept.contains(&sink); }
    bool leaves(const running_listener& listener) const;
    sink_list::iterator heir_of(const running_sink& gone);
    void make(const settings& wanted);
    void open_what_can_be();
    void part();
    void run_fresh();
    bool ready(running_listener& listener);
    bool ready(running_sink& sink);
    void drop_ended();
    void give_up();
    void drop(listener_list& never_ran);
    void drop(sink_list& never_ran);
};

} // namespace weir
