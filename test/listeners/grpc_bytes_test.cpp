#include "listeners/grpc/bytes.hpp"
#include "test/zipped.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <string>
#include <weir/v1/ingest.pb.h>

using namespace weir;

namespace {

constexpr int zlib = 15;
constexpr int gzip = 31;
constexpr std::size_t most = 1000;

struct initialised : grpc::GrpcLibraryCodegen {
} grpc_is_there;

// As gRPC hands it over: what came, and how that is packed.
grpc::ByteBuffer received(const std::string& bytes, grpc_compression_algorithm packing) {
    grpc_slice slice = grpc_slice_from_copied_buffer(bytes.data(), bytes.size());
    grpc_byte_buffer* const raw = grpc_raw_compressed_byte_buffer_create(&slice, 1, packing);
    grpc_slice_unref(slice);
    grpc::ByteBuffer out;
    std::memcpy(static_cast<void*>(&out), &raw, sizeof raw);
    return out;
}

std::optional<refusal> read(const std::string& bytes, grpc_compression_algorithm packing,
                            const std::string& data) {
    v1::Event event;
    grpc::ByteBuffer from = received(bytes, packing);
    const auto why = read_message(from, most, event);
    if (!why)
        BOOST_TEST(event.data() == data);
    return why;
}

std::string event_of(std::size_t size) {
    v1::Event event;
    event.set_data(std::string(size, 'x'));
    return event.SerializeAsString();
}

} // namespace

BOOST_AUTO_TEST_SUITE(grpc_bytes)

BOOST_AUTO_TEST_CASE(a_message_is_read_packed_or_not) {
    const std::string data(500, 'x');
    const std::string whole = event_of(500);
    BOOST_TEST(!read(whole, GRPC_COMPRESS_NONE, data));
    BOOST_TEST(!read(zipped(whole, gzip), GRPC_COMPRESS_GZIP, data));
    BOOST_TEST(!read(zipped(whole, zlib), GRPC_COMPRESS_DEFLATE, data));
    BOOST_TEST(!read("", GRPC_COMPRESS_NONE, ""));
}

BOOST_AUTO_TEST_CASE(too_long_is_too_long_however_it_is_packed) {
    const std::string longer = event_of(most);
    BOOST_TEST((read(longer, GRPC_COMPRESS_NONE, "") == refusal::oversize));
    BOOST_TEST((read(zipped(longer, gzip), GRPC_COMPRESS_GZIP, "") == refusal::oversize));
    BOOST_TEST((read(zipped(longer, zlib), GRPC_COMPRESS_DEFLATE, "") == refusal::oversize));
    BOOST_TEST((read(std::string(most + 1, 'x'), GRPC_COMPRESS_GZIP, "") == refusal::oversize));
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_no_message) {
    const std::string packed = zipped(event_of(500), gzip);
    for (std::size_t cut = 0; cut < packed.size(); ++cut)
        BOOST_TEST((read(packed.substr(0, cut), GRPC_COMPRESS_GZIP, "") == refusal::bad_request));
    BOOST_TEST((read(packed, GRPC_COMPRESS_NONE, "") == refusal::bad_request));
    BOOST_TEST((read(packed + "x", GRPC_COMPRESS_GZIP, "") == refusal::bad_request));
    BOOST_TEST((read(event_of(5), GRPC_COMPRESS_GZIP, "") == refusal::bad_request));
    BOOST_TEST((read(zipped("\xff\xff", gzip), GRPC_COMPRESS_GZIP, "") == refusal::bad_request));
    v1::Event event;
    grpc::ByteBuffer nothing;
    BOOST_TEST((read_message(nothing, most, event) == refusal::bad_request));
}

BOOST_AUTO_TEST_SUITE_END()
