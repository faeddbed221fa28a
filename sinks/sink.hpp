// A Sink reads Batches from its own reader and writes them somewhere. The gateway owns it: open,
// start, then the queue is closed and the sink ends by itself when it has drained, or by stop_now;
// each from the gateway's thread. It is destroyed only when tasks() is empty.
#pragma once

#include "base/books.hpp"
#include "base/executor.hpp"
#include "base/http_routes.hpp"
#include "base/task_group.hpp"
#include "queues/async_reader.hpp"
#include "queues/delivery.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir {

// What a sink is given. All of it outlives the sink.
struct sink_setting {
    io_executors& executors;
    queue_reader& source;
    sink_books& books;
    std::shared_ptr<pipeline> steps{}; // what is done to events before; null: nothing
    // What the listeners are called, by source_id; whole when the sink starts. Null: not known.
    const std::vector<std::string>* listener_names = nullptr;
    span_recorder* spans = nullptr; // null: nothing is traced here

    reader_filter filter() const { return {steps, &books.filtered_messages}; }
};

class sink {
public:
    virtual ~sink() = default;

    virtual void open() = 0;  // throws startup_error
    virtual void start() = 0; // spawns its coroutines into tasks()

    // The drain timeout is over: gives up what it holds, and returns at once. Everything it took
    // and did not deliver it counts as lost to shutdown; what is still queued the gateway counts.
    virtual void stop_now() = 0;

    virtual void reopen() {}                    // SIGHUP: a file may have been moved away
    virtual http_routes routes() { return {}; } // what it serves on HTTP ports

    virtual task_group& tasks() = 0;
};

} // namespace weir
