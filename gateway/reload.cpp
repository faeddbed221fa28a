#include "gateway/change.hpp"
#include "gateway/heirs.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <future>
#include <spdlog/spdlog.h>
#include <thread>

namespace weir {

namespace {

constexpr auto a_moment = std::chrono::milliseconds(5); // between two looks at what drains
constexpr auto grace = std::chrono::seconds(2);         // for what was told to stop now

// Handlers that run now may still touch what has just ended; after this none does.
void settle(const io_executors& pool) {
    for (const io_executor& each : pool.all()) {
        const auto done = std::make_shared<std::promise<void>>();
        boost::asio::post(each, [done] { done->set_value(); });
        done->get_future().wait_for(grace);
    }
}

template <class List, class Predicate>
void move_if(List& from, List& to, Predicate leaves) {
    for (auto each = from.begin(); each != from.end();) {
        const auto here = each++;
        if (leaves(*here))
            to.splice(to.end(), from, here);
    }
}

} // namespace

void gateway::change::end_leaving_sinks() {
    const auto places = [](const sink_list& sinks) {
        std::vector<sink_place> all;
        for (const running_sink& each : sinks)
            all.push_back({each.flag, split_values(each.from.identity).front(), place_of(each)});
        return all;
    };
    const std::vector<std::size_t> found = heirs(places(leaving_sinks), places(fresh_sinks));
    auto heir = found.begin();
    for (running_sink& gone : leaving_sinks) {
        if (*heir == no_heir) {
            gone.reader->end();
        } else {
            running_sink& next = *std::next(fresh_sinks.begin(), static_cast<long>(*heir));
            gone.reader->end(*next.source);
            heir_of[&gone] = &next;
        }
        ++heir;
    }
}

// From here on there is no way back.
void gateway::change::part() {
    move_if(of.listeners_, leaving_listeners,
            [&](const running_listener& each) { return leaves(each); });
    move_if(of.sinks_, leaving_sinks, [&](const running_sink& each) { return leaves(each); });
    if (of.steps_ != common_steps)
        spdlog::info("reload: the steps for all sinks are changed");
    of.steps_ = std::move(common_steps);
    for (auto& [running, next] : new_steps)
        running->become(std::move(next));
    for (const running_listener& gone : leaving_listeners)
        std::erase(sharing, gone.runs.get()); // to the end
    end_leaving_sinks();
    for (running_listener& gone : leaving_listeners) {
        spdlog::info("reload: stopping   {:<9}  {}", gone.flag, gone.runs->bound());
        gone.runs->stop();
    }
    for (const running_sink& gone : leaving_sinks)
        spdlog::info("reload: ending     {:<9}  {}", gone.flag, gone.books->target);
}

bool gateway::change::opens(const void* which, const std::function<void()>& open) {
    try {
        open();
        return true;
    } catch (const std::exception& wrong) { // whatever it is: what drains has to be waited for
        why_not[which] = wrong.what();
        return false;
    }
}

// False: not yet.
bool gateway::change::ready(running_listener& listener) {
    const auto is_its = [&](const running_sink& sink) { return sink.books == listener.port_of; };
    if (std::ranges::any_of(fresh_sinks, is_its))
        return false; // a port without its sink has nothing to serve
    const auto open = [&] {
        of.open(listener);
        listener.runs->listen();
    };
    if (waiting.contains(&listener) && !opens(&listener, open))
        return false;
    of.show(listener);
    listener.runs->start();
    spdlog::info("reload: {:<9}  {:<9}  {}", listener.flag == "scrape" ? "scraping" : "listening",
                 listener.flag, listener.runs->bound());
    return true;
}

bool gateway::change::ready(running_sink& sink) {
    if (waiting.contains(&sink) &&
        std::ranges::any_of(leaving_sinks, [&](const running_sink& gone) {
            return collide(place_of(gone), place_of(sink));
        }))
        return false;
    if (waiting.contains(&sink) && !opens(&sink, [&] { sink.runs->open(); }))
        return false;
    of.name_by_port(sink, fresh_listeners);
    of.metrics_.show(*sink.books);
    sink.runs->start();
    spdlog::info("reload: writing    {:<9}  {}", sink.flag, sink.books->target);
    return true;
}

void gateway::change::run_fresh() {
    move_if(fresh_sinks, of.sinks_, [&](running_sink& each) { return ready(each); });
    move_if(fresh_listeners, of.listeners_, [&](running_listener& each) { return ready(each); });
}

void gateway::change::drop_ended() {
    const auto ended = [](const auto& part) { return part.runs->tasks().running() == 0; };
    listener_list listeners;
    sink_list sinks;
    move_if(leaving_listeners, listeners, ended);
    move_if(leaving_sinks, sinks, ended);
    if (listeners.empty() && sinks.empty())
        return;
    settle(of.pool_);
    for (const running_sink& gone : sinks) {
        if (const auto heir = heir_of.find(&gone); heir != heir_of.end())
            heir->second->reader->skip(gone.reader->beyond_end());
        of.count_what_is_left(gone);
        of.metrics_.end(*gone.books);
    }
}

// Whoever took over from another has missed all since then.
void gateway::change::count_missing() {
    for (const running_sink& each : fresh_sinks) {
        of.count_what_is_left(each);
        if (each.books->lost_messages.total() == 0)
            continue;
        of.metrics_.show(*each.books);
        of.metrics_.end(*each.books);
        missing.insert(&each);
    }
}

// What is still there hangs, and what still waits can't be had.
bool gateway::change::give_up() {
    of.hanging_listeners_.splice(of.hanging_listeners_.end(), leaving_listeners);
    of.hanging_sinks_.splice(of.hanging_sinks_.end(), leaving_sinks);
    const auto complain = [&](const auto& missing) {
        for (const auto& each : missing) {
            const std::string& why = why_not[&each];
            spdlog::error("reload: {} {} does not run: {}; it is tried again", each.flag,
                          place_of(each), why.empty() ? "what was there has not ended" : why);
        }
    };
    complain(fresh_listeners);
    complain(fresh_sinks);
    count_missing();
    return fresh_listeners.empty() && fresh_sinks.empty();
}

bool gateway::change::apply(const std::function<bool()>& hurry) {
    part();
    auto until = clock::now() + of.run_.drain_timeout;
    bool told = false;
    for (;;) {
        run_fresh();
        drop_ended();
        const bool done = leaving_sinks.empty() && leaving_listeners.empty();
        if (done)
            run_fresh();
        if (done && fresh_sinks.empty() && fresh_listeners.empty())
            break;
        if (!told && (clock::now() >= until || hurry())) {
            for (const running_listener& each : leaving_listeners)
                each.runs->stop_now();
            for (const running_sink& each : leaving_sinks)
                each.runs->stop_now();
            told = true;
            until = clock::now() + grace;
        } else if (told && clock::now() >= until) {
            break;
        }
        std::this_thread::sleep_for(a_moment);
    }
    return give_up();
}

void gateway::take_over(const run_options& wanted) {
    run_options before = run_;
    run_options after = wanted;
    option_set before_set;
    option_set after_set;
    declare(before_set, before);
    declare(after_set, after);
    for (std::size_t i = 0; i < before_set.options().size(); ++i) {
        const option& one = after_set.options()[i];
        if (one.show() == before_set.options()[i].show())
            continue;
        const bool now = one.name == "drain-timeout" || one.name == "log-level";
        spdlog::warn("reload: {} is changed{}", one.name,
                     now ? "" : ", which takes a new start of weir");
    }
    run_.drain_timeout = wanted.drain_timeout;
    if (run_.levels != wanted.levels) // what was set meanwhile over HTTP stays else
        set_log_levels(wanted.levels);
    run_.levels = wanted.levels;
}

bool gateway::reload(const settings& wanted, const std::function<bool()>& hurry) {
    change next(*this);
    next.prepare(wanted);
    take_over(wanted.run);
    return next.apply(hurry);
}

} // namespace weir
