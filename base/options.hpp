// How a component declares its options: a struct with defaults, and one function that names and
// describes every member. Flags, --help, --check and the errors all come from that one place.
//
//     struct udp_options {
//         address listen;
//         byte_size rcvbuf = 4_MiB;
//     };
//     inline void declare(option_set& set, udp_options& o) {
//         set.what("ADDR", o.listen);
//         set.add("rcvbuf", o.rcvbuf, "SIZE", "receive buffer to ask the kernel for");
//     }
//
// As text: what comes first, then name=value after commas: ":9000,rcvbuf=64MiB,allow=::1".
// A switch may stand alone ("gzip" is "gzip=on"), a list takes its name several times or further
// values after commas ("allow=::1,10.0.0.0/8"), and a comma inside a value is written "\,".
// Options whose order among each other matters go, by name, into one list: add_ordered. A bare word
// behind a list that is the name of a switch is refused where it could mean both.
// Everything here throws usage_error.
#pragma once

#include "base/address.hpp"
#include "base/cidr.hpp"
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/units.hpp"

#include <concepts>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

// A value that no log, --check or error message may show.
struct secret {
    std::string value;
    bool empty() const { return value.empty(); }
};

// One pair of these a type. A component's own types bring theirs, beside the type; an enumeration
// brings `choices(E)`, its names and values, instead.
inline void from_text(std::string_view text, std::string& to) { to = text; }
inline void from_text(std::string_view text, secret& to) {
    if (text.empty()) // as of a variable that is not set: it would leave the door open
        throw usage_error("must not be empty");
    to.value = text;
}
inline void from_text(std::string_view text, bool& to) { to = parse_switch(text); }
inline void from_text(std::string_view text, byte_size& to) { to = parse_size(text); }
inline void from_text(std::string_view text, duration& to) { to = parse_duration(text); }
inline void from_text(std::string_view text, address& to) { to = parse_address(text); }
inline void from_text(std::string_view text, cidr& to) { to = parse_cidr(text); }
inline std::string to_text(const std::string& value) { return value; }
inline std::string to_text(const secret& value) { return value.empty() ? "" : "***"; }
inline std::string to_text(bool value) { return value ? "on" : "off"; }
inline std::string to_text(byte_size value) { return to_string(value); }
inline std::string to_text(duration value) { return to_string(value); }
inline std::string to_text(const address& value) { return to_string(value); }
inline std::string to_text(const cidr& value) { return to_string(value); }

template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
void from_text(std::string_view text, T& to) {
    const std::uint64_t number = parse_number(text);
    if (number > std::numeric_limits<T>::max())
        throw usage_error("'" + std::string(text) + "' is too large");
    to = static_cast<T>(number);
}
template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
std::string to_text(T value) { return std::to_string(value); }

template <class E>
    requires(std::is_enum_v<E>)
void from_text(std::string_view text, E& to) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices(E())) {
        if (name == text) {
            to = value;
            return;
        }
        names.push_back(name);
    }
    std::string known;
    for (std::string_view name : names)
        known += (known.empty() ? "" : ", ") + std::string(name);
    throw usage_error("'" + std::string(text) + "' is none of " + known +
                      did_you_mean(text, names));
}
template <class E>
    requires(std::is_enum_v<E>)
std::string to_text(E value) {
    for (const auto& [name, candidate] : choices(E()))
        if (candidate == value)
            return std::string(name);
    return {};
}

struct option {
    std::string_view name; // "" for what comes first
    std::string_view metavar;
    std::string_view help;
    bool is_switch = false;
    bool is_list = false;
    std::function<void(std::string_view)> set;
    std::function<std::vector<std::string>()> show; // one text a value; none where it is empty
    bool ordered = false;                           // shown behind all others, as it was given
};

// One of several options that were given in an order that matters.
struct ordered_option {
    std::string name;
    std::string text;
    bool operator==(const ordered_option&) const = default;
};

// The declared options of one object, bound to its members: it must not outlive the object.
class option_set {
public:
    template <class T>
    void what(std::string_view metavar, T& member) {
        add("", member, metavar, "");
    }

    template <class T>
    void add(std::string_view name, T& member, std::string_view metavar, std::string_view help) {
        option declared{name, metavar, help, std::same_as<T, bool>, false, {}, {}};
        declared.set = [&member](std::string_view text) { from_text(text, member); };
        declared.show = [&member] { return non_empty(to_text(member)); };
        options_.push_back(std::move(declared));
    }

    template <class T>
    void add(std::string_view name, std::vector<T>& member, std::string_view metavar,
             std::string_view help) {
        option declared{name, metavar, help, false, true, {}, {}};
        declared.set = [&member](std::string_view text) {
            T value;
            from_text(text, value);
            member.push_back(std::move(value));
        };
        declared.show = [&member] {
            std::vector<std::string> texts;
            for (const T& value : member)
                texts.push_back(to_text(value));
            return texts;
        };
        options_.push_back(std::move(declared));
    }

    // Appends its name and its text to the list, which it shares with others of this kind; a switch
    // is there or is not. `check` throws usage_error where the text is wrong.
    void add_ordered(std::string_view name, std::vector<ordered_option>& list,
                     std::string_view metavar, std::string_view help, bool is_switch, bool is_list,
                     std::function<void(std::string_view)> check);

    // The same list as texts "NAME=TEXT", for a place where a name can't come again. After those.
    void add_sequence(std::string_view name, std::vector<ordered_option>& list,
                      std::string_view metavar, std::string_view help);

    void parse(std::string_view text);
    std::string show() const; // what parse takes, every value in it, secrets hidden
    const std::vector<option>& options() const { return options_; }

private:
    static std::vector<std::string> non_empty(std::string text) {
        return text.empty() ? std::vector<std::string>()
                            : std::vector<std::string>{std::move(text)};
    }
    static void set(const option& declared, std::string_view value);
    const option& find(std::string_view name) const;
    const option& find_bare(const option* list, const std::string& word) const;

    std::vector<option> options_;
    const std::vector<ordered_option>* ordered_ = nullptr;
};

// The options of one flag's text.
template <class Options>
Options parse_options(std::string_view text) {
    Options parsed;
    option_set set;
    declare(set, parsed);
    set.parse(text);
    return parsed;
}

template <class Options>
std::string show_options(const Options& options) {
    Options copy = options;
    option_set set;
    declare(set, copy);
    return set.show();
}

} // namespace weir
