#include "gateway/heirs.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

using indices = std::vector<std::size_t>;

sink_place post(const std::string& query) { return {"post", "http://h/?" + query, "http://h/"}; }
sink_place file(const std::string& path) { return {"file", path, path}; }

indices found(const std::vector<sink_place>& gone, const std::vector<sink_place>& fresh) {
    return weir::heirs(gone, fresh);
}

} // namespace

BOOST_AUTO_TEST_SUITE(heirs)

BOOST_AUTO_TEST_CASE(the_same_target_comes_first) {
    BOOST_TEST((found({file("a"), file("b")}, {file("b"), file("c"), file("a")}) == indices{2, 0}));
    BOOST_TEST((found({post("x"), post("y")}, {post("y"), post("x")}) == indices{1, 0}));
}

BOOST_AUTO_TEST_CASE(a_secret_may_have_changed) {
    BOOST_TEST((found({post("old")}, {post("new")}) == indices{0}));
    BOOST_TEST((found({post("old"), post("y")}, {post("y"), post("new")}) == indices{1, 0}));
}

BOOST_AUTO_TEST_CASE(nobody_inherits_from_two) {
    BOOST_TEST((found({post("x"), post("y")}, {post("z")}) == indices{0, no_heir}));
}

BOOST_AUTO_TEST_CASE(who_is_of_another_kind_or_nowhere_inherits_nothing) {
    BOOST_TEST((found({file("a")}, {{"zmq", "a", "a"}}) == indices{no_heir}));
    BOOST_TEST((found({file("")}, {file("")}) == indices{no_heir}));
    BOOST_TEST((found({file("a")}, {}) == indices{no_heir}));
}

BOOST_AUTO_TEST_SUITE_END()
