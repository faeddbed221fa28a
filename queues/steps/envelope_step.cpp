#include "queues/steps/envelope_step.hpp"

#include "queues/event_envelope.hpp"

#include <optional>

namespace weir {

namespace {

// As a string an event takes up to six times its bytes, and a batch counts them in 32 bits.
constexpr std::size_t most_bytes = longest_message / 8;

class envelope_step final : public step {
public:
    void begin(const batch_facts& facts) override {
        envelope_.emplace(facts.received, facts.listener);
    }

    bool apply(passing_event& each) override {
        if (each.text().size() > most_bytes) {
            each.pass_by();
            return true;
        }
        envelope_->append(each.draft(), each.seq(), each.topic(), each.text());
        each.take();
        return true;
    }

    bool asks_topic() const override { return true; }
    bool keeps_type() const override { return false; }

private:
    std::optional<event_envelope> envelope_;
};

} // namespace

std::unique_ptr<step> make_envelope_step() { return std::make_unique<envelope_step>(); }

} // namespace weir
