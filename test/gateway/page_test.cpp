#include "gateway/page.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

const weir::page_file* find(std::string_view path) {
    auto files = weir::page_files();
    auto found = std::ranges::find(files, path, &weir::page_file::path);
    return found == files.end() ? nullptr : &*found;
}

std::set<std::string> matches(std::string_view text, const char* pattern) {
    std::set<std::string> found;
    std::regex expression(pattern);
    using iterator = std::regex_iterator<std::string_view::const_iterator>;
    for (iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
        found.insert((*at)[1]);
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(page)

BOOST_AUTO_TEST_CASE(holds_the_files_as_they_stand_on_disk) {
    for (const auto& file : weir::page_files()) {
        std::string name = file.path == "/" ? "/page/index.html" : std::string(file.path);
        std::ifstream source(WEIR_TEST_DATA "/../gateway" + name, std::ios::binary);
        std::ostringstream content;
        content << source.rdbuf();
        BOOST_TEST((content.str() == file.content), name);
        BOOST_TEST(!file.content.empty(), name);
    }
}

BOOST_AUTO_TEST_CASE(everything_the_page_asks_for_is_there) {
    const auto* index = find("/");
    BOOST_TEST_REQUIRE(index);
    BOOST_TEST(index->content_type == "text/html; charset=utf-8");
    auto wanted = matches(index->content, "(?:src|href)=\"(page/[^\"]+)\"");
    BOOST_TEST(wanted.size() == 5u);
    for (const auto& path : wanted)
        BOOST_TEST(find("/" + path), path);

    std::size_t imports = 0;
    for (const auto& file : weir::page_files())
        for (const auto& module : matches(file.content, "from '\\./([^']+)'")) {
            BOOST_TEST(find("/page/" + module), module);
            ++imports;
        }
    BOOST_TEST(imports > 0u);
}

// What a strict Content-Security-Policy would refuse, what would ask another host for anything, and
// what could turn an event into markup.
BOOST_AUTO_TEST_CASE(nothing_is_inline_and_nothing_comes_from_elsewhere) {
    const auto* index = find("/");
    BOOST_TEST_REQUIRE(index);
    BOOST_TEST(
        matches(index->content, "(<style|<script(?! type=\"module\" src)| style=| on[a-z]+=)")
            .empty());
    for (const auto& file : weir::page_files()) {
        std::string name(file.path);
        BOOST_TEST(
            matches(file.content, "((?:src|href|url|import)[=(' \"]+(?:https?:)?//)").empty(),
            name);
        BOOST_TEST(
            matches(file.content, "(innerHTML|outerHTML|insertAdjacentHTML|eval\\()").empty(),
            name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
