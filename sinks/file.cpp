#include "sinks/file.hpp"

#include "sinks/archive.hpp"
#include "sinks/backoff.hpp"

#include <cstdio>
#include <filesystem>

namespace weir {

namespace {

using namespace std::chrono_literals;

// Small writes are this far apart: one for every burst costs more than the bytes, and a sink that
// naps need not be woken by the publishers either. The first after a pause goes at once.
constexpr auto write_pace = 5ms;
constexpr auto rotation_retry = 10s;
constexpr duration longest_time = 24h * 365;

} // namespace

file_sink::file_sink(const file_options& options, const sink_setting& setting)
    : options_(options), rule_{options.rotate.bytes, options.rotate_every}, books_(setting.books),
      spans_(setting.spans), reader_(setting.source, writer_.executor(), setting.filter()),
      chunk_(wire_framing(options.framing)), nap_(writer_.executor()) {
    if (options.rotates() && options.path == "-")
        throw usage_error("standard output can't be rotated");
    if (std::max(options.fsync.every, options.rotate_every) > longest_time)
        throw usage_error("options fsync and rotate-every: must be at most 365d");
    if (!options.rotates() && (options.keep > 0 || options.compress != compression::none))
        throw usage_error("keep and compress need rotate or rotate-every");
    books_.set_target(options.path);
}

file_sink::~file_sink() {
    closing_ = true;
    archiver_.stop();
    writer_.stop();
}

void file_sink::open() {
    file_ = open_output(options_.path, options_.mode, wire_framing(options_.framing));
    if (options_.rotates() && !file_.rotatable())
        throw startup_error("'" + options_.path + "' is no regular file and can't be rotated");
}

void file_sink::start() {
    if (options_.rotates()) {
        archiver_.start("weir-archive", priority::low);
        tidy();
    }
    tasks_.spawn(writer_.executor(), run());
    writer_.start("weir-file");
}

void file_sink::stop_now() {
    reader_.stop();
    writer_.post([this, held = tasks_.hold()] { nap_.cancel(); });
}

void file_sink::reopen() {
    move_on_ = true; // for a writer that never pauses
    writer_.post([this, held = tasks_.hold()] {
        if (chunk_.empty())
            move_on();
        nap_.cancel();
    });
}

task<> file_sink::run() {
    for (;;) {
        co_await gather();
        if (reader_.stopped())
            break;
        if (!chunk_.empty()) {
            co_await write_chunk();
        } else if (reader_.finished()) {
            break;
        } else {
            do_chores();
            co_await reader_.wait(next_chore());
        }
    }
    give_up(loss::shutdown);
    if (options_.fsync.every.count() > 0)
        sync();
}

task<> file_sink::gather() {
    for (bool napped = false;; napped = true) {
        while (!chunk_.full()) {
            batch_ptr next = reader_.try_take();
            if (!next)
                break;
            if (chunk_.empty())
                taken_ = receive_clock::now();
            chunk_.add(std::move(next));
        }
        const steady::duration since = steady::now() - last_write_;
        if (napped || chunk_.empty() || chunk_.full() || since >= write_pace || reader_.finished())
            co_return;
        co_await nap(write_pace - since);
    }
}

task<> file_sink::write_chunk() {
    do_chores();
    backoff patience(100ms, 10s);
    while (!chunk_.done() && !reader_.stopped() && !broken_) {
        const std::span<const iovec> parts = chunk_.rest(room(), file_.size() == 0);
        if (parts.empty()) {
            rotate();
            continue;
        }
        std::error_code fault;
        chunk_.advance(file_.write(parts, fault));
        if (!fault || fault == std::errc::resource_unavailable_try_again ||
            fault == std::errc::interrupted)
            continue;
        if (fault == std::errc::broken_pipe) {
            log_.error("nobody reads '{}' any more; all further events for it are lost",
                       options_.path);
            broken_ = true;
            break;
        }
        failures_.warn("can't write '{}': {}; trying again until it works", options_.path,
                       fault.message());
        books_.retries.add();
        co_await nap(patience.next());
        if (move_on_)
            move_on();
    }
    last_write_ = steady::now();
    if (broken_)
        co_return give_up(loss::rejected);
    if (!chunk_.done())
        co_return;
    if (!unsynced_) {
        unsynced_ = true;
        next_sync_ = last_write_ + options_.fsync.every;
    }
    if (options_.fsync.batch)
        sync();
    note(chunk_.all(), false);
    chunk_.clear();
    if (move_on_)
        move_on();
}

// What may be written before the file is to be rotated.
std::uint64_t file_sink::room() const {
    return steady::now() < next_rotation_ ? file_chunk::unlimited : rule_.room(file_.size());
}

task<> file_sink::nap(steady::duration time) {
    nap_.expires_after(time);
    co_await nap_.async_wait(use_task_tuple);
}

// The records of the chunk that are written whole are delivered, the others lost; what is half
// written is taken back.
void file_sink::give_up(loss why) {
    const file_chunk::part all = chunk_.all();
    const file_chunk::part whole = chunk_.whole();
    file_.cut(chunk_.take_back());
    note(whole, why == loss::rejected);
    books_.lost_messages[why].add(all.messages - whole.messages);
    chunk_.clear();
}

void file_sink::note(const file_chunk::part& delivered, bool others_failed) {
    count_delivery(books_, delivered.messages, delivered.payload);
    const auto now = receive_clock::now();
    std::size_t left = delivered.messages;
    for (const batch_ptr& each : chunk_.batches()) {
        const std::size_t some = std::min(left, each->size());
        left -= some;
        if (some > 0)
            note_delivery(books_, spans_, *each, {some, taken_, now});
        if (some < each->size() && others_failed)
            note_delivery(books_, spans_, *each, {each->size() - some, taken_, now, true});
    }
}

void file_sink::do_chores() {
    const steady::time_point now = steady::now();
    if (options_.fsync.every.count() > 0 && unsynced_ && now >= next_sync_)
        sync();
    if (rule_.due(file_.size(), file_.began(), wall_now()))
        rotate();
}

file_sink::steady::time_point file_sink::next_chore() const {
    steady::time_point next = async_reader::forever;
    if (options_.fsync.every.count() > 0 && unsynced_)
        next = next_sync_;
    if (const auto due = rule_.next(file_.began()); due && file_.size() > 0)
        next = std::min(next, std::max(steady::now() + (*due - wall_now()), next_rotation_));
    return next;
}

void file_sink::sync() {
    std::error_code fault;
    file_.sync(fault);
    unsynced_ = false;
    if (fault)
        failures_.warn("can't fsync '{}': {}", options_.path, fault.message());
}

// Where it fails, writing goes on in the file that is open, whatever it is called by then, and it
// is tried again later. As long as it is open it is locked, and nobody compresses it.
void file_sink::rotate() {
    if (steady::now() < next_rotation_)
        return;
    try {
        if (options_.fsync.every.count() > 0)
            sync();
        const std::string& path = options_.path;
        if (file_.is_still(path))
            std::filesystem::rename(path, rotated_name(path, wall_now(), list_rotated(path)));
        file_ = output_file(path, options_.mode, wire_framing(options_.framing));
        tidy();
    } catch (const std::exception& fault) {
        next_rotation_ = steady::now() + rotation_retry;
        failures_.warn("can't rotate '{}': {}", options_.path, fault.what());
    }
}

// To the file that is at the path now, if the one that is open was moved away.
void file_sink::move_on() {
    if (!move_on_.exchange(false) || options_.path == "-" || file_.is_still(options_.path))
        return;
    try {
        output_file fresh(options_.path, options_.mode, wire_framing(options_.framing));
        file_.cut(chunk_.take_back());
        if (options_.fsync.every.count() > 0)
            sync();
        file_ = std::move(fresh);
        log_.info("reopened '{}'", options_.path);
    } catch (const std::exception& fault) {
        log_.warn("can't reopen '{}', writing to the old one: {}", options_.path, fault.what());
    }
}

void file_sink::tidy() {
    archiver_.post([this] {
        try {
            tidy_rotated(options_.path, options_.keep, options_.compress, closing_);
        } catch (const std::exception& fault) {
            failures_.warn("can't tidy up behind '{}': {}", options_.path, fault.what());
        }
    });
}

} // namespace weir
