// Between gRPC's buffers and messages. Pure, any thread.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>

namespace weir {

inline grpc::ByteBuffer to_bytes(const google::protobuf::Message& from) {
    grpc::ByteBuffer out;
    bool own = false;
    grpc::SerializationTraits<google::protobuf::Message>::Serialize(from, &out, &own);
    return out;
}

// False where it is no such message; a buffer that gRPC left empty is none either.
template <class Message>
bool from_bytes(const grpc::ByteBuffer& from, Message& to) {
    grpc::ByteBuffer shared = from;
    return shared.Valid() && grpc::SerializationTraits<Message>::Deserialize(&shared, &to).ok();
}

} // namespace weir
