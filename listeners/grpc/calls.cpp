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
    live_[call.get()] = call;
    return true;
}

void grpc_calls::leave(publish_call* call) {
    const std::lock_guard lock(mutex_);
    live_.erase(call);
}

std::vector<std::shared_ptr<publish_call>> grpc_calls::alive() {
    std::vector<std::shared_ptr<publish_call>> all;
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [address, call] : live_)
        if (auto here = call.lock())
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
