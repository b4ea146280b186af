// SPDX-License-Identifier: Apache-2.0
#include "tls.hpp"
#include <ctime>
#include <openssl/err.h>
#include <openssl/pem.h>

using namespace cb;

namespace {

template <auto function>
struct With {
    template <class T>
    void operator()(T *object) const { function(object); }
};
using Bio = std::unique_ptr<BIO, With<BIO_free>>;
using Certificate = std::unique_ptr<X509, With<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;

Bio reader(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/// Called for a key that is locked. Without this OpenSSL would ask at the terminal and the start would hang.
int no_password(char *, int, int, void *asked) {
    *static_cast<bool *>(asked) = true;
    return -1;
}

int64_t seconds(const ASN1_TIME *time) {
    tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

/// RFC 7301 3.2: a client that names protocols, but not ours, is told so in the handshake.
int choose_protocol(SSL *, const unsigned char **chosen, unsigned char *size, const unsigned char *offered,
                    unsigned int offered_size, void *) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    int outcome = SSL_select_next_proto(const_cast<unsigned char **>(chosen), size, ours, sizeof ours - 1, offered,
                                        offered_size);
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace

Ref<cb_tls> cb_tls::make(std::string_view certificate, std::string_view key, int &problem) {
    Ref<cb_tls> tls(new cb_tls());
    problem = tls->configure() ? tls->load(certificate, key) : cb_tls_failed;
    ERR_clear_error();
    return problem ? nullptr : tls;
}

bool cb_tls::configure() {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    auto *context = context_.get();
    if (!context) return false;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // A body is framed by HTTP, so a connection that ends without TLS's farewell cannot shorten one unnoticed.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
                            | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // What an idle connection does not need of its 2 x 17 kB goes back; see wire.hpp for the other two.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Sessions are resumed by tickets, which the client keeps.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    // TLS 1.2 only with forward secrecy and authenticated encryption; TLS 1.3 knows nothing else.
    return SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
}

int cb_tls::load(std::string_view certificate, std::string_view key) {
    auto text = reader(certificate);
    Certificate leaf(text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!leaf || SSL_CTX_use_certificate(context_.get(), leaf.get()) != 1) return cb_tls_bad_certificate;
    begins = seconds(X509_get0_notBefore(leaf.get()));
    ends = seconds(X509_get0_notAfter(leaf.get()));
    while (X509 *above = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) {
        if (SSL_CTX_add0_chain_cert(context_.get(), above) != 1) {
            X509_free(above);
            return cb_tls_bad_certificate;
        }
    }
    bool is_locked = false;
    auto secret = reader(key);
    Key pair(secret ? PEM_read_bio_PrivateKey(secret.get(), nullptr, no_password, &is_locked) : nullptr);
    if (!pair) return is_locked ? cb_tls_locked_key : cb_tls_bad_key;
    if (X509_check_private_key(leaf.get(), pair.get()) != 1) return cb_tls_not_a_pair;
    return SSL_CTX_use_PrivateKey(context_.get(), pair.get()) == 1 ? 0 : cb_tls_bad_key;
}

SSL *cb_tls::open(int descriptor) const {
    SSL *session = SSL_new(context_.get());
    if (!session) return nullptr;
    if (SSL_set_fd(session, descriptor) != 1) {
        SSL_free(session);
        return nullptr;
    }
    SSL_set_accept_state(session);
    return session;
}

extern "C" {

cb_tls *cb_tls_new(cb_bytes certificate, cb_bytes key, int *problem) {
    auto text = [](cb_bytes bytes) {
        return std::string_view(reinterpret_cast<const char *>(bytes.base), bytes.size);
    };
    return cb_tls::make(text(certificate), text(key), *problem).detach();
}

int64_t cb_tls_begins(const cb_tls *tls) { return tls->begins; }
int64_t cb_tls_ends(const cb_tls *tls) { return tls->ends; }
void cb_tls_release(cb_tls *tls) { intrusive_ptr_release(tls); }

} // extern "C"
