#include "listeners/grpc/bytes.hpp"

#include "wire/http_encoding.hpp"

#include <cstring>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <string>
#include <string_view>

namespace weir {

namespace {

// gRPC leaves what is packed as it came, with a note that only its C buffer shows; that the C++ one
// is a pointer to it, gRPC's own header asserts.
content_encoding packing_of(const grpc::ByteBuffer& from) {
    const grpc_byte_buffer* raw = nullptr;
    static_assert(sizeof raw == sizeof from);
    std::memcpy(&raw, &from, sizeof raw);
    switch (raw->data.raw.compression) {
    case GRPC_COMPRESS_GZIP:
        return content_encoding::gzip;
    case GRPC_COMPRESS_DEFLATE:
        return content_encoding::deflate;
    default:
        return content_encoding::identity;
    }
}

std::optional<refusal> unpack(const grpc::ByteBuffer& from, content_encoding packing,
                              std::size_t most, google::protobuf::Message& to) {
    grpc::Slice packed;
    std::string whole;
    if (!from.DumpToSingleSlice(&packed).ok())
        return refusal::bad_request;
    const std::string_view body(reinterpret_cast<const char*>(packed.begin()), packed.size());
    if (const auto fault = decode_content(packing, body, most, whole))
        return fault->status == 413 ? refusal::oversize : refusal::bad_request;
    if (!to.ParseFromString(whole))
        return refusal::bad_request;
    return std::nullopt;
}

} // namespace

grpc::ByteBuffer to_bytes(const google::protobuf::Message& from) {
    grpc::ByteBuffer out;
    bool own = false;
    grpc::SerializationTraits<google::protobuf::Message>::Serialize(from, &out, &own);
    return out;
}

std::optional<refusal> read_message(grpc::ByteBuffer& from, std::size_t most,
                                    google::protobuf::Message& to) {
    grpc::ByteBuffer all;
    all.Swap(&from);
    if (!all.Valid()) // gRPC left it empty
        return refusal::bad_request;
    if (all.Length() > most)
        return refusal::oversize;
    if (const auto packing = packing_of(all); packing != content_encoding::identity)
        return unpack(all, packing, most, to);
    if (!grpc::SerializationTraits<google::protobuf::Message>::Deserialize(&all, &to).ok())
        return refusal::bad_request;
    return std::nullopt;
}

} // namespace weir
