// How a running gateway becomes another: what is new is made and opened first, so that what can't
// be is refused with nothing changed; then it runs, and what is to go drains beside it.
//
// Made for one reload, on the main thread, and gone with it.
#pragma once

#include "base/option_text.hpp"
#include "gateway/gateway.hpp"
#include "queues/steps/pipeline.hpp"

#include <unordered_map>
#include <unordered_set>

namespace weir {

// Where a component is: an address, a path, a URL.
template <class Running>
std::string place_of(const Running& running) {
    return split_values(running.shown).front();
}

// Whether what is at one place may have to be closed before the other can be opened.
bool collide(const std::string& one, const std::string& other);

// Whether no two may listen at both, both of UDP or both not.
bool exclude(const std::string& one, const std::string& other);

struct gateway::change {
    gateway& of;
    sink_list leaving_sinks;
    listener_list leaving_listeners;
    sink_list fresh_sinks; // what is new and not running yet
    listener_list fresh_listeners;
    std::unordered_set<const void*> kept;
    std::unordered_set<const void*> waiting; // of what is new: until something else is closed
    std::unordered_set<const void*> missing; // of what never ran, and has lost something by that
    std::unordered_map<const void*, std::string> why_not;           // what waits can't be opened
    std::unordered_map<const running_sink*, running_sink*> heir_of; // waits until the other ended
    step_list common_steps;
    std::vector<std::pair<pipeline*, std::unique_ptr<pipeline>>> new_steps; // of what is kept
    std::vector<listener*> sharing;              // their ports, of what stays or is new
    std::vector<const running_listener*> beside; // those that are in the place of others

    explicit change(gateway& g) : of(g) {}

    ~change();
    change(const change&) = delete;
    change& operator=(const change&) = delete;

    void prepare(const settings& wanted);
    bool apply(const std::function<bool()>& hurry); // whether all that is new runs

private:
    bool leaves(const running_sink& sink) const { return !kept.contains(&sink); }
    bool leaves(const running_listener& listener) const;
    void make(const settings& wanted);
    void open_what_can_be();
    void open_beside_what_goes(running_listener& fresh);
    bool take_over(running_listener& fresh);
    std::vector<listener*> in_the_way_of(const running_listener& fresh) const;
    void refuse_twice(const running_listener& fresh) const;
    std::string address_of(const running_listener& listener) const;
    void part();
    void end_leaving_sinks();
    void run_fresh();
    bool opens(const void* which, const std::function<void()>& open);
    bool ready(running_listener& listener);
    bool ready(running_sink& sink);
    void drop_ended();
    void count_missing();
    bool give_up(); // whether all that is new runs
    void drop(listener_list& never_ran);
    void drop(sink_list& never_ran);
};

} // namespace weir
