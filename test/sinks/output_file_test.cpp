#include "sinks/output_file.hpp"

#include "base/error.hpp"
#include "test/sinks/scratch.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace weir;

namespace {

void append(output_file& file, std::string_view text) {
    const iovec part{const_cast<char*>(text.data()), text.size()};
    std::error_code fault;
    BOOST_TEST(file.write({&part, 1}, fault) == text.size());
    BOOST_TEST(!fault);
}

// What is in the file once it was opened with this content and "new" was appended.
std::string mended(const std::string& before, framing kind, std::string_view added) {
    const scratch folder;
    spill(folder / "f", before);
    output_file file(folder / "f", {}, kind);
    append(file, added);
    BOOST_TEST(file.size() == std::filesystem::file_size(folder / "f"));
    return slurp(folder / "f");
}

std::string error_of(const std::string& path, framing kind = framing::newline) {
    try {
        open_output(path, {}, kind);
    } catch (const startup_error& fault) {
        return fault.what();
    }
    return "opened";
}

std::string records(std::initializer_list<std::string> messages, framing kind) {
    std::string out;
    for (const std::string& message : messages)
        append_framed(out, kind, message);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(output_file)

BOOST_AUTO_TEST_CASE(a_half_written_last_line_is_closed) {
    BOOST_TEST(mended("", framing::newline, "new\n") == "new\n");
    BOOST_TEST(mended("old\n", framing::newline, "new\n") == "old\nnew\n");
    BOOST_TEST(mended("old\nha", framing::newline, "new\n") == "old\nha\nnew\n");
}

BOOST_AUTO_TEST_CASE(a_half_written_counted_record_is_cut_off) {
    for (const framing kind : {framing::length, framing::octet_counting}) {
        const std::string whole = records({"one", std::string(100'000, 'x'), "two"}, kind);
        const std::string added = records({"new"}, kind);
        BOOST_TEST((mended(whole, kind, added) == whole + added));
        const std::string last = records({"three"}, kind);
        for (std::size_t half = 1; half < last.size(); ++half)
            BOOST_TEST((mended(whole + last.substr(0, half), kind, added) == whole + added));
    }
}

BOOST_AUTO_TEST_CASE(what_holds_no_counted_records_is_not_touched) {
    const scratch folder;
    const std::string lines = "{\"a\":1}\n{\"a\":2}\n";
    spill(folder / "f", lines);
    for (const framing kind : {framing::length, framing::octet_counting})
        BOOST_TEST(error_of(folder / "f", kind).find("at byte 0: move it away") !=
                   std::string::npos);
    BOOST_TEST(slurp(folder / "f") == lines);
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_one_clear_line) {
    const scratch folder;
    BOOST_TEST(error_of(folder / "no/f") == "can't open '" + (folder / "no/f") +
                                                "': No such file or directory: make the folder '" +
                                                (folder / "no") + "' first");
    BOOST_TEST(error_of(folder / "") == "can't open '" + (folder / "") + "': Is a directory");
}

BOOST_AUTO_TEST_CASE(a_file_has_one_writer) {
    const scratch folder;
    {
        const weir::output_file first(folder / "f", {}, framing::newline);
        BOOST_TEST(error_of(folder / "f").find("by this weir or another") != std::string::npos);
    }
    BOOST_TEST(error_of(folder / "f") == "opened");
}

BOOST_AUTO_TEST_CASE(a_mode_that_is_given_is_exact_and_the_default_obeys_the_umask) {
    const scratch folder;
    const mode_t before = umask(077);
    const weir::output_file plain(folder / "plain", {}, framing::newline);
    const weir::output_file exact(folder / "exact", {0664, true}, framing::newline);
    umask(before);
    struct stat status {};
    stat((folder / "plain").c_str(), &status);
    BOOST_TEST((status.st_mode & 0777u) == 0600u);
    stat((folder / "exact").c_str(), &status);
    BOOST_TEST((status.st_mode & 0777u) == 0664u);
}

BOOST_AUTO_TEST_CASE(the_end_can_be_cut_and_appended_to_again) {
    const scratch folder;
    weir::output_file file(folder / "f", {}, framing::newline);
    append(file, "one\ntw");
    BOOST_TEST(file.cut(2));
    append(file, "three\n");
    BOOST_TEST(slurp(folder / "f") == "one\nthree\n");
    BOOST_TEST(file.size() == 10u);
    BOOST_TEST(!file.cut(11));
}

BOOST_AUTO_TEST_CASE(a_file_that_was_moved_away_is_noticed) {
    const scratch folder;
    const weir::output_file file(folder / "f", {}, framing::newline);
    BOOST_TEST(file.is_still(folder / "f"));
    std::filesystem::rename(folder / "f", folder / "g");
    BOOST_TEST(!file.is_still(folder / "f"));
    spill(folder / "f", "another");
    BOOST_TEST(!file.is_still(folder / "f"));
}

BOOST_AUTO_TEST_CASE(a_device_is_written_and_never_cut) {
    weir::output_file full("/dev/full", {}, framing::newline);
    const iovec part{const_cast<char*>("x\n"), 2};
    std::error_code fault;
    BOOST_TEST(full.write({&part, 1}, fault) == 0u);
    BOOST_TEST((fault == std::errc::no_space_on_device));
    BOOST_TEST(!full.rotatable());
    BOOST_TEST(!full.cut(1));
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads_never_blocks) {
    const scratch folder;
    BOOST_TEST(mkfifo((folder / "p").c_str(), 0600) == 0);
    BOOST_TEST(error_of(folder / "p").ends_with("nobody reads the pipe; start its reader first"));
    const unique_fd reader = open_file(folder / "p", O_RDONLY | O_NONBLOCK);
    weir::output_file pipe(folder / "p", {}, framing::newline);
    const std::string text(100'000, 'x');
    const iovec part{const_cast<char*>(text.data()), text.size()};
    std::error_code fault;
    std::size_t put = 0;
    while (!fault)
        put += pipe.write({&part, 1}, fault);
    BOOST_TEST((fault == std::errc::resource_unavailable_try_again));
    BOOST_TEST(put > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
