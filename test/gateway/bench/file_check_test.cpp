#include "gateway/bench/file_check.hpp"

#include "gateway/bench/message.hpp"
#include "test/sinks/scratch.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::bench;

namespace {

constexpr std::size_t size = 100;

std::string line(unsigned from, std::uint64_t number) {
    return make_message(message_layout(size), {from, number, 1}) + "\n";
}

std::string lines(unsigned from, std::uint64_t count) {
    std::string all;
    for (std::uint64_t n = 0; n < count; ++n)
        all += line(from, n);
    return all;
}

struct fixture {
    scratch folder;
    const std::string path = folder / "events";

    bench::file_check open() const {
        send_options o;
        o.verify = path;
        o.size.bytes = size;
        return bench::file_check(o, std::chrono::milliseconds(0));
    }
    // What it makes of a file that was written since.
    sequence_verdict look(const std::string& content, const std::vector<sent_from>& sent) const {
        bench::file_check check = open();
        spill(path, content);
        return check.look_for(sent);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_check, fixture)

BOOST_AUTO_TEST_CASE(all_there) {
    const sequence_verdict v =
        look(lines(0, 30'000) + lines(2, 5), {{0, 30'000, 0}, {2, 5, 0}, {1, 0, 0}});
    BOOST_TEST(v.expected == 30'005u);
    BOOST_TEST(v.found == 30'005u);
    BOOST_TEST(v.missing == 0u);
    BOOST_TEST(v.duplicates == 0u);
    BOOST_TEST(v.out_of_order == 0u);
}

BOOST_AUTO_TEST_CASE(missing_twice_and_out_of_order) {
    const sequence_verdict v = look(line(0, 0) + line(0, 2) + line(0, 1) + line(0, 1) + line(1, 1),
                                    {{0, 4, 0}, {1, 2, 0}});
    BOOST_TEST(v.expected == 6u);
    BOOST_TEST(v.missing == 2u);
    BOOST_TEST(v.duplicates == 1u);
    BOOST_TEST(v.out_of_order == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_not_missing) {
    BOOST_TEST(look(line(0, 0) + line(0, 3), {{0, 4, 2}}).missing == 0u);
}

BOOST_AUTO_TEST_CASE(lines_that_are_not_ours_are_passed_over) {
    const std::string whole = line(0, 1);
    const std::string torn = whole.substr(0, 70) + "\n";
    const std::string merged = whole.substr(0, 99) + whole;
    const std::string content = line(0, 0) + "\n" + torn + merged + std::string(3'000'000, 'y') +
                                "\n" + line(9, 0) + line(0, 7) + whole.substr(0, 100);
    const sequence_verdict v = look(content, {{0, 3, 0}});
    BOOST_TEST(v.found == 1u);
    BOOST_TEST(v.missing == 2u);
    BOOST_TEST(v.duplicates == 0u);
}

BOOST_AUTO_TEST_CASE(what_stood_there_before_is_passed_over) {
    spill(path, lines(0, 5));
    bench::file_check check = open();
    spill(path, lines(0, 5) + line(0, 0));
    const sequence_verdict v = check.look_for({{0, 5, 0}});
    BOOST_TEST(v.found == 1u);
    BOOST_TEST(v.duplicates == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_that_never_comes_holds_nothing) {
    bench::file_check check = open();
    BOOST_TEST(check.look_for({{0, 5, 0}}).missing == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
