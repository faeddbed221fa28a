// `--zmq`: publishes every event to ZeroMQ subscribers, one frame TOPIC SPACE PAYLOAD each
// (wire/topic_frame.hpp), so that they filter by prefixes of topics.
//
// A plain PUB socket drops what a slow subscriber does not take, for that subscriber alone, and
// tells nobody. This is an XPUB socket with ZMQ_XPUB_NODROP: it refuses a message for all as long
// as one who wants it has `hwm` messages to take yet. With slow=wait the sink then waits, the
// queue absorbs, and what the queue gives up is counted by it (overrun): every subscriber gets
// every event that is counted as delivered, and the slowest sets the pace. With slow=skip the event
// goes after a tenth of a second to all but those, and counts as missed; from then on ZeroMQ itself
// passes such a subscriber over until it has taken half of what it has, and does not say what it
// missed meanwhile: the number is a lower bound.
//
// A TCP subscriber that takes nothing at all for ten seconds is disconnected either way.
//
// An event is delivered when it was handed to ZeroMQ for everyone who wants it, be it nobody. At
// the end ZeroMQ has a second to send what it holds.
//
// One coroutine on a thread of the sink's own, which blocks in ZeroMQ for at most a tenth of a
// second at a time; ZeroMQ's own thread does the sending. Owned by the gateway; see sinks/sink.hpp.
#pragma once

#include "base/log.hpp"
#include "sinks/sink.hpp"
#include "sinks/worker.hpp"
#include "sinks/zmq_options.hpp"

#include <string>
#include <zmq.hpp>

namespace weir {

class zmq_sink final : public sink {
public:
    zmq_sink(const zmq_options& options, const sink_setting& setting); // throws usage_error
    ~zmq_sink() override;

    void open() override;
    void start() override;
    void stop_now() override { reader_.stop(); }
    task_group& tasks() override { return tasks_; }

private:
    task<> run();
    void hear_subscribers();
    void send_all(const batch& of);
    bool send(const std::string& frame);
    void send_to_the_others(const std::string& frame);

    const zmq_options options_;
    sink_books& books_;
    span_recorder* const spans_;
    worker worker_;
    task_group tasks_{"zmq"};

    // The worker thread's alone, once it runs.
    async_reader reader_;
    zmq::context_t context_{1};
    zmq::socket_t socket_;
    log_limit stalls_{"zmq"};
    std::string frame_;
    bool heard_ = false; // of any subscriber, ever: before that nothing is encoded
};

} // namespace weir
