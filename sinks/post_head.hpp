// The head of every request of one POST sink: written once, but for what depends on the body.
#pragma once

#include "sinks/post_options.hpp"
#include "sinks/post_request.hpp"

#include <string>

namespace weir {

class post_head {
public:
    explicit post_head(const post_options& options);

    // Ends with the empty line.
    std::string of(const post_request& request, const trace_context* trace = nullptr) const;

private:
    std::string fixed_;
    bool own_content_type_; // the user's header stands in place of ours
    bool own_trace_;
};

} // namespace weir
