#include "sinks/stats.hpp"

#include "test/sinks/redis_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/json.hpp>
#include <future>
#include <thread>

using namespace weir;

namespace {

// The service on a thread of its own, asked from the test's.
class rig {
public:
    explicit rig(const redis_server& of) {
        stats_options options;
        from_text(of.url(), options.redis);
        service_ = std::make_shared<stats_service>(context_.get_executor(), options);
        service_->open();
        routes_ = service_->routes();
        thread_ = std::thread([this] { context_.run(); });
    }
    rig(const rig&) = delete;
    rig& operator=(const rig&) = delete;
    ~rig() {
        service_->stop();
        work_.reset();
        thread_.join();
    }

    std::future<http_answer> ask(std::string path, std::string query = "") {
        auto done = std::make_shared<std::promise<http_answer>>();
        http_query asked;
        asked.path = asked.raw_path = path;
        asked.query = query;
        asked.host = "localhost";
        routes_.front().get_later(
            asked, [done](http_answer answer) { done->set_value(std::move(answer)); });
        return done->get_future();
    }
    boost::json::value counts(const std::string& path) {
        const http_answer answer = ask(path).get();
        BOOST_TEST(answer.status == 200u);
        return boost::json::parse(answer.body);
    }
    void stop() { service_->stop(); }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<io_executor> work_{context_.get_executor()};
    std::shared_ptr<stats_service> service_;
    http_routes routes_;
    std::thread thread_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(stats)

BOOST_AUTO_TEST_CASE(counts_and_what_is_below_them) {
    redis_server server;
    server.ask({"HSET", "track:acme:pageview:2013", "2", "1489", "10", "3"});
    server.ask({"HSET", "track:acme:pageview:2013:2", "1", "1489"});
    rig service(server);
    const auto year = service.counts("/stats/track/acme/pageview/2013");
    BOOST_TEST(boost::json::serialize(year.at("data")) == R"({"2":1489,"10":3})");
    BOOST_TEST(boost::json::serialize(year.at("links")) ==
               R"(["http://localhost/stats/track/acme/pageview/2013/2"])");
}

BOOST_AUTO_TEST_CASE(lists_are_whole_and_take_no_name_for_a_pattern) {
    redis_server server;
    constexpr std::size_t accounts = 2'500; // more than one SCAN gives
    server.ask(
        {"EVAL", "for i=1,2500 do redis.call('HSET','track:a'..i..':view:2013','1','1') end", "0"});
    server.ask({"HSET", "track:[a-z]*:only:2013", "1", "1"});
    rig service(server);
    BOOST_TEST(service.counts("/stats/track").at("names").as_array().size() == accounts + 1);
    const auto odd = service.counts("/stats/track/%5Ba-z%5D%2A");
    BOOST_TEST(boost::json::serialize(odd.at("names")) == R"(["only"])");
}

BOOST_AUTO_TEST_CASE(a_redis_that_is_away_is_said_and_found_again) {
    redis_server server;
    server.ask({"HSET", "track:all:view:2013", "1", "7"});
    rig service(server);
    BOOST_TEST(service.ask("/stats/track/all/view/2013").get().status == 200u);
    server.stop();
    BOOST_TEST(service.ask("/stats/track/all/view/2013").get().status == 503u);
    server.start();
    BOOST_TEST(service.ask("/stats/track/all/view/2013").get().status == 200u);
}

BOOST_AUTO_TEST_CASE(every_question_is_answered_many_at_once_and_at_the_end) {
    redis_server server;
    server.ask({"HSET", "track:all:view:2013", "1", "7"});
    rig service(server);
    std::vector<std::future<http_answer>> answers;
    for (int i = 0; i < 200; ++i) {
        answers.push_back(service.ask("/stats/track/all/view/2013"));
        if (i == 100)
            service.stop();
    }
    for (auto& each : answers) {
        const unsigned status = each.get().status;
        BOOST_TEST((status == 200u || status == 503u));
    }
    BOOST_TEST(service.ask("/stats/track").get().status == 503u);
}

BOOST_AUTO_TEST_SUITE_END()
