#include "listeners/grpc/publish_call.hpp"

#include "listeners/grpc/bytes.hpp"
#include "listeners/grpc/call_trace.hpp"
#include "queues/publish.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

namespace {

constexpr std::chrono::milliseconds longest_rest{1}; // of an event in an unfinished batch
constexpr std::chrono::seconds most_patience{10};    // of a single one; as over HTTP
constexpr std::size_t most_besides = 64u << 10;      // bytes of an Event that are not its data
using wall_clock = std::chrono::system_clock;

// Of it nothing is read. gRPC says when it is done.
class refused_call final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
public:
    explicit refused_call(const grpc::Status& why) { Finish(why); }
    void OnDone() override { delete this; }
};

// A stream can be held back, by not reading on.
std::chrono::nanoseconds patience(publish_call::kind what,
                                  const grpc::CallbackServerContext& call) {
    if (what == publish_call::kind::stream)
        return as_long_as_it_takes;
    const auto now = wall_clock::now();
    if (call.deadline() >= now + most_patience)
        return most_patience;
    return std::max(call.deadline() - now, wall_clock::duration::zero());
}

} // namespace

publish_call::publish_call(grpc_port& port, grpc::CallbackServerContext& call,
                           grpc::ByteBuffer& reply, kind what, std::shared_ptr<void> place)
    : port_(port), call_(call), reply_(reply), kind_(what), place_(std::move(place)),
      running_(port.tasks.hold()), home_(port.setting.executors.next()), timer_(home_),
      intake_(traced_origin(port, call, span_), port.max_message) {}

grpc::ServerReadReactor<grpc::ByteBuffer>* publish_call::begin(grpc_port& port,
                                                               grpc::CallbackServerContext& call,
                                                               grpc::ByteBuffer& reply, kind what) {
    std::shared_ptr<void> place;
    grpc::Status judged = port.judge(call);
    if (judged.ok() && what == kind::stream && !(place = port.calls.admit()))
        judged = port.refuse(refusal::busy);
    if (!judged.ok())
        return new refused_call(judged);
    const auto fresh = std::make_shared<publish_call>(port, call, reply, what, std::move(place));
    fresh->self_ = fresh;
    if (port.calls.enter(fresh)) {
        fresh->change([] {});
    } else {
        port.refuse(refusal::closing);
        fresh->stop();
    }
    return fresh.get();
}

template <class Change>
void publish_call::change(const Change& what) {
    next then = next::nothing;
    {
        const std::lock_guard lock(mutex_);
        what();
        then = decide();
    }
    carry_out(then);
}

void publish_call::OnReadDone(bool ok) {
    change([&] {
        reading_ = false;
        if (finished_) { // by stop; an event is as good as there, of one that has not come
            if (ok || kind_ == kind::one)
                port_.refuse(refusal::closing);
            return;
        }
        if (ok)
            take();
        else
            end();
        publish();
    });
}

void publish_call::OnDone() {
    port_.calls.leave(*this);
    place_.reset();
    running_.reset(); // from here on the port may be gone
    self_.reset();
}

void publish_call::stop() {
    change([&] {
        stopping_ = true;
        publish();
    });
}

void publish_call::stop_now() {
    change([&] { giving_up_ = true; });
}

void publish_call::take() {
    ended_ = kind_ == kind::one;
    if (const auto why = read_message(read_, port_.max_message + most_besides, event_)) {
        ended_ = ended_ || *why == refusal::bad_request;
        refuse(*why);
    } else if (const auto unfit = intake_.add(event_.topic(), event_.data())) {
        refuse(*unfit);
    }
}

// Where the call broke off gRPC doesn't say whether an event was on its way.
void publish_call::end() {
    ended_ = true;
    if (call_.IsCancelled())
        refuse(refusal::timeout);
    else if (kind_ == kind::one)
        refuse(refusal::bad_request);
}

void publish_call::refuse(refusal why) {
    ++refused_;
    port_.refuse(why);
    if (ended_)
        why_ = why;
}

void publish_call::publish() {
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
            if (kind_ == kind::one)
                why_ = refusal::queue_full;
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
            port_.tasks.spawn(home_, publish_patiently(shared_from_this(), std::move(waiting),
                                                       patience(kind_, call_)));
            return;
        }
        }
    }
}

void publish_call::arm() {
    if (std::exchange(armed_, true))
        return;
    boost::asio::post(home_, [self = shared_from_this()] {
        self->timer_.expires_after(longest_rest);
        self->timer_.async_wait([self](boost::system::error_code) {
            self->change([&] {
                self->armed_ = false;
                self->due_ = true;
                self->publish();
                self->due_ = false;
            });
        });
    });
}

task<> publish_call::publish_patiently(std::shared_ptr<publish_call> self,
                                       std::vector<batch_ptr> waiting,
                                       std::chrono::nanoseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (batch_ptr& each : waiting) {
        const std::size_t events = each->size();
        const bool published =
            co_await publish_when_space(self->port_.setting.destination, self->port_.setting.books,
                                        std::move(each), self->home_, patience);
        const std::lock_guard lock(self->mutex_);
        (published ? self->accepted_ : self->refused_) += events;
        if (!published) { // in time, or at all: the queue has closed
            const bool late = std::chrono::steady_clock::now() >= until;
            self->why_ = late ? refusal::queue_full : refusal::closing;
            self->ended_ = true;
        }
    }
    self->change([&] {
        self->publishing_ = false;
        self->publish();
    });
}

// What waits for space already is the queue's to let go.
void publish_call::give_up() {
    for (const batch_ptr& each : intake_.take()) {
        port_.setting.books.refused_messages[refusal::closing].add(each->size());
        refused_ += each->size();
    }
}

publish_call::next publish_call::decide() {
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
void publish_call::carry_out(next what) {
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
grpc::Status publish_call::outcome() {
    if (!ended_ || publishing_)
        why_ = refusal::closing;
    span_.end(port_.setting.spans, port_.setting.books, accepted_, !why_);
    if (why_) {
        if (kind_ == kind::stream) {
            call_.AddTrailingMetadata("weir-accepted", std::to_string(accepted_));
            call_.AddTrailingMetadata("weir-refused", std::to_string(refused_));
        }
        if (why_ == refusal::queue_full && call_.deadline() <= wall_clock::now())
            return {grpc::DEADLINE_EXCEEDED, "the queue is full"};
        return status_of(*why_);
    }
    if (kind_ == kind::one) {
        reply_ = to_bytes(v1::PublishReply());
        return grpc::Status::OK;
    }
    v1::Summary summary;
    summary.set_accepted(accepted_);
    summary.set_refused(refused_);
    reply_ = to_bytes(summary);
    return grpc::Status::OK;
}

} // namespace weir
