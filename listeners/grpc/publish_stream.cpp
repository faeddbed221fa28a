#include "listeners/grpc/publish_stream.hpp"

#include "listeners/grpc/bytes.hpp"
#include "listeners/grpc/call_trace.hpp"
#include "queues/publish.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

namespace weir {

namespace {

constexpr std::chrono::milliseconds longest_rest{1}; // of an event in an unfinished batch

} // namespace

publish_stream::publish_stream(grpc_port& port, grpc::CallbackServerContext& call,
                               grpc::ByteBuffer& reply, std::shared_ptr<void> place)
    : port_(port), call_(call), reply_(reply), place_(std::move(place)),
      running_(port.tasks.hold()), home_(port.setting.executors.next()), timer_(home_),
      intake_(traced_origin(port, call, span_), port.max_message) {}

grpc::ServerReadReactor<grpc::ByteBuffer>*
publish_stream::begin(grpc_port& port, grpc::CallbackServerContext& call, grpc::ByteBuffer& reply) {
    std::shared_ptr<void> place = port.calls.admit();
    const bool admitted = place != nullptr;
    const auto fresh = std::make_shared<publish_stream>(port, call, reply, std::move(place));
    fresh->self_ = fresh;
    if (const grpc::Status judged = port.judge(call); !judged.ok()) {
        fresh->turn_away(judged);
    } else if (!admitted) {
        fresh->turn_away(port.refuse(refusal::busy));
    } else if (!port.calls.enter(fresh)) {
        fresh->turn_away(port.refuse(refusal::closing));
    } else {
        next what = next::nothing;
        {
            const std::lock_guard lock(fresh->mutex_);
            what = fresh->decide();
        }
        fresh->carry_out(what);
    }
    return fresh.get();
}

// Before anything was read.
void publish_stream::turn_away(const grpc::Status& why) {
    finished_ = true;
    span_.end(port_.setting.spans, port_.setting.books, 0, false);
    Finish(why);
}

void publish_stream::OnReadDone(bool ok) {
    next what = next::nothing;
    {
        const std::lock_guard lock(mutex_);
        reading_ = false;
        if (finished_) {
            if (ok)
                port_.refuse(refusal::closing);
            return;
        }
        if (ok)
            take();
        else
            ended_ = true;
        publish();
        what = decide();
    }
    carry_out(what);
}

void publish_stream::OnDone() {
    port_.calls.leave(this);
    place_.reset();
    running_.reset(); // from here on the port may be gone
    self_.reset();
}

void publish_stream::stop() {
    next what = next::nothing;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        publish();
        what = decide();
    }
    carry_out(what);
}

void publish_stream::stop_now() {
    next what = next::nothing;
    {
        const std::lock_guard lock(mutex_);
        giving_up_ = true;
        what = decide();
    }
    carry_out(what);
}

void publish_stream::take() {
    if (!from_bytes(read_, event_)) {
        ended_ = true;
        why_ = refusal::bad_request;
        ++refused_;
        port_.refuse(refusal::bad_request);
        return;
    }
    if (const auto why = intake_.add(event_.topic(), event_.data())) {
        ++refused_;
        port_.refuse(*why);
    }
}

void publish_stream::publish() {
    if (publishing_ || intake_.empty())
        return;
    if (!ended_ && !stopping_ && !due_ && !intake_.full())
        return arm();
    due_ = false;
    std::vector<batch_ptr> batches = intake_.take();
    for (auto at = batches.begin(); at != batches.end(); ++at) {
        const std::size_t events = (*at)->size();
        switch (offer(port_.setting.destination, port_.setting.books, *at)) {
        case publish_result::published:
            accepted_ += events;
            break;
        case publish_result::dropped:
            refused_ += events;
            break;
        case publish_result::closed:
            refused_ += events;
            why_ = refusal::closing;
            ended_ = true;
            break;
        case publish_result::full: {
            publishing_ = true;
            std::vector<batch_ptr> waiting(std::make_move_iterator(at),
                                           std::make_move_iterator(batches.end()));
            port_.tasks.spawn(home_, publish_patiently(shared_from_this(), std::move(waiting)));
            return;
        }
        }
    }
}

void publish_stream::arm() {
    if (std::exchange(armed_, true))
        return;
    boost::asio::post(home_, [self = shared_from_this()] {
        self->timer_.expires_after(longest_rest);
        self->timer_.async_wait([self](boost::system::error_code) {
            next what = next::nothing;
            {
                const std::lock_guard lock(self->mutex_);
                self->armed_ = false;
                self->due_ = true;
                self->publish();
                self->due_ = false;
                what = self->decide();
            }
            self->carry_out(what);
        });
    });
}

task<> publish_stream::publish_patiently(std::shared_ptr<publish_stream> self,
                                         std::vector<batch_ptr> waiting) {
    for (batch_ptr& each : waiting) {
        const std::size_t events = each->size();
        const bool published =
            co_await publish_when_space(self->port_.setting.destination, self->port_.setting.books,
                                        std::move(each), self->home_, as_long_as_it_takes);
        const std::lock_guard lock(self->mutex_);
        (published ? self->accepted_ : self->refused_) += events;
    }
    next what = next::nothing;
    {
        const std::lock_guard lock(self->mutex_);
        self->publishing_ = false;
        self->publish();
        what = self->decide();
    }
    self->carry_out(what);
}

// What waits for space already is the queue's to let go.
void publish_stream::give_up() {
    for (const batch_ptr& each : intake_.take()) {
        port_.setting.books.refused_messages[refusal::closing].add(each->size());
        refused_ += each->size();
    }
}

publish_stream::next publish_stream::decide() {
    if (finished_)
        return next::nothing;
    if (giving_up_)
        give_up();
    else if (publishing_)
        return next::nothing;
    if (ended_ || stopping_ || giving_up_) {
        if (!intake_.empty() || starting_reads_ > 0)
            return next::nothing;
        finished_ = true;
        return next::finish;
    }
    if (reading_)
        return next::nothing;
    reading_ = true;
    ++starting_reads_;
    return next::read;
}

// Within StartRead the read may end already and begin another. Finish is not called before all of
// them have returned, for it may be the call's end, and theirs.
void publish_stream::carry_out(next what) {
    const auto alive = shared_from_this();
    while (what == next::read) {
        StartRead(&read_);
        const std::lock_guard lock(mutex_);
        --starting_reads_;
        what = decide();
    }
    if (what == next::nothing)
        return;
    grpc::Status status;
    {
        const std::lock_guard lock(mutex_);
        status = outcome();
    }
    Finish(std::move(status));
}

// Where the client has gone, nobody hears this: gRPC may not know it yet.
grpc::Status publish_stream::outcome() {
    if (!ended_)
        why_ = refusal::closing;
    span_.end(port_.setting.spans, port_.setting.books, accepted_, !why_);
    if (why_) {
        call_.AddTrailingMetadata("weir-accepted", std::to_string(accepted_));
        call_.AddTrailingMetadata("weir-refused", std::to_string(refused_));
        return status_of(*why_);
    }
    weir::v1::Summary summary;
    summary.set_accepted(accepted_);
    summary.set_refused(refused_);
    reply_ = to_bytes(summary);
    return grpc::Status::OK;
}

} // namespace weir
