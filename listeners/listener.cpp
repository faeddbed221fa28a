#include "listeners/listener.hpp"

#include "listeners/acceptor.hpp"

namespace weir {

void listener::listen() {
    if (acceptor* const own = accepts())
        own->listen();
}

bool listener::take_over(listener& from) {
    acceptor* const own = accepts();
    acceptor* const others = from.accepts();
    if (!own || !others)
        return false;
    own->take_over(*others);
    return true;
}

void listener::abandon() {
    if (acceptor* const own = accepts())
        own->abandon();
}

} // namespace weir
