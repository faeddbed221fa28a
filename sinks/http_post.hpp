// `--post`: sends every event to an HTTP server, many a request. Each connection is a coroutine
// that gathers a request (by count, bytes and age; one gathers at a time), sends it, and tries
// again until it is delivered, refused or given up. So as long as the server is down the sink holds
// as many requests as it has connections, and the queue absorbs the rest.
//
// At least once: where the answer to a request is lost, it is sent again, and the server may have
// taken it twice. Delivered is what was answered with 2xx. What goes to the dead-letter file was
// not delivered, and counts as lost with its reason.
//
// Everything runs on one thread of the sink's own: gzip, JSON checks and the dead-letter file would
// stall the io pool.
#pragma once

#include "base/http_connection.hpp"
#include "base/log.hpp"
#include "sinks/dead_letter.hpp"
#include "sinks/post_head.hpp"
#include "sinks/post_options.hpp"
#include "sinks/post_request.hpp"
#include "sinks/post_trace.hpp"
#include "sinks/retry_policy.hpp"
#include "sinks/sink.hpp"
#include "sinks/worker.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace weir {

class post_sink final : public sink {
public:
    post_sink(const post_options& options, const sink_setting& setting); // throws usage_error
    ~post_sink() override;

    void open() override;
    void start() override;
    void stop_now() override;
    task_group& tasks() override { return tasks_; }

private:
    struct lane {
        lane(io_executor where, const http_url& url, boost::asio::ssl::context* tls)
            : connection(where, url.host, url.port, tls), nap(where) {}
        http_connection connection;
        io_timer nap;
    };

    task<> serve(lane& through);
    task<> gather(post_request& request);
    task<> deliver(lane& through, const post_request& request);
    void set_aside(const post_request& request, loss why);
    void set_aside_rest();
    void note(const post_request& request, const post_trace& trace, bool failed);

    const post_options options_;
    const post_head head_;
    sink_books& books_;
    span_recorder* const spans_;
    const component_log log_{"post"};
    worker thread_;
    task_group tasks_{"post"};
    std::optional<boost::asio::ssl::context> tls_;

    // That thread's alone.
    std::vector<std::unique_ptr<lane>> lanes_;
    async_reader reader_;
    batch_rest rest_; // of the batch that did not fit into the last request
    bool gathering_ = false;
    io_timer turn_; // who waits to gather
    io_timer linger_;
    dead_letter_file dead_letters_;
    log_limit retries_{"post"};
    log_limit losses_{"post"};
};

} // namespace weir
