#include "wire/decoded.hpp"

namespace weir {

std::string_view to_string(decode_error error) {
    switch (error) {
    case decode_error::none:
        return "none";
    case decode_error::too_long:
        return "too_long";
    case decode_error::bad_frame:
        return "bad_frame";
    case decode_error::bad_utf8:
        return "bad_utf8";
    case decode_error::too_many:
        return "too_many";
    }
    return "unknown";
}

} // namespace weir
