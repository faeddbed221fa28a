// Between gRPC's buffers and messages. Pure, any thread.
#pragma once

#include "base/books.hpp"

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <optional>

namespace weir {

grpc::ByteBuffer to_bytes(const google::protobuf::Message& from);

// Why it is no such message; nothing where it is. What came packed, by gzip or deflate, is
// unpacked, to `most` bytes: beyond, packed or not, it is oversize and not looked into. `from` is
// empty then.
std::optional<refusal> read_message(grpc::ByteBuffer& from, std::size_t most,
                                    google::protobuf::Message& to);

} // namespace weir
