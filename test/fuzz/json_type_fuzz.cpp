// The type of any text is what a parser that builds the whole document finds there.
#include "test/wire/feed.hpp"
#include "wire/json_type.hpp"

#include <boost/json.hpp>

using namespace weir;
using namespace weir::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    boost::json::parse_options options;
    options.max_depth = 200;
    boost::system::error_code fault;
    const boost::json::value document = boost::json::parse(text, fault, {}, options);
    std::string type;
    if (!fault && document.is_object())
        if (const auto* member = document.as_object().if_contains("type"))
            if (const auto* string = member->if_string())
                type = {string->data(), string->size()};
    promise(json_type(text) == type, "the same type");
    return 0;
}
