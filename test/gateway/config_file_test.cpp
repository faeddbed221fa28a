#include "base/error.hpp"
#include "gateway/config_file.hpp"
#include "gateway/effective.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace weir;

namespace {

std::vector<flag_text> parse(std::string_view text) {
    run_options run;
    option_set set;
    declare(set, run);
    return parse_config(text, "weir.toml", declared_kinds(), set);
}

std::string error_of(std::string_view text) {
    try {
        parse(text);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return "no error";
}

// "udp :9000,rcvbuf=1MiB; threads 2"
std::string flags_of(std::string_view text) {
    std::string all;
    for (const flag_text& each : parse(text))
        all += (all.empty() ? "" : "; ") + each.flag + " " + each.text;
    return all;
}

bool begins(const std::string& text, std::string_view with) {
    BOOST_TEST_INFO(text);
    return text.starts_with(with);
}

struct scratch {
    std::string path;
    explicit scratch(std::string_view content) {
        path = (std::filesystem::temp_directory_path() / "weir-config-XXXXXX").string();
        close(mkstemp(path.data()));
        std::ofstream(path) << content;
    }
    ~scratch() { std::filesystem::remove(path); }
};

settings read(const std::vector<std::string>& words) {
    settings all;
    BOOST_TEST((read_command_line(words, all) == command_line_wish::run));
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_file)

BOOST_AUTO_TEST_CASE(a_file_says_what_flags_say) {
    BOOST_TEST(flags_of(R"(
threads = 2
log-level = "debug"
drain-timeout = 5
[[udp]]
listen = ":9000"
rcvbuf = "64MiB"
sockets = 2
allow = ["10.0.0.0/8", "::1"]
[[udp]]
listen = ":9001"
max-message = 1000
[http]
listen = "unix:/run/weir.sock"
page = false
idle-timeout = 1.5
[[file]]
path = "a,b\\"
)") == R"(threads 2; log-level debug; drain-timeout 5000ms; )"
       R"(udp :9000,rcvbuf=64MiB,sockets=2,allow=10.0.0.0/8,allow=::1; udp :9001,max-message=1000; )"
       R"(http unix:/run/weir.sock,page=off,idle-timeout=1500ms; file a\,b\\)");
    BOOST_TEST(flags_of("") == "");
    BOOST_TEST(flags_of("[[udp]]\nlisten = ':1'\nallow = []") == "udp :1");
}

BOOST_AUTO_TEST_CASE(options_keep_the_order_of_the_file) {
    BOOST_TEST(flags_of("[[udp]]\ntopic = 'a'\nsockets = 1\nlisten = ':1'\nallow = '::1'") ==
               "udp :1,topic=a,sockets=1,allow=::1");
}

BOOST_AUTO_TEST_CASE(a_wrong_name_is_told_with_its_place_and_the_nearest_right_one) {
    BOOST_TEST(error_of("\n  thread = 2") ==
               "weir.toml:2:3: unknown key 'thread', did you mean 'threads'?");
    BOOST_TEST(error_of("[[upd]]\nlisten = ':1'") ==
               "weir.toml:1:3: unknown key 'upd', did you mean 'udp'?");
    BOOST_TEST(error_of("[[udp]]\nlisten = ':1'\nrcvbuff = 1") ==
               "weir.toml:3:1: udp: unknown key 'rcvbuff', did you mean 'rcvbuf'?");
    BOOST_TEST(error_of("[[udp]]\npath = ':1'\nlisten = ':1'")
                   .starts_with("weir.toml:2:1: udp: unknown key 'path'"));
    BOOST_TEST(error_of("config = 'x'").starts_with("weir.toml:1:1: unknown key 'config'"));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_right_elsewhere_is_told_where) {
    BOOST_TEST(error_of("[[udp]]\nlisten = ':1'\nthreads = 2") ==
               "weir.toml:3:1: udp: unknown key 'threads' here: it stands at the top, above the "
               "first table");
    BOOST_TEST(error_of("rcvbuf = 1") ==
               "weir.toml:1:1: unknown key 'rcvbuf' here: it stands below [[udp]]");
    BOOST_TEST(error_of("idle-timeout = 1") == "weir.toml:1:1: unknown key 'idle-timeout' here: it "
                                               "stands below [[tcp]], [[http]] and others");
    BOOST_TEST(error_of("[[UDP]]") == "weir.toml:1:3: unknown key 'UDP', did you mean 'udp'?");
    BOOST_TEST(error_of("a0 = 1") == "weir.toml:1:1: unknown key 'a0'");
}

BOOST_AUTO_TEST_CASE(a_fault_is_one_line_whatever_the_file_holds) {
    BOOST_TEST(error_of("\"a\\n\\u001b[2Jb\" = 1") == "weir.toml:1:1: unknown key 'a  [2Jb'");
    const std::string far(1'000'000, 'a');
    BOOST_TEST(error_of(far + " = 1").size() < 350u);
    BOOST_TEST(error_of("threads = '" + far + "'").size() < 350u);
    std::string many;
    for (int i = 0; i < 30; ++i)
        many += "zzz" + std::to_string(i) + " = 1\n";
    const std::string told = error_of(many);
    BOOST_TEST(std::ranges::count(told, '\n') == 20);
    BOOST_TEST(told.ends_with("weir.toml:20:1: unknown key 'zzz19'\nweir.toml: and 10 more"));
}

BOOST_AUTO_TEST_CASE(a_wrong_value_is_told_with_its_place) {
    BOOST_TEST(error_of("threads = 'many'") ==
               "weir.toml:1:11: threads: 'many' is no whole number");
    BOOST_TEST(error_of("threads = -1") == "weir.toml:1:11: threads: '-1' is no whole number");
    BOOST_TEST(error_of("threads = true") == "weir.toml:1:11: threads: is no switch: write N");
    BOOST_TEST(error_of("threads = [1, 2]") ==
               "weir.toml:1:11: threads: takes one value, not several");
    BOOST_TEST(error_of("threads = {}") == "weir.toml:1:11: threads: takes a value, not a table");
    BOOST_TEST(error_of("threads = 2026-01-01") ==
               "weir.toml:1:11: threads: takes no date or time of day: write N");
    BOOST_TEST(error_of("drain-timeout = -1") == "weir.toml:1:17: drain-timeout: '-1' is no time");
    BOOST_TEST(begins(error_of("when-full = 'oldest'"),
                      "weir.toml:1:13: when-full: 'oldest' is none of drop-oldest"));
    BOOST_TEST(begins(error_of("[[udp]]\nlisten = 9000"),
                      "weir.toml:2:10: udp: listen: '9000' is no address"));
    BOOST_TEST(error_of("[[http]]\nlisten = ':1'\npage = 'maybe'") ==
               "weir.toml:3:8: http: page: 'maybe' is neither on nor off");
    BOOST_TEST(begins(error_of("[[udp]]\nlisten = ':1'\nallow = ['::1', 'home']"),
                      "weir.toml:3:17: udp: allow: 'home' is no network"));
}

BOOST_AUTO_TEST_CASE(a_component_needs_what_comes_first_and_a_table) {
    BOOST_TEST(error_of("[[udp]]\nsockets = 1") == "weir.toml:1:1: udp: needs listen");
    BOOST_TEST(error_of("[file]") == "weir.toml:1:2: file: needs path");
    BOOST_TEST(error_of("udp = ':9000'") ==
               "weir.toml:1:7: udp: write [[udp]], and its options below");
    BOOST_TEST(error_of("udp = [':9000']") ==
               "weir.toml:1:8: udp: write [[udp]], and its options below");
    BOOST_TEST(error_of("[[file]]\npath = ''") == "weir.toml:1:1: file: needs PATH");
    BOOST_TEST(begins(error_of("[[file]]\npath = 'x'\nfilter = ['a*b']"),
                      "weir.toml:3:11: file: filter: "));
}

BOOST_AUTO_TEST_CASE(every_fault_is_told_in_the_order_of_the_file) {
    BOOST_TEST(
        error_of("threads = 'a'\nsomething = 1\n[[tcp]]\nframing = 'line'\n[[file]]\nkep = 1") ==
        "weir.toml:1:11: threads: 'a' is no whole number\n"
        "weir.toml:2:1: unknown key 'something'\n"
        "weir.toml:3:1: tcp: needs listen\n"
        "weir.toml:4:11: tcp: framing: 'line' is none of newline, nul, length, "
        "octet-counting, did you mean 'newline'?\n"
        "weir.toml:5:1: file: needs path\n"
        "weir.toml:6:1: file: unknown key 'kep', did you mean 'keep'?");
}

BOOST_AUTO_TEST_CASE(what_is_no_toml_is_told_with_its_place) {
    BOOST_TEST(begins(error_of("threads = \n"), "weir.toml:1:11: "));
    BOOST_TEST(begins(error_of("threads = 1\nthreads = 2"), "weir.toml:2:"));
    BOOST_TEST(begins(error_of("[[udp"), "weir.toml:1:"));
    BOOST_TEST(error_of("when-full = block") ==
               "weir.toml:1:13: no value of TOML: text stands in quotation marks");
    BOOST_TEST(begins(error_of("[udp]\nlisten = ':1'\n[udp]"),
                      "weir.toml:3:1: table header: cannot redefine existing table 'udp' (one is "
                      "[NAME], each of several [[NAME]])"));
    BOOST_TEST(flags_of("\xef\xbb\xbfthreads = 2\r\n") == "threads 2");
    BOOST_TEST(begins(error_of("x = \"\xff\""), "weir.toml:1:"));
    BOOST_CHECK_THROW(read({"--config", "/no/such/file"}), usage_error);
    BOOST_CHECK_THROW(read({"--config", "/"}), usage_error);
    BOOST_CHECK_THROW(read({"--config", "/dev/zero"}), usage_error);
    BOOST_CHECK_THROW(read({"--config", ""}), usage_error);
}

BOOST_AUTO_TEST_CASE(strings_take_from_the_environment) {
    setenv("WEIR_TEST_PORT", "9000", 1);
    unsetenv("WEIR_TEST_NONE");
    BOOST_TEST(flags_of("[[udp]]\nlisten = '[::1]:${WEIR_TEST_PORT}'\ntopic = '$${x}$'") ==
               "udp [::1]:9000,topic=${x}$");
    BOOST_TEST(error_of("[[udp]]\nlisten = ':${WEIR_TEST_NONE}'") ==
               "weir.toml:2:10: udp: listen: 'WEIR_TEST_NONE' is not set in the environment");
    BOOST_TEST(begins(error_of("[[udp]]\nlisten = ':${WEIR'"),
                      "weir.toml:2:10: udp: listen: '${' without a '}'"));
}

BOOST_AUTO_TEST_CASE(a_secret_may_be_in_a_file_and_nothing_else) {
    const scratch file("s3cret\n");
    const std::string here = "'file:" + file.path + "'";
    BOOST_TEST(flags_of("[[http]]\nlisten = ':1'\ntoken = " + here) == "http :1,token=s3cret");
    BOOST_TEST(flags_of("[[http]]\nlisten = ':1'\ntopic = " + here) ==
               "http :1,topic=file:" + file.path);
    BOOST_TEST(error_of("[[http]]\nlisten = ':1'\ntoken = 'file:/no/such'") ==
               "weir.toml:3:9: http: token: can't read '/no/such': No such file or directory");
}

BOOST_AUTO_TEST_CASE(flags_win_over_the_environment_and_that_over_the_file) {
    const scratch file("threads = 1\nqueue-slots = 8\nstatus = 'on'\n[[udp]]\nlisten = ':1'\n"
                       "[[tcp]]\nlisten = ':2'\n[[file]]\npath = 'a'\n");
    setenv("WEIR_THREADS", "2", 1);
    setenv("WEIR_QUEUE_SLOTS", "16", 1);
    setenv("WEIR_CONFIG", file.path.c_str(), 1);
    const settings s = read({"--threads", "3", "--udp", ":3", "--udp", ":4"});
    for (const char* name : {"WEIR_THREADS", "WEIR_QUEUE_SLOTS", "WEIR_CONFIG"})
        unsetenv(name);
    BOOST_TEST(s.run.threads == 3u);
    BOOST_TEST(s.run.queue_slots == 16u);
    BOOST_TEST((s.run.status == status_mode::on));
    BOOST_TEST(s.listeners.size() == 3u); // the flags' two udp, the file's tcp
    BOOST_TEST(s.listeners.at(0).from.origin == "--udp :3");
    BOOST_TEST(s.listeners.at(2).from.origin == file.path + ":6:1: tcp");
    BOOST_TEST(s.sinks.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_check_prints_says_the_same_again) {
    const settings first = read({"--http", ":1,token=s3cret,allow=::1,origins=https://a\\,b",
                                 "--udp", ":2", "--file", "$x${y}\"\\\\,filter=a*,!b", "--post",
                                 "https://me:pw@host/p?q=1,header=A: b", "--threads", "3"});
    const std::string text = effective_toml(first);
    BOOST_TEST(text.find("threads = 3\n") != text.npos);
    BOOST_TEST(text.find("live = true\n") != text.npos);
    BOOST_TEST(text.find("token = \"***\"\n") != text.npos);
    BOOST_TEST(text.find("s3cret") == text.npos);
    const scratch file(text);
    const settings again = read({"--config", file.path});
    BOOST_TEST(effective_toml(again) == text);
    BOOST_TEST(effective_flags(again) == effective_flags(first));
}

BOOST_AUTO_TEST_CASE(steps_keep_the_order_of_the_file) {
    const scratch file("drop = [\"password\"]\nadd = [\"a=1\", \"b=x,y\"]\nenvelope = true\n"
                       "[[file]]\npath = \"x\"\nsample = \"1/2\"\n"
                       "steps = [\"filter=a*\", \"pick=id\", \"filter=id!=0\"]\nrate = \"5/s\"\n");
    const settings all = read({"--config", file.path, "--pick", "id"});
    const std::vector<ordered_option> before{
        {"drop", "password"}, {"add", "a=1"}, {"add", "b=x,y"}, {"envelope", "on"}, {"pick", "id"}};
    BOOST_TEST((all.steps == before));
    const std::vector<ordered_option> own{
        {"sample", "1/2"}, {"filter", "a*"}, {"pick", "id"}, {"filter", "id!=0"}, {"rate", "5/s"}};
    BOOST_TEST((all.sinks.at(0).steps == own));

    BOOST_TEST(effective_flags(all).find("--envelope\n") != std::string::npos);

    const scratch again(effective_toml(all));
    const settings same = read({"--config", again.path});
    BOOST_TEST((same.steps == before));
    BOOST_TEST((same.sinks.at(0).steps == own));
}

BOOST_AUTO_TEST_CASE(a_wrong_step_is_told_with_its_place) {
    const scratch file("[[file]]\npath = \"x\"\nsteps = [\"envelope\", \"filtre=a\"]\n");
    try {
        read({"--config", file.path});
        BOOST_ERROR("taken");
    } catch (const usage_error& wrong) {
        BOOST_TEST(
            std::string(wrong.what())
                .ends_with(":3:22: file: steps: unknown step 'filtre', did you mean 'filter'?"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
