// `--file`: appends every event to a file or standard output, rotates it, and mends what a crash
// left. A record is never torn: a write that stops half way is continued at the exact byte; what
// is half when weir is stopped in the middle is cut off; what is half because it was killed is
// closed or cut when the file is next opened (half_record.hpp).
//
// Everything happens in one coroutine on one thread of the sink's own, so a stuck disk delays
// nobody, and while a write is under way the queue absorbs. A full disk or a failed write is tried
// again until it works; standard output that is closed is final. Rotated files are compressed and
// removed on a second thread of low priority.
//
// The message is delivered when write(2) has taken it; with fsync=batch, when it is on the disk.
#pragma once

#include "base/log.hpp"
#include "sinks/file_chunk.hpp"
#include "sinks/file_options.hpp"
#include "sinks/output_file.hpp"
#include "sinks/rotation.hpp"
#include "sinks/sink.hpp"
#include "sinks/worker.hpp"

#include <atomic>

namespace weir {

class file_sink final : public sink {
public:
    file_sink(const file_options& options, const sink_setting& setting); // throws usage_error
    ~file_sink() override;

    void open() override;
    void start() override;
    void stop_now() override;
    void reopen() override;
    task_group& tasks() override { return tasks_; }

private:
    using steady = std::chrono::steady_clock;

    task<> run();
    task<> gather();
    task<> write_chunk();
    std::uint64_t room() const;
    task<> nap(steady::duration time);
    void give_up(loss why);
    // Of the chunk, from its front.
    void note(const file_chunk::part& delivered, bool others_failed);
    void do_chores();
    steady::time_point next_chore() const;
    void sync();
    void rotate();
    void move_on();
    void tidy();

    const file_options options_;
    const rotation_rule rule_;
    sink_books& books_;
    span_recorder* const spans_;
    std::atomic<bool> closing_{false};
    std::atomic<bool> move_on_{false}; // to the file that is at the path now
    worker archiver_;
    worker writer_;
    task_group tasks_{"file"};

    // The writer thread's alone.
    async_reader reader_;
    output_file file_;
    file_chunk chunk_;
    io_timer nap_;
    log_limit failures_{"file"};
    const component_log log_{"file"};
    receive_clock::time_point taken_; // the first of the chunk
    bool broken_ = false;
    bool unsynced_ = false;
    steady::time_point last_write_{};
    steady::time_point next_sync_{};
    steady::time_point next_rotation_{}; // after one that failed
};

} // namespace weir
