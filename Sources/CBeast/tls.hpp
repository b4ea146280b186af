// SPDX-License-Identifier: Apache-2.0
// What a listener's TLS is made of: certificate, chain and key in an OpenSSL context that connections share.
#pragma once
#include "asio.hpp"
#include "cbeast.h"
#include <memory>
#include <openssl/ssl.h>
#include <string_view>

struct cb_tls final : cb::Counted<cb_tls> {
public:
    /// Null, with the reason in `problem`, when the two are not a usable pair.
    static cb::Ref<cb_tls> make(std::string_view certificate, std::string_view key, int &problem);

    /// One connection's session, waiting for the client's hello; null when memory is out.
    SSL *open(int descriptor) const;

    int64_t begins = 0, ends = 0;

private:
    struct Free {
        void operator()(SSL_CTX *context) const { SSL_CTX_free(context); }
    };

    bool configure();
    int load(std::string_view certificate, std::string_view key);

    std::unique_ptr<SSL_CTX, Free> context_;
};
