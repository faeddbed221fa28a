#include "gateway/completion.hpp"
#include "gateway/man.hpp"
#include "gateway/reference.hpp"
#include "gateway/registry.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

using namespace weir;

BOOST_AUTO_TEST_SUITE(reference)

BOOST_AUTO_TEST_CASE(the_page_in_docs_is_what_the_declarations_say) {
    std::ifstream file(WEIR_TEST_DATA "/../docs/reference.md");
    const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    BOOST_TEST((page == reference_text()), "write it again: build/weir docs > docs/reference.md");
}

BOOST_AUTO_TEST_CASE(every_kind_and_option_is_on_every_page) {
    const std::string pages[] = {reference_text(), man_text(), bash_completion(), zsh_completion(),
                                 fish_completion()};
    const auto on_all = [&](std::string_view word) {
        for (std::string page : pages) {
            std::erase(page, '\\'); // of roff
            BOOST_TEST((page.find(word) != page.npos), word << " is missing");
        }
    };
    for (const declared_kind& kind : declared_kinds()) {
        on_all(kind.flag);
        kind.describe([&](const option_set& set) {
            for (const option& declared : set.options())
                on_all(declared.name);
        });
    }
    describe_run([&](const option_set& set) {
        for (const option& declared : set.options())
            on_all(declared.name);
    });
}

BOOST_AUTO_TEST_SUITE_END()
