#include "sinks/http_post.hpp"
#include "test/sinks/certificate.hpp"
#include "test/sinks/post_server.hpp"
#include "test/sinks/scratch.hpp"
#include "test/sinks/sink_rig.hpp"

#include <cstdlib>

using namespace weir;

namespace {

using rig = sink_rig<post_sink, post_options>;

post_server::reply yes(const post_server::request&, std::size_t) {
    return post_server::answer(204);
}

// The certificates that are trusted while it lives.
class trusted {
public:
    explicit trusted(const std::string& path) { setenv("SSL_CERT_FILE", path.c_str(), 1); }
    trusted(const trusted&) = delete;
    trusted& operator=(const trusted&) = delete;
    ~trusted() { unsetenv("SSL_CERT_FILE"); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(http_post_tls)

BOOST_AUTO_TEST_CASE(a_certificate_nobody_vouches_for_is_refused) {
    auto tls = server_tls(make_certificate("localhost"));
    post_server server(yes, &tls);
    rig sink(parse_options<post_options>(server.url() + ",retry-for=150ms"));
    sink.publish({"a"});
    BOOST_TEST(eventually([&] { return sink.lost(loss::gave_up) == 1; }));
    sink.drain();
    BOOST_TEST(server.requests().empty());
    BOOST_TEST(server.connections() > 0u);
}

BOOST_AUTO_TEST_CASE(insecure_takes_any_certificate) {
    auto tls = server_tls(make_certificate("elsewhere.example"));
    post_server server(yes, &tls);
    rig sink(parse_options<post_options>(server.url() + ",insecure,batch-count=1"));
    sink.publish({"a", "b", "c"});
    sink.drain();
    BOOST_TEST(server.bodies() == "a\nb\nc\n");
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_trusted_counts_for_its_host_alone) {
    const scratch folder;
    const certificate right = make_certificate("localhost");
    const certificate wrong = make_certificate("elsewhere.example");
    spill(folder / "trust.pem", right.certificate_pem + wrong.certificate_pem);
    const trusted both(folder / "trust.pem");
    {
        auto tls = server_tls(right);
        post_server server(yes, &tls);
        rig sink(parse_options<post_options>(server.url()));
        sink.publish({"a"});
        sink.drain();
        BOOST_TEST(server.bodies() == "a\n");
    }
    {
        auto tls = server_tls(wrong);
        post_server server(yes, &tls);
        rig sink(parse_options<post_options>(server.url() + ",retry-for=0"));
        sink.publish({"a"});
        sink.drain();
        BOOST_TEST(server.requests().empty());
        BOOST_TEST(sink.lost(loss::gave_up) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(certificates_of_a_file_are_trusted_and_no_others) {
    const scratch folder;
    const certificate right = make_certificate("localhost");
    spill(folder / "ca.pem", right.certificate_pem);
    spill(folder / "other.pem", make_certificate("localhost").certificate_pem);
    auto tls = server_tls(right);
    post_server server(yes, &tls);
    {
        rig sink(parse_options<post_options>(server.url() + ",ca-file=" + folder / "ca.pem"));
        sink.publish({"a"});
        sink.drain();
        BOOST_TEST(server.bodies() == "a\n");
    }
    rig sink(
        parse_options<post_options>(server.url() + ",retry-for=0,ca-file=" + folder / "other.pem"));
    sink.publish({"b"});
    sink.drain();
    BOOST_TEST(sink.lost(loss::gave_up) == 1u);
    BOOST_CHECK_THROW(
        rig(parse_options<post_options>(server.url() + ",ca-file=" + folder / "nowhere")),
        startup_error);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_shakes_hands_times_out) {
    post_server server(yes); // plain, and never answers what is no HTTP
    std::string url = server.url();
    url.replace(0, 5, "https:");
    rig sink(parse_options<post_options>(url + ",timeout=50ms,retry-for=0,insecure"));
    sink.publish({"a"});
    sink.drain();
    BOOST_TEST(sink.lost(loss::gave_up) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
