// The steps of one sink, in order: what its reader (queues/async_reader.hpp) does with each batch
// before the sink sees it. Made by whoever makes the sink, used on the reader's thread alone; only
// become() is called on another.
//
// A batch of which nothing is left out or edited is handed on as it is. Else a new one is made,
// with the same time, source and topics: an event keeps the topic that it came with, whatever steps
// do to its text.
#pragma once

#include "base/books.hpp"
#include "base/options.hpp"
#include "queues/steps/step.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// One kind of step, as an option.
struct step_kind {
    std::string_view name;
    std::string_view metavar;
    std::string_view help;
    bool is_switch = false;
    bool is_list = false;
};
std::span<const step_kind> step_kinds();

// Declares them all; what is given goes into the list in its order. Wrong texts are usage errors.
void declare_steps(option_set& set, std::vector<ordered_option>& list);

class pipeline {
public:
    // `listeners` are the names of the sources by number, filled before the first event; null: they
    // have none. It outlives this, and so does `passed_by`, which counts events that are no JSON
    // object and met a step that edits those.
    explicit pipeline(const std::vector<std::string>* listeners = nullptr,
                      counter* passed_by = nullptr)
        : listeners_(listeners), passed_by_(passed_by) {}

    // Appends these. Texts of the same list that stand side by side are one step, and so are all
    // topics, where the first of them stands.
    void add(std::span<const ordered_option> list);

    // From the next batch on these steps are the other's.
    void become(std::unique_ptr<pipeline> other);

    // `first` is the number of the batch's first event. Null: nothing is left of it.
    batch_ptr apply(const batch_ptr& from, std::uint64_t first);

private:
    void append(std::unique_ptr<step> next);
    bool pass(passing_event& each);
    void take_next();

    std::vector<std::unique_ptr<step>> steps_;
    bool asks_topics_ = false;
    bool keeps_types_ = true;
    passing_event event_;
    const std::vector<std::string>* listeners_;
    counter* passed_by_;

    std::atomic<bool> has_next_{false};
    std::mutex mutex_; // of next_
    std::unique_ptr<pipeline> next_;
};

} // namespace weir
