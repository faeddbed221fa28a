// A self-signed certificate made on the spot, and a server's TLS context that uses it.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>

namespace weir {

struct certificate {
    std::string certificate_pem;
    std::string key_pem;
};

namespace detail {

template <class Write>
std::string to_pem(Write&& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    BOOST_REQUIRE(write(memory.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

inline void add_extension(X509* to, int what, const char* value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value), X509_EXTENSION_free);
    BOOST_REQUIRE(extension);
    BOOST_REQUIRE(X509_add_ext(to, extension.get(), -1) == 1);
}

} // namespace detail

inline certificate make_certificate(const std::string& host) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_NAME* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("weir test"), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    detail::add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    detail::add_extension(made.get(), NID_subject_alt_name, ("DNS:" + host).c_str());
    X509_set_pubkey(made.get(), key.get());
    BOOST_REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return {detail::to_pem([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); }),
            detail::to_pem([&](BIO* to) {
                return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

inline boost::asio::ssl::context server_tls(const certificate& with) {
    boost::asio::ssl::context context(boost::asio::ssl::context::tls_server);
    context.use_certificate_chain(boost::asio::buffer(with.certificate_pem));
    context.use_private_key(boost::asio::buffer(with.key_pem), boost::asio::ssl::context::pem);
    return context;
}

} // namespace weir
