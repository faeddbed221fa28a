// A connection is a descriptor; the usual soft limit of 1024 is no protection here.
#pragma once

#include <sys/resource.h>

namespace weir {

inline void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace weir
