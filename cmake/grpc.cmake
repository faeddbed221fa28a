# gRPC from Debian's packages, and weir_proto: what protoc makes of proto/, in the build folder. Not our
# code, so without our warnings, clang-tidy and the precompiled header.
pkg_check_modules(GRPC REQUIRED IMPORTED_TARGET grpc++ protobuf)
find_library(WEIR_GRPC_REFLECTION grpc++_reflection REQUIRED)
find_program(WEIR_PROTOC protoc REQUIRED)
find_program(WEIR_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)

set(WEIR_PROTO_ROOT ${CMAKE_CURRENT_SOURCE_DIR}/proto)
set(WEIR_PROTO_OUT ${CMAKE_CURRENT_BINARY_DIR}/generated/proto)
set(generated ${WEIR_PROTO_OUT}/weir/v1/ingest)
file(MAKE_DIRECTORY ${WEIR_PROTO_OUT})
add_custom_command(
  OUTPUT ${generated}.pb.cc ${generated}.pb.h ${generated}.grpc.pb.cc ${generated}.grpc.pb.h
  COMMAND ${WEIR_PROTOC} -I ${WEIR_PROTO_ROOT} --cpp_out=${WEIR_PROTO_OUT} --grpc_out=${WEIR_PROTO_OUT}
    --plugin=protoc-gen-grpc=${WEIR_GRPC_PLUGIN} ${WEIR_PROTO_ROOT}/weir/v1/ingest.proto
  DEPENDS ${WEIR_PROTO_ROOT}/weir/v1/ingest.proto)

add_library(weir_proto STATIC ${generated}.pb.cc ${generated}.grpc.pb.cc)
target_include_directories(weir_proto SYSTEM PRIVATE ${WEIR_PROTO_OUT})
target_link_libraries(weir_proto PRIVATE weir_flags PUBLIC PkgConfig::GRPC ${WEIR_GRPC_REFLECTION})
target_compile_options(weir_proto PRIVATE -w)
set_target_properties(weir_proto PROPERTIES CXX_CLANG_TIDY "")
