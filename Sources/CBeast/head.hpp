// SPDX-License-Identifier: Apache-2.0
// The strict front door: what a request must look like before anything else sees it.
//
// Beast 1.81 reads header grammar and body framing, but is lenient where attackers live: unknown transfer
// codings, a missing Host, folded lines. So the raw block is checked first, then Beast parses it, then the
// fields that decide about framing and routing are judged together. Every answer names the rule it follows.
#pragma once
#include "asio.hpp"
#include "cbeast.h"
#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <string_view>

namespace cb {

namespace http = boost::beast::http;

/// Why a request is refused; status 0 means it is not.
struct Refusal {
    int status = 0;
    const char *code = "";
    const char *message = "";
    explicit operator bool() const { return status != 0; }
};

/// Reads one request with Beast's grammar: judges the fields as they come and collects the body.
class Parser final : public http::basic_parser<true> {
public:
    /// Without a limit for the body: that is set once the header has said what it is for.
    explicit Parser(const cb_limits &limits);

    Refusal refusal() const { return refusal_; }
    /// All about the fields together, once the header is done.
    Refusal judge(bool http11, std::string_view method) const;
    /// The same for a request that asks to become a WebSocket (RFC 6455 4.2.1).
    Refusal judge_upgrade(bool http11, std::string_view method) const;

    bool wants_websocket() const { return upgrade_websocket_; }
    bool expects_continue() const { return expect_continue_; }
    std::string_view host() const { return host_; }
    std::string_view websocket_key() const { return key_; }
    /// What the client offers for a WebSocket, as one list.
    std::string_view extensions() const { return extensions_; }
    std::string_view body() const { return body_; }
    size_t body_bytes() const { return body_.size(); }
    std::string take_body() { return std::exchange(body_, {}); }
    static Refusal translate(const Error &error);

private:
    using View = boost::beast::string_view;

    void refuse(int status, const char *code, const char *message, Error &error);
    void note(http::field field, std::string_view value, Error &error);
    void on_request_impl(http::verb, View, View, int, Error &) override {}
    void on_response_impl(int, View, int, Error &) override {}
    void on_field_impl(http::field, View, View, Error &) override;
    void on_header_impl(Error &) override { in_trailer_ = true; }
    void on_body_init_impl(const boost::optional<uint64_t> &, Error &) override;
    size_t on_body_impl(View, Error &) override;
    void on_chunk_header_impl(uint64_t, View, Error &) override {}
    size_t on_chunk_body_impl(uint64_t, View, Error &) override;
    void on_finish_impl(Error &) override {}

    Refusal refusal_;
    uint32_t fields_left_;
    uint8_t hosts_ = 0, keys_ = 0, versions_ = 0, encodings_ = 0, lengths_ = 0;
    bool in_trailer_ = false, expect_continue_ = false, upgrade_websocket_ = false, version_13_ = false;
    std::string host_;
    std::string key_;
    std::string extensions_;
    std::string body_;
};

/// One request's header block and what was learned from it. Views point into the block.
struct Head {
    std::string_view method, target, fields;
    bool http11 = false;

    /// Checks the block (request line, header lines, empty line) byte by byte and splits the request line.
    Refusal split(std::string_view block, const cb_limits &limits);
    /// Target against its form and against Host (RFC 9112 3.2); absolute-form is reduced to its path.
    Refusal settle_target(std::string_view host);
};

/// RFC 9112 2.2 lets a recipient take a lone LF as a line end; two that disagree about it can be played
/// against each other, so here it is an error.
bool has_bare_line_feed(std::string_view text);

/// What can be said of a block whose end has not arrived yet.
Refusal examine_partial(std::string_view block, const cb_limits &limits);

} // namespace cb
