#include "sinks/file.hpp"

#include "queues/steps/pipeline.hpp"
#include "test/listeners/span_list.hpp"
#include "test/sinks/scratch.hpp"
#include "test/sinks/sink_rig.hpp"
#include "wire/record.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace weir;

namespace {

using rig = sink_rig<file_sink, file_options>;

std::vector<std::string> numbers(std::size_t from, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = from; i < from + count; ++i)
        out.push_back("message " + std::to_string(i));
    return out;
}

std::string lines(std::size_t count) {
    std::string out;
    for (const std::string& each : numbers(0, count))
        out += each + "\n";
    return out;
}

// No file of this process may grow beyond this, as on a full disk.
class disk_limit {
public:
    explicit disk_limit(rlim_t bytes) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    disk_limit(const disk_limit&) = delete;
    disk_limit& operator=(const disk_limit&) = delete;
    ~disk_limit() { lift(); }
    void lift() { setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

bool has_size(const std::string& path, std::uintmax_t size) {
    std::error_code ignored;
    return std::filesystem::file_size(path, ignored) == size;
}

} // namespace

BOOST_AUTO_TEST_SUITE(file)

BOOST_AUTO_TEST_CASE(every_message_is_one_line_in_order) {
    const scratch folder;
    rig sink(parse_options<file_options>(folder / "f"));
    std::vector<std::string> all;
    for (std::size_t i = 0; i < 10'000; ++i) {
        const std::string message =
            i % 100 == 7 ? "two\nlines " + std::to_string(i) : std::to_string(i);
        sink.publish({message, "and"});
        all.push_back(message);
        all.emplace_back("and");
    }
    sink.drain();
    std::vector<std::string> read;
    std::ifstream file(folder / "f");
    for (std::string line; std::getline(file, line);)
        read.push_back(unescape_record(line).value_or(line));
    BOOST_TEST((read == all));
    BOOST_TEST(sink.delivered() == 20'000u);
    BOOST_TEST(sink.target() == folder / "f");
}

BOOST_AUTO_TEST_CASE(steps_come_before_it) {
    const scratch folder;
    const auto steps = std::make_shared<pipeline>();
    steps->add(std::vector<ordered_option>{{"filter", "n!=3"}, {"add", "m=x"}, {"drop", "n"}});
    rig sink(parse_options<file_options>(folder / "f"), {}, steps);
    sink.publish({R"({"n":1,"a":1.0})", R"({"n":3})"});
    sink.publish({R"({"n":3})"});
    sink.publish({"text", "two\nlines"});
    sink.drain();
    BOOST_TEST(slurp(folder / "f") ==
               "{\"a\":1.0,\"m\":\"x\"}\ntext\n{\"weir\":\"escaped\",\"data\":\"two\\nlines\"}\n");
    BOOST_TEST(sink.delivered() == 3u);
    BOOST_TEST(sink.filtered() == 2u);
}

BOOST_AUTO_TEST_CASE(counted_framings_hold_the_bytes_themselves) {
    const scratch folder;
    for (const std::string kind : {"length", "octet-counting"}) {
        rig sink(parse_options<file_options>(folder / kind + ",framing=" + kind));
        std::string expected;
        const auto wire = kind == "length" ? framing::length : framing::octet_counting;
        for (const char* message : {"a\nb", "", "c"}) {
            sink.publish({message});
            append_framed(expected, wire, message);
        }
        sink.drain();
        BOOST_TEST((slurp(folder / kind) == expected));
    }
}

BOOST_AUTO_TEST_CASE(a_restart_appends_behind_a_closed_half_line) {
    const scratch folder;
    spill(folder / "f", "old\nhal");
    rig sink(parse_options<file_options>(folder / "f"));
    sink.publish({"new"});
    sink.drain();
    BOOST_TEST(slurp(folder / "f") == "old\nhal\nnew\n");
}

BOOST_AUTO_TEST_CASE(rotation_by_size_splits_no_record_and_loses_none) {
    const scratch folder;
    {
        rig sink(parse_options<file_options>(folder / "f.log,rotate=4KiB"));
        for (std::size_t i = 0; i < 5000; i += 10)
            sink.publish(numbers(i, 10));
        sink.drain();
    }
    std::string all;
    BOOST_TEST(folder.names().size() > 10u);
    for (const std::string& name : folder.names()) { // in the order of their names
        const std::string content = slurp(folder / name);
        BOOST_TEST(content.size() <= 4096u);
        BOOST_TEST(content.ends_with('\n'));
        all += content;
    }
    BOOST_TEST((all == lines(5000)));
}

BOOST_AUTO_TEST_CASE(rotation_by_time_goes_on_while_nothing_comes) {
    const scratch folder;
    rig sink(parse_options<file_options>(folder / "f.log,rotate-every=20ms"));
    std::size_t sent = 0;
    const auto files = [&] { return list_rotated(folder / "f.log").size(); };
    for (std::size_t wanted = 1; wanted <= 3; ++wanted) {
        sink.publish(numbers(sent++, 1));
        BOOST_TEST(eventually([&] { return files() >= wanted; }));
    }
    sink.drain();
    std::string all;
    for (const std::string& name : folder.names())
        all += slurp(folder / name);
    BOOST_TEST(all == lines(sent));
}

BOOST_AUTO_TEST_CASE(rotated_files_are_compressed_and_the_oldest_go) {
    const scratch folder;
    rig sink(parse_options<file_options>(folder / "f.log,rotate=1KiB,keep=3,compress=gzip"));
    for (std::size_t i = 0; i < 1000; i += 10)
        sink.publish(numbers(i, 10));
    sink.drain();
    const auto tidy = [&] {
        const auto files = list_rotated(folder / "f.log");
        return files.size() == 3 && std::ranges::all_of(files, &rotated_file::compressed);
    };
    BOOST_TEST(eventually(tidy));
    std::string newest;
    for (const rotated_file& file : list_rotated(folder / "f.log"))
        newest += gunzip(slurp(file.path));
    newest += slurp(folder / "f.log");
    BOOST_TEST(lines(1000).ends_with(newest));
    BOOST_TEST(newest.size() > 3 * 900u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_waited_out_and_no_record_is_torn) {
    const scratch folder;
    rig sink(parse_options<file_options>(folder / "f"));
    disk_limit full(10'001); // within a record
    for (std::size_t i = 0; i < 5000; i += 50)
        sink.publish(numbers(i, 50));
    BOOST_TEST(eventually([&] { return has_size(folder / "f", 10'001); }));
    BOOST_TEST(sink.delivered() < 5000u);
    full.lift();
    sink.drain();
    BOOST_TEST((slurp(folder / "f") == lines(5000)));
    BOOST_TEST(sink.delivered() == 5000u);
}

BOOST_AUTO_TEST_CASE(stopped_on_a_full_disk_the_books_are_exact_and_the_last_record_whole) {
    const scratch folder;
    for (const std::string kind : {"newline", "length", "octet-counting"}) {
        const std::string path = folder / kind;
        rig sink(parse_options<file_options>(path + ",framing=" + kind));
        const disk_limit full(10'001);
        for (std::size_t i = 0; i < 5000; i += 50)
            sink.publish(numbers(i, 50));
        BOOST_TEST(eventually([&] { return has_size(path, 10'001); }));
        sink.stop_now();
        std::string whole;
        framing wire = framing::newline;
        from_text(kind, wire);
        for (const std::string& message : numbers(0, sink.delivered()))
            append_framed(whole, wire, message);
        BOOST_TEST((slurp(path) == whole));
        BOOST_TEST(sink.delivered() > 0u);
        BOOST_TEST(sink.delivered() + sink.lost(loss::shutdown) + sink.pending() == 5000u);
    }
}

BOOST_AUTO_TEST_CASE(a_file_moved_away_is_reopened) {
    const scratch folder;
    rig sink(parse_options<file_options>(folder / "f"));
    sink.publish(numbers(0, 10));
    BOOST_TEST(eventually([&] { return sink.delivered() == 10; }));
    std::filesystem::rename(folder / "f", folder / "f.1");
    sink.publish(numbers(10, 10));
    BOOST_TEST(eventually([&] { return sink.delivered() == 20; }));
    BOOST_TEST(!std::filesystem::exists(folder / "f"));
    sink->reopen();
    BOOST_TEST(eventually([&] { return std::filesystem::exists(folder / "f"); }));
    sink->reopen(); // nothing was moved: nothing happens
    sink.publish(numbers(20, 10));
    sink.drain();
    BOOST_TEST(slurp(folder / "f.1") == lines(20));
    BOOST_TEST(slurp(folder / "f.1") + slurp(folder / "f") == lines(30));
}

BOOST_AUTO_TEST_CASE(reopening_frees_a_write_that_is_stuck) {
    const scratch folder;
    rig sink(parse_options<file_options>(folder / "f"));
    disk_limit full(10'001);
    for (std::size_t i = 0; i < 1000; i += 50)
        sink.publish(numbers(i, 50));
    BOOST_TEST(eventually([&] { return has_size(folder / "f", 10'001); }));
    std::filesystem::rename(folder / "f", folder / "f.1");
    sink->reopen();
    BOOST_TEST(eventually([&] { return sink.delivered() == 1000; }));
    sink.drain();
    BOOST_TEST(slurp(folder / "f.1").ends_with('\n'));
    BOOST_TEST(slurp(folder / "f.1") + slurp(folder / "f") == lines(1000));
}

BOOST_AUTO_TEST_CASE(a_pipe_that_is_closed_is_final_and_counted) {
    const scratch folder;
    BOOST_REQUIRE(mkfifo((folder / "p").c_str(), 0600) == 0);
    unique_fd end = open_file(folder / "p", O_RDONLY | O_NONBLOCK);
    rig sink(parse_options<file_options>(folder / "p"));
    sink.publish({"first"});
    BOOST_TEST(eventually([&] { return sink.delivered() == 1; }));
    std::string got(6, '\0');
    BOOST_TEST(read_some(end, got.data(), got.size()) == 6u);
    BOOST_TEST(got == "first\n");
    end = unique_fd();
    sink.publish(numbers(0, 10));
    BOOST_TEST(eventually([&] { return sink.lost(loss::rejected) == 10; }));
    sink.publish(numbers(0, 10));
    sink.drain();
    BOOST_TEST(sink.lost(loss::rejected) == 20u);
}

BOOST_AUTO_TEST_CASE(a_traced_batch_that_a_closed_pipe_loses_has_failed) {
    const scratch folder;
    BOOST_REQUIRE(mkfifo((folder / "p").c_str(), 0600) == 0);
    unique_fd end = open_file(folder / "p", O_RDONLY | O_NONBLOCK);
    span_list spans;
    rig sink(parse_options<file_options>(folder / "p"), {}, {}, &spans);
    batch_origin traced(1);
    trace_context context;
    context.flags = 1;
    traced.trace = std::make_shared<const trace_context>(context);
    sink.publish({"first"}, traced);
    BOOST_TEST(eventually([&] { return spans.all().size() == 2; }));
    end = unique_fd();
    sink.publish(numbers(0, 10), traced);
    sink.drain();
    const std::vector<trace_span> all = spans.all();
    BOOST_REQUIRE(all.size() == 4u);
    BOOST_TEST(!all[1].failed);
    BOOST_TEST((all[3].kind == span_kind::delivery));
    BOOST_TEST(all[3].failed);
    BOOST_TEST(all[3].messages == 10u);
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads_does_not_keep_it_from_stopping) {
    const scratch folder;
    BOOST_REQUIRE(mkfifo((folder / "p").c_str(), 0600) == 0);
    const unique_fd end = open_file(folder / "p", O_RDONLY | O_NONBLOCK);
    rig sink(parse_options<file_options>(folder / "p"));
    for (std::size_t i = 0; i < 100'000; i += 1000)
        sink.publish(numbers(i, 1000));
    BOOST_TEST(eventually([&] { return sink.reader().taken() > 0; }));
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) > 0u);
}

BOOST_AUTO_TEST_CASE(what_was_synced_is_there) {
    const scratch folder;
    for (const std::string policy : {"batch", "5ms"}) {
        rig sink(parse_options<file_options>(folder / policy + ",fsync=" + policy));
        for (std::size_t i = 0; i < 20; ++i) {
            sink.publish(numbers(i, 1));
            BOOST_TEST(eventually([&] { return sink.delivered() == i + 1; }));
        }
        sink.drain();
        BOOST_TEST(slurp(folder / policy) == lines(20));
    }
}

BOOST_AUTO_TEST_CASE(options_that_contradict_are_refused) {
    for (const char* text : {"-,rotate=1MiB", "f,keep=3", "f,compress=gzip", "f,fsync=9999d"})
        BOOST_CHECK_THROW(rig(parse_options<file_options>(text)), usage_error);
    BOOST_CHECK_THROW(rig(parse_options<file_options>("/dev/null,rotate=1MiB")), startup_error);
    BOOST_CHECK_THROW(rig(parse_options<file_options>("/no/such/folder/f")), startup_error);
}

BOOST_AUTO_TEST_SUITE_END()
