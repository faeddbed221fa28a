#include "sinks/rotation.hpp"

#include "sinks/archive.hpp"
#include "sinks/output_file.hpp"
#include "test/sinks/scratch.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr wall_time noon = std::chrono::sys_days(std::chrono::November / 20 / 2026) + 12h;

std::vector<std::string> names(const std::vector<rotated_file>& files) {
    std::vector<std::string> out;
    for (const rotated_file& file : files)
        out.push_back(std::filesystem::path(file.path).filename().string());
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rotation)

BOOST_AUTO_TEST_CASE(the_stamp_stands_before_the_extension) {
    BOOST_TEST(name_with_stamp("log/events.ndjson", noon + 123ms) ==
               "log/events.20261120T120000.123Z.ndjson");
    BOOST_TEST(name_with_stamp("events", noon) == "events.20261120T120000.000Z");
    BOOST_TEST(name_with_stamp("/a.b/.hidden", noon) == "/a.b/.hidden.20261120T120000.000Z");
}

BOOST_AUTO_TEST_CASE(a_name_is_read_back_and_nothing_else_is) {
    const auto read = [](const char* name) { return as_rotated("events.ndjson", name); };
    BOOST_TEST((read("events.20261120T120000.123Z.ndjson")->stamp == noon + 123ms));
    BOOST_TEST(!read("events.20261120T120000.123Z.ndjson")->compressed);
    BOOST_TEST(read("events.20261120T120000.123Z.ndjson.gz")->compressed);
    BOOST_TEST(read("x/events.20261120T120000.123Z.ndjson.zst")->compressed);
    BOOST_TEST(read("events.20261120T120000.123Z.ndjson.gz.unfinished")->unfinished);
    for (const char* other :
         {"events.ndjson", "events.20261120T120000.123Z", "events.20261320T120000.123Z.ndjson",
          "events.20261120T120000.123Z.ndjson.bak", "events.20261120T250000.123Z.ndjson",
          "events.20261120T120000.123Z.ndjson.unfinished", "other.20261120T120000.123Z.ndjson",
          "events.2026112 T120000.123Z.ndjson", "events.-0261120T120000.12Z.ndjson"})
        BOOST_TEST(!read(other), other);
}

BOOST_AUTO_TEST_CASE(a_file_that_ends_in_gz_is_not_taken_for_compressed) {
    BOOST_TEST(!as_rotated("a.gz", "a.20261120T120000.000Z.gz")->compressed);
    BOOST_TEST(as_rotated("a.gz", "a.20261120T120000.000Z.gz.gz")->compressed);
}

BOOST_AUTO_TEST_CASE(names_sort_even_within_a_millisecond_and_when_the_clock_goes_back) {
    const std::vector<rotated_file> existing{{"events.20261120T120000.000Z.ndjson", noon}};
    BOOST_TEST(rotated_name("events.ndjson", noon, existing) ==
               "events.20261120T120000.001Z.ndjson");
    BOOST_TEST(rotated_name("events.ndjson", noon - 1h, existing) ==
               "events.20261120T120000.001Z.ndjson");
    BOOST_TEST(rotated_name("events.ndjson", noon + 1s, existing) ==
               "events.20261120T120001.000Z.ndjson");
    BOOST_TEST(rotated_name("events.ndjson", noon, {}) == "events.20261120T120000.000Z.ndjson");
}

BOOST_AUTO_TEST_CASE(by_size_it_is_due_before_the_size_is_passed) {
    const rotation_rule rule{1000, 0ms};
    BOOST_TEST(rule.room(900) == 100u);
    BOOST_TEST(rule.room(1100) == 0u);
    BOOST_TEST(!rule.due(900, noon, noon + 24h));
    BOOST_TEST(!rule.next(noon).has_value());
}

BOOST_AUTO_TEST_CASE(by_time_it_is_due_at_full_multiples) {
    const rotation_rule rule{0, 1h};
    const wall_time began = noon + 50min;
    BOOST_TEST((rule.next(began) == noon + 1h));
    BOOST_TEST((rule.next(noon) == noon + 1h));
    BOOST_TEST(!rule.due(1, began, noon + 1h - 1ms));
    BOOST_TEST(rule.due(1, began, noon + 1h));
    BOOST_TEST(rule.due(1, began - 24h, began));  // of a run before
    BOOST_TEST(!rule.due(1, began, began - 2h));  // the clock was set back
    BOOST_TEST(!rule.due(0, began - 24h, began)); // an empty file is never rotated
    BOOST_TEST((rotation_rule{0, 24h}.next(began) == noon + 12h));
}

BOOST_AUTO_TEST_CASE(the_newest_are_kept) {
    const std::vector<rotated_file> files{{"a", noon}, {"b", noon + 1s}, {"c", noon + 2s}};
    BOOST_TEST(names(beyond(2, files)) == std::vector<std::string>{"a"});
    BOOST_TEST(beyond(3, files).empty());
    BOOST_TEST(beyond(0, files).empty());
}

BOOST_AUTO_TEST_CASE(tidying_compresses_prunes_and_finishes_what_a_killed_run_left) {
    const scratch folder;
    const std::string path = folder / "events.ndjson";
    const std::atomic<bool> go{false};
    spill(path, "now\n");
    spill(folder / "events.20261120T120000.000Z.ndjson", "first\n");
    spill(folder / "events.20261120T120001.000Z.ndjson", "second\n");
    spill(folder / "events.20261120T120002.000Z.ndjson", "third\n");
    spill(folder / "events.20261120T120001.000Z.ndjson.gz.unfinished", "half");
    spill(folder / "events.other.ndjson", "stays\n");

    tidy_rotated(path, 2, compression::gzip, go);
    BOOST_TEST(folder.names() == (std::vector<std::string>{"events.20261120T120001.000Z.ndjson.gz",
                                                           "events.20261120T120002.000Z.ndjson.gz",
                                                           "events.ndjson", "events.other.ndjson"}),
               boost::test_tools::per_element());
    BOOST_TEST(gunzip(slurp(folder / "events.20261120T120001.000Z.ndjson.gz")) == "second\n");
    BOOST_TEST(slurp(path) == "now\n");

    tidy_rotated(path, 2, compression::gzip, go); // again: nothing changes
    BOOST_TEST(gunzip(slurp(folder / "events.20261120T120002.000Z.ndjson.gz")) == "third\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_written_to_is_not_compressed) {
    const scratch folder;
    const std::string path = folder / "a.20261120T120000.000Z";
    const std::atomic<bool> go{false};
    {
        const output_file writer(path, {}, framing::newline);
        BOOST_TEST(!compress_file(path, compression::gzip, go));
        BOOST_TEST(std::filesystem::exists(path));
    }
    BOOST_TEST(compress_file(path, compression::gzip, go));
}

BOOST_AUTO_TEST_CASE(compressing_that_is_stopped_leaves_the_file) {
    const scratch folder;
    const std::string path = folder / "a.20261120T120000.000Z";
    const std::atomic<bool> stop{true};
    spill(path, "text");
    BOOST_TEST(!compress_file(path, compression::zstd, stop));
    BOOST_TEST(folder.names() == std::vector<std::string>{"a.20261120T120000.000Z"});
    BOOST_TEST(slurp(path) == "text");
}

BOOST_AUTO_TEST_CASE(compressed_content_and_permissions_are_the_file_s) {
    const scratch folder;
    std::string content;
    for (int i = 0; i < 100'000; ++i)
        content += std::to_string(i * 7919) + "\n";
    const std::atomic<bool> go{false};
    for (const compression kind : {compression::gzip, compression::zstd}) {
        const std::string path = folder / "a";
        spill(path, content);
        std::filesystem::permissions(path, std::filesystem::perms(0640));
        BOOST_TEST(compress_file(path, kind, go));
        const std::string packed = path + std::string(suffix(kind));
        BOOST_TEST(!std::filesystem::exists(path));
        BOOST_TEST((std::filesystem::status(packed).permissions() == std::filesystem::perms(0640)));
        const std::string bytes = slurp(packed);
        BOOST_TEST(bytes.size() < content.size());
        BOOST_TEST((kind == compression::gzip ? gunzip(bytes) : unzstd(bytes)) == content);
    }
}

BOOST_AUTO_TEST_SUITE_END()
