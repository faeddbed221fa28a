#include "listeners/grpc/calls.hpp"

#include "listeners/grpc/publish_call.hpp"

namespace weir {

std::shared_ptr<void> grpc_calls::admit() {
    if (admitted_.fetch_add(1) >= most_) {
        admitted_.fetch_sub(1);
        return nullptr;
    }
    return {this, [this](void*) { admitted_.fetch_sub(1); }};
}

bool grpc_calls::enter(const std::shared_ptr<publish_call>& call) {
    const std::lock_guard lock(mutex_);
    if (stopping_)
        return false;
    call->whole_ = call;
    live_.push_back(*call);
    return true;
}

void grpc_calls::leave(live_call& call) {
    const std::lock_guard lock(mutex_);
    if (call.is_linked())
        live_.erase(live_.iterator_to(call));
}

std::vector<std::shared_ptr<publish_call>> grpc_calls::alive() {
    std::vector<std::shared_ptr<publish_call>> all;
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const live_call& call : live_)
        if (auto here = call.whole_.lock())
            all.push_back(std::move(here));
    return all;
}

void grpc_calls::stop() {
    for (const auto& call : alive())
        call->stop();
}

void grpc_calls::stop_now() {
    for (const auto& call : alive())
        call->stop_now();
}

} // namespace weir
