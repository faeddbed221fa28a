#include "listeners/grpc/subscriber.hpp"

#include "base/error.hpp"
#include "listeners/grpc/bytes.hpp"
#include "wire/utf8.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t piece_bytes = 128u << 10; // and one event more
constexpr std::size_t most_topics = 64;
constexpr std::size_t longest_filter = 1u << 20;

live_wish wish_of(const v1::Filter& filter, slow_client slow) {
    live_wish wish;
    wish.slow = slow;
    wish.topics.assign(filter.topics().begin(), filter.topics().end());
    if (filter.has_last())
        wish.last = filter.last();
    if (filter.has_since())
        wish.since = filter.since();
    if (wish.last && wish.since)
        throw usage_error("last and since exclude one another");
    if (wish.topics.size() > most_topics)
        throw usage_error("more than 64 topics");
    return wish;
}

} // namespace

subscriber::subscriber(grpc_port& port)
    : home_(port.setting.executors.next()), place_(port.calls.admit()) {}

grpc::ServerWriteReactor<grpc::ByteBuffer>*
subscriber::begin(grpc_port& port, const grpc::CallbackServerContext& call,
                  const grpc::ByteBuffer& request) {
    const auto fresh = std::make_shared<subscriber>(port);
    fresh->self_ = fresh;
    const grpc::Status status = fresh->subscribe(port, call, request);
    if (status.ok()) {
        fresh->StartSendInitialMetadata(); // who asks is told at once that it may wait
        fresh->pump_soon();
    } else {
        fresh->finish_if_idle(status);
    }
    return fresh.get();
}

// A subscription is no message: only who may not have it is counted as refused.
grpc::Status subscriber::subscribe(grpc_port& port, const grpc::CallbackServerContext& call,
                                   const grpc::ByteBuffer& request) {
    if (grpc::Status judged = port.judge(call); !judged.ok())
        return judged;
    if (!port.subscribe)
        return {grpc::UNIMPLEMENTED, "the live stream is off"};
    if (!place_)
        return port.refuse(refusal::busy);
    v1::Filter filter;
    grpc::ByteBuffer asked = request;
    if (read_message(asked, longest_filter, filter))
        return {grpc::INVALID_ARGUMENT, "no filter"};
    try {
        subscription_ = port.subscribe(wish_of(filter, port.slow), [weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->pump_soon();
        });
    } catch (const usage_error& wrong) {
        return {grpc::INVALID_ARGUMENT, wrong.what()};
    }
    return subscription_ ? grpc::Status::OK : status_of(refusal::closing);
}

void subscriber::pump_soon() {
    boost::asio::post(home_, [self = shared_from_this()] { self->pump(); });
}

// A notice goes before what was taken with it.
void subscriber::add(const live_subscription::step& notice) {
    if (notice.missed == 0 && !notice.restarted)
        return;
    v1::Event told;
    told.set_missed(notice.missed);
    told.set_restarted(notice.restarted);
    piece_.insert(piece_.begin(), to_bytes(told));
}

// Where the last piece is still being written, its end comes back here.
void subscriber::pump() {
    if (state_ != state::idle || !subscription_)
        return;
    piece_.clear();
    v1::Event event;
    const auto step = subscription_->next(piece_bytes, [&](const live_event& next) {
        event.set_data(next.data.data(), next.data.size());
        const bool text = is_utf8(next.topic); // or no client could read the event
        event.set_topic(text ? std::string(next.topic) : std::string());
        event.set_seq(next.seq);
        event.set_time(next.time.data(), next.time.size());
        event.set_listener(next.listener.data(), next.listener.size());
        piece_.push_back(to_bytes(event));
    });
    add(step);
    using outcome = live_subscription::outcome;
    if (step.now == outcome::overtaken)
        return finish_if_idle({grpc::RESOURCE_EXHAUSTED, "too slow: the stream has moved past"});
    if (step.now == outcome::finished || step.now == outcome::stopped)
        subscription_.reset();
    if (!piece_.empty()) {
        written_ = 0;
        state idle = state::idle;
        if (state_.compare_exchange_strong(idle, state::writing))
            write();
    } else if (!subscription_) {
        finish_if_idle(status_of(refusal::closing));
    } else if (step.now == outcome::more) {
        pump_soon();
    }
}

void subscriber::write() {
    grpc::WriteOptions options;
    if (written_ + 1 < piece_.size())
        options.set_buffer_hint();
    StartWrite(&piece_[written_], options);
}

void subscriber::OnWriteDone(bool ok) {
    const auto alive = shared_from_this();
    if (ok && !cancelled_ && ++written_ < piece_.size())
        return write();
    state_ = state::idle;
    if (!ok || cancelled_)
        finish_if_idle(grpc::Status::CANCELLED);
    else
        boost::asio::post(home_, [self = shared_from_this()] {
            if (self->subscription_)
                self->pump();
            else
                self->finish_if_idle(status_of(refusal::closing));
        });
}

// A handler may hold this longer than the port lives.
void subscriber::OnDone() {
    place_.reset();
    self_.reset();
}

void subscriber::OnCancel() {
    cancelled_ = true;
    finish_if_idle(grpc::Status::CANCELLED);
}

void subscriber::finish_if_idle(const grpc::Status& status) {
    state idle = state::idle;
    if (state_.compare_exchange_strong(idle, state::finished))
        Finish(status);
}

} // namespace weir
