#include "gateway/loss_watch.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;

namespace {

std::string joined(const std::vector<loss_watch::line>& lines) {
    std::string out;
    for (const loss_watch::line& each : lines)
        out += each.component + "|" + each.text + "\n";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(loss_watch)

BOOST_AUTO_TEST_CASE(each_loss_is_told_at_once_and_then_every_ten_seconds) {
    const auto source = make_queue({});
    const auto reader = source->subscribe();
    metrics books(*source);
    listener_books& udp = books.open_listener("udp");
    udp.address = "127.0.0.1:9000";
    sink_books& file = books.open_sink("file", *reader);
    file.set_target("out");
    weir::loss_watch watch(books);

    const std::chrono::steady_clock::time_point start{1h};
    udp.refused_messages[refusal::oversize].add(5);
    file.lost_messages[loss::rejected].add(5);
    BOOST_TEST(joined(watch.lines(start)) == "");
    udp.refused_messages[refusal::kernel_drop].add(7);
    file.lost_messages[loss::overrun].add(3);
    BOOST_TEST(joined(watch.lines(start + 1s)) ==
               "udp|127.0.0.1:9000: messages refused (kernel_drop): 7\n"
               "file|out: messages lost (overrun): 3\n");
    udp.refused_messages[refusal::kernel_drop].add(1);
    udp.refused_messages[refusal::queue_full].add(2);
    BOOST_TEST(joined(watch.lines(start + 2s)) ==
               "udp|127.0.0.1:9000: messages refused (queue_full): 2\n");
    udp.refused_messages[refusal::kernel_drop].add(1);
    BOOST_TEST(joined(watch.lines(start + 11s)) ==
               "udp|127.0.0.1:9000: messages refused (kernel_drop): 2\n");
    BOOST_TEST(joined(watch.lines(start + 60s)) == "");
}

BOOST_AUTO_TEST_SUITE_END()
