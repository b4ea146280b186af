// SPDX-License-Identifier: Apache-2.0
#include "head.hpp"
#include <algorithm>
#include <array>
#include <cctype>

namespace cb {

namespace {

constexpr const char *not_http = "the request is not HTTP/1.1";
constexpr Refusal bad(const char *message) { return {400, "bad-request", message}; }
constexpr Refusal line_too_long{414, "target-too-long", "the target is longer than this server takes"};
constexpr Refusal header_too_large{431, "header-too-large", "the header is larger than this server takes"};
constexpr Refusal unknown_method{501, "unknown-method", "this server does not know the request method"};
// Longest known method, two spaces and the version.
constexpr size_t line_overhead = 7 + 2 + 8;

constexpr std::array<std::string_view, 8> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"};

bool is_token(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
        return (x | (x >= 'A' && x <= 'Z' ? 32 : 0)) == (y | (y >= 'A' && y <= 'Z' ? 32 : 0));
    });
}

/// RFC 9112 2.2 and 5: CRLF only at line ends, no NUL, no other control character, no folded line.
bool has_bad_bytes(std::string_view block) {
    for (size_t at = 0; at < block.size(); ++at) {
        auto c = static_cast<unsigned char>(block[at]);
        if (c >= 0x20 && c != 0x7f) continue;
        if (c == '\t') continue;
        if (c != '\r' || at + 1 >= block.size() || block[at + 1] != '\n') return true;
        ++at;
        if (at + 1 < block.size() && (block[at + 1] == ' ' || block[at + 1] == '\t')) return true;
    }
    return false;
}

/// RFC 3986 2: a target is visible ASCII. The characters a browser's URL serialiser lets through in a query
/// are taken; those no client sends are not, nor an escape that is broken or hides a NUL.
bool is_good_target(std::string_view target) {
    for (size_t at = 0; at < target.size(); ++at) {
        char c = target[at];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '#' || c == '\\') return false;
        if (c != '%') continue;
        if (at + 2 >= target.size() || !is_hex(target[at + 1]) || !is_hex(target[at + 2])) return false;
        if (target[at + 1] == '0' && target[at + 2] == '0') return false;
    }
    return true;
}

/// RFC 9110 7.2 and RFC 3986 3.2.2: a name, an IPv4 address or a bracketed IPv6 address, and a port.
bool is_good_host(std::string_view host) {
    size_t end = host.size();
    if (host.starts_with('[')) {
        end = host.find(']');
        if (end == std::string_view::npos || end < 3) return false;
        auto inside = host.substr(1, end - 1);
        auto good = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
        if (!std::all_of(inside.begin(), inside.end(), good)) return false;
        ++end;
    } else {
        end = std::min(host.find(':'), host.size());
        auto name = host.substr(0, end);
        std::string_view never = "#^`|";
        auto good = [never](char c) { return is_token(c) && never.find(c) == std::string_view::npos; };
        if (name.empty() || name.size() > 255 || !std::all_of(name.begin(), name.end(), good)) return false;
    }
    auto port = host.substr(end);
    if (port.empty()) return true;
    return port[0] == ':' && port.size() <= 6
        && std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// RFC 6455 4.2.1: 16 bytes in base64.
bool is_good_key(std::string_view key) {
    auto good = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/'; };
    return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, good);
}

bool lists_websocket(std::string_view value) {
    while (!value.empty()) {
        auto end = std::min(value.find(','), value.size());
        auto item = value.substr(0, end);
        while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
        while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
        if (equal_ignoring_case(item, "websocket")) return true;
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return false;
}

} // namespace

// ---- Parser

Parser::Parser(const cb_limits &limits) : fields_left_(limits.header_count) {
    eager(true);
    body_limit(boost::none);
    header_limit(UINT32_MAX); // `Head` and the connection have measured it
}

void Parser::refuse(int status, const char *code, const char *message, Error &error) {
    refusal_ = {status, code, message};
    error = http::error::bad_value;
}

void Parser::on_field_impl(http::field field, View, View value, Error &error) {
    if (fields_left_ == 0) return refuse(431, "too-many-headers", "the request has too many headers", error);
    --fields_left_;
    // Trailers are read and dropped: nothing in them may change how a request is understood (RFC 9110 6.5.1).
    if (!in_trailer_) note(field, value, error);
}

void Parser::note(http::field field, std::string_view value, Error &error) {
    switch (field) {
    case http::field::host:
        if (++hosts_ > 1) return refuse(400, "bad-request", "Host is given twice", error);
        host_ = value;
        if (!is_good_host(value)) return refuse(400, "bad-request", "Host is not a host name", error);
        break;
    case http::field::content_length:
        // RFC 9112 6.3 allows repeating the same length; no client needs it and front ends disagree about it.
        if (++lengths_ > 1) return refuse(400, "bad-request", "Content-Length is given twice", error);
        if (!std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return refuse(400, "bad-request", "Content-Length is not a number", error);
        break;
    case http::field::transfer_encoding:
        if (++encodings_ > 1) return refuse(400, "bad-request", "Transfer-Encoding is given twice", error);
        if (!equal_ignoring_case(value, "chunked"))
            return refuse(501, "unknown-transfer-coding", "the only transfer coding taken is chunked", error);
        break;
    case http::field::expect:
        if (!equal_ignoring_case(value, "100-continue"))
            return refuse(417, "unknown-expectation", "the only expectation taken is 100-continue", error);
        expect_continue_ = true;
        break;
    case http::field::upgrade: upgrade_websocket_ = upgrade_websocket_ || lists_websocket(value); break;
    case http::field::sec_websocket_key:
        ++keys_;
        key_ = value;
        break;
    case http::field::sec_websocket_extensions:
        if (!extensions_.empty()) extensions_ += ", ";
        extensions_ += value;
        break;
    case http::field::sec_websocket_version:
        ++versions_;
        version_13_ = value == "13";
        break;
    default: break;
    }
}

void Parser::on_body_init_impl(const boost::optional<uint64_t> &length, Error &) {
    // What was promised may never come, so room is made for large bodies only as they arrive.
    if (length) body_.reserve(std::min<uint64_t>(*length, 64 * 1024));
}

size_t Parser::on_body_impl(View part, Error &) {
    body_.append(part.data(), part.size());
    return part.size();
}

size_t Parser::on_chunk_body_impl(uint64_t, View part, Error &) {
    body_.append(part.data(), part.size());
    return part.size();
}

Refusal Parser::judge(bool http11, std::string_view method) const {
    // RFC 9112 3.2: an HTTP/1.1 request without exactly one Host is answered 400.
    if (http11 && hosts_ != 1) return bad("Host is missing");
    // RFC 9112 6.1: both together, or chunked in HTTP/1.0, is how requests are smuggled.
    if (encodings_ > 0 && (lengths_ > 0 || !http11)) return bad("Transfer-Encoding does not belong here");
    if (upgrade_websocket_) return judge_upgrade(http11, method);
    return {};
}

Refusal Parser::judge_upgrade(bool http11, std::string_view method) const {
    if (method != "GET" || !http11) return bad("a WebSocket begins with GET and HTTP/1.1");
    if (lengths_ > 0 || encodings_ > 0) return bad("a WebSocket handshake has no body");
    if (!upgrade()) return bad("Connection does not name upgrade");
    if (versions_ != 1 || !version_13_)
        return {426, "websocket-version", "the WebSocket version spoken here is 13"};
    if (keys_ != 1 || !is_good_key(key_)) return bad("Sec-WebSocket-Key is not 16 bytes in base64");
    return {};
}

Refusal Parser::translate(const Error &error) {
    if (error == http::error::body_limit)
        return {413, "body-too-large", "the body is larger than this server takes"};
    if (error == http::error::header_limit) return header_too_large;
    if (error == http::error::bad_version) return {505, "http-version", "this server speaks HTTP/1.1"};
    if (error == http::error::bad_transfer_encoding || error == http::error::bad_content_length)
        return bad("the length of the body is said twice or wrongly");
    if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension)
        return bad("the body is not chunked correctly");
    return bad(not_http);
}

// ---- Head

Refusal Head::split(std::string_view block, const cb_limits &limits) {
    auto line = block.substr(0, block.find("\r\n"));
    auto space = line.find(' ');
    method = line.substr(0, space);
    if (method.empty() || !std::all_of(method.begin(), method.end(), is_token)) return bad(not_http);
    auto last = line.rfind(' ');
    if (space == std::string_view::npos || last == space)
        return bad("the request line needs a target and a version");
    target = line.substr(space + 1, last - space - 1);
    auto version = line.substr(last + 1);
    if (target.size() > limits.target_bytes) return line_too_long;
    fields = block.substr(line.size() + 2, block.size() - line.size() - 4);
    if (fields.size() > limits.header_bytes) return header_too_large;
    if (has_bad_bytes(block))
        return bad("the header has a control character, a bare line end or a folded line");
    http11 = version == "HTTP/1.1";
    if (!http11 && version != "HTTP/1.0") {
        bool other = version.starts_with("HTTP/") && version.size() >= 6 && std::isdigit(version[5]);
        return other ? Parser::translate(http::error::bad_version) : bad("the request has no HTTP version");
    }
    if (!is_good_target(target))
        return bad("the request target has a character or an escape that is not allowed");
    if (std::find(methods.begin(), methods.end(), method) == methods.end()) return unknown_method;
    return {};
}

Refusal Head::settle_target(std::string_view host) {
    if (target.starts_with('/')) return {};
    if (target == "*" && method == "OPTIONS") return {};
    auto scheme = target.substr(0, 7);
    if (!equal_ignoring_case(scheme, "http://")) return bad("the request target does not begin with a slash");
    auto rest = target.substr(7);
    auto slash = std::min(rest.find_first_of("/?"), rest.size());
    if (!equal_ignoring_case(rest.substr(0, slash), host))
        return bad("the request target names another host");
    target = rest.substr(slash);
    if (target.empty()) target = "/";
    return target.starts_with('/') ? Refusal{} : bad("the request target has no path");
}

bool has_bare_line_feed(std::string_view text) {
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        if (at == 0 || text[at - 1] != '\r') return true;
    }
    return false;
}

Refusal examine_partial(std::string_view block, const cb_limits &limits) {
    if (has_bare_line_feed(block)) return bad("the header has a bare line end");
    auto end = block.find("\r\n");
    if (end != std::string_view::npos) {
        return block.size() - end > limits.header_bytes + 4 ? header_too_large : Refusal{};
    }
    // The longest token a client may call a method is far below this; garbage and TLS greetings show at once.
    auto method = block.substr(0, std::min(block.find(' '), block.size()));
    auto start = method.substr(0, 64);
    if (!std::all_of(start.begin(), start.end(), [](char c) { return is_token(c) || c == '\r'; }))
        return bad(not_http);
    if (method.size() > 32) return unknown_method;
    return block.size() > limits.target_bytes + line_overhead ? line_too_long : Refusal{};
}

} // namespace cb
