#include "sinks/stats.hpp"

#include <boost/asio/post.hpp>

namespace weir {

namespace {

constexpr std::string_view keys_a_scan = "1000";

duration left(std::chrono::steady_clock::time_point until) {
    const auto rest = std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
    return std::max(rest, duration(0));
}

bool has_error(const std::vector<resp_value>& got) {
    return std::ranges::any_of(got, &resp_value::is_error);
}

} // namespace

stats_service::stats_service(io_executor where, const stats_options& options)
    : options_(options), executor_(where) {
    options_.check();
}

void stats_service::open() {
    if (options_.redis.tls)
        tls_.emplace(client_tls(options_.redis.host, options_.tls, "stats"));
}

http_routes stats_service::routes() {
    http_route all{route_kind::stats, options_.path_prefix + "/*", false, {}, {}};
    all.get_later = [self = shared_from_this()](const http_query& query, answer_to done) {
        self->ask(query, std::move(done));
    };
    return {std::move(all)};
}

void stats_service::ask(const http_query& query, answer_to done) {
    auto question = parse_stats_question(query, options_);
    if (const auto* wrong = std::get_if<http_answer>(&question)) {
        done(*wrong);
        return;
    }
    tasks_.spawn(executor_, serve(shared_from_this(), std::move(std::get<stats_question>(question)),
                                  std::move(done)));
}

void stats_service::stop() {
    boost::asio::post(executor_, [self = shared_from_this()] {
        self->stopped_ = true;
        for (redis_connection* each : self->busy_)
            each->abort();
        self->idle_.clear();
    });
}

// `done` may be called from here, and its session's thread may differ: it posts.
task<> stats_service::serve(std::shared_ptr<stats_service>, stats_question question,
                            answer_to done) {
    if (stopped_ || busy_.size() >= most_connections) {
        done(stats_fault(503, stopped_ ? "weir is stopping" : "too many questions at once"));
        co_return;
    }
    std::unique_ptr<redis_connection> over;
    if (idle_.empty()) {
        over =
            std::make_unique<redis_connection>(executor_, options_.redis, tls_ ? &*tls_ : nullptr);
    } else {
        over = std::move(idle_.back());
        idle_.pop_back();
    }
    busy_.insert(over.get());
    http_answer answer = co_await look_up(*over, question);
    busy_.erase(over.get());
    if (over->is_open() && !stopped_)
        idle_.push_back(std::move(over));
    done(std::move(answer));
}

task<http_answer> stats_service::look_up(redis_connection& over, const stats_question& question) {
    http_answer answer;
    if (question.lists())
        answer = co_await list(over, question);
    else
        answer = co_await counts(over, question);
    co_return answer;
}

task<http_answer> stats_service::list(redis_connection& over, const stats_question& question) {
    const auto until = clock::now() + options_.timeout;
    const std::string pattern = scan_pattern(question.key(options_.naming));
    std::set<std::string> names;
    std::string cursor = "0";
    do {
        std::string command;
        append_command(command, {"SCAN", cursor, "MATCH", pattern, "COUNT", keys_a_scan});
        std::vector<resp_value> got;
        const bool told = co_await exchange(over, command, 1, until, got);
        if (!told || got[0].items.size() != 2)
            co_return no_redis(over);
        cursor = got[0].items[0].text;
        collect_names(question, options_.naming, got[0].items[1].items, names);
    } while (cursor != "0" && names.size() <= most_names);
    const bool truncated = names.size() > most_names || cursor != "0";
    while (names.size() > most_names)
        names.erase(std::prev(names.end()));
    co_return stats_list(question, options_, names, truncated);
}

task<http_answer> stats_service::counts(redis_connection& over, const stats_question& question) {
    const auto until = clock::now() + options_.timeout;
    const std::vector<std::string> keys = question.keys_below(options_.naming);
    std::string commands;
    append_command(commands, {"HGETALL", question.key(options_.naming)});
    for (const std::string& key : keys)
        append_command(commands, {"EXISTS", key});
    std::vector<resp_value> got;
    const bool told = co_await exchange(over, commands, keys.size() + 1, until, got);
    if (!told)
        co_return no_redis(over);
    std::vector<bool> below;
    for (std::size_t i = 1; i < got.size(); ++i)
        below.push_back(got[i].number > 0);
    co_return stats_counts(question, options_, got[0].items, below);
}

// False: no answer, or no good one. A kept connection that turns out to be closed is opened again.
task<bool> stats_service::exchange(redis_connection& over, std::string_view commands,
                                   std::size_t replies, clock::time_point until,
                                   std::vector<resp_value>& got) {
    bool kept = over.is_open();
    for (;;) {
        if (!over.is_open())
            co_await over.open(left(until));
        if (over.is_open())
            got = co_await over.exchange(commands, replies, left(until));
        if (got.size() >= replies || !kept || stopped_)
            break;
        kept = false;
        got.clear();
    }
    if (got.size() < replies)
        co_return false;
    if (has_error(got)) {
        for (const resp_value& each : got)
            if (each.is_error())
                over.fail(loggable(each.text));
        co_return false;
    }
    co_return true;
}

http_answer stats_service::no_redis(const redis_connection& over) {
    faults_.warn("{}: {}", options_.redis.shown(), over.fault());
    http_answer answer = stats_fault(503, "Redis does not answer");
    answer.headers.emplace_back("Retry-After", "1");
    return answer;
}

} // namespace weir
