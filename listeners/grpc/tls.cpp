#include "listeners/grpc/tls.hpp"

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <fcntl.h>
#include <system_error>

namespace weir {

namespace {

std::string content_of(const std::string& path) {
    try {
        const unique_fd file = open_file(path, O_RDONLY);
        std::string all;
        std::array<char, 4096> some;
        while (const std::size_t n = read_some(file, some.data(), some.size()))
            all.append(some.data(), n);
        return all;
    } catch (const std::system_error& fault) {
        throw startup_error("can't read " + path + ": " + fault.code().message());
    }
}

} // namespace

std::shared_ptr<grpc::ServerCredentials> grpc_credentials(const std::string& cert,
                                                          const std::string& key) {
    if (cert.empty())
        return grpc::InsecureServerCredentials();
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({content_of(key), content_of(cert)});
    // gRPC would find out with the first client.
    namespace ssl = boost::asio::ssl;
    ssl::context probe(ssl::context::tls_server);
    const auto& pair = options.pem_key_cert_pairs.front();
    boost::system::error_code fault;
    probe.use_certificate_chain(boost::asio::buffer(pair.cert_chain), fault);
    if (fault)
        throw startup_error("no certificate in " + cert + ": " + fault.message());
    probe.use_private_key(boost::asio::buffer(pair.private_key), ssl::context::pem, fault);
    if (fault)
        throw startup_error("no private key of that certificate in " + key + ": " +
                            fault.message());
    return grpc::SslServerCredentials(options);
}

} // namespace weir
