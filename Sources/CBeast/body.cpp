// SPDX-License-Identifier: Apache-2.0
// Bodies of requests: read whole before Swift hears of the request, or piece by piece while it waits for more.
#include "bytes.hpp"
#include "connection.hpp"

using namespace cb;

namespace {

// A client may send requests and bodies ahead, up to this; then its bytes wait in the kernel.
constexpr size_t max_ahead = 64 * 1024;
// A line of a chunked body or its trailer is never longer in honest traffic.
constexpr size_t max_chunk_line = 8 * 1024;

} // namespace

/// Whether the client has sent so much that it waits for us now.
bool cb_conn::is_full() const {
    bool busy = phase_ == Phase::handling || phase_ == Phase::streaming || phase_ == Phase::flushing;
    if (!busy) return false;
    if (upload_ == Upload::failed) return true;
    size_t waiting = upload_ == Upload::none || !parser_ ? 0 : parser_->body_bytes();
    return in_.size() + waiting >= max_ahead;
}

/// Asks whether Swift wants the body piece by piece, unless it is here already.
bool cb_conn::wants_upload(std::string_view rest, cb_body_limits &own) {
    const auto &callbacks = server_->callbacks;
    auto length = parser_->content_length();
    bool is_here = length && *length <= rest.size() && *length <= own.bytes;
    if (is_here || !callbacks.on_head) return false;
    cb_request request = describe();
    return callbacks.on_head(callbacks.context, &request, &own);
}

void cb_conn::begin_body(std::string_view block, std::string_view rest) {
    cb_body_limits own{door_.limits.body_bytes, door_.limits.body_ms};
    bool uploads = wants_upload(rest, own);
    auto length = parser_->content_length();
    if (length && *length > own.bytes) return refuse(Parser::translate(http::error::body_limit));
    parser_->body_limit(own.bytes);
    in_.assign(rest);
    // The views must outlive the scratch area: move the block home and point into it.
    if (block_.empty()) {
        auto rebase = [&, base = block.data()](std::string_view &text) {
            text = {block_.data() + (text.data() - base), text.size()};
        };
        block_.assign(block);
        rebase(head_.method), rebase(head_.target), rebase(head_.fields);
    }
    owes_continue_ = parser_->expects_continue() && head_.http11 && in_.empty();
    if (uploads) {
        upload_ = Upload::open;
        upload_ms_ = own.ms;
        dispatch();
        if (upload_ == Upload::open && !in_.empty()) advance_upload();
        return;
    }
    phase_ = Phase::body;
    loop().set_deadline(*this, own.ms);
    say_continue();
    if (phase_ == Phase::body && !in_.empty()) read_body();
}

void cb_conn::say_continue() {
    if (!std::exchange(owes_continue_, false)) return;
    iovec line = part("HTTP/1.1 100 Continue\r\n\r\n");
    send(&line, 1);
}

/// Moves what is in `in_` into the parser; false when that was not the body of a request.
bool cb_conn::parse_body(Error &error) {
    size_t used = 0;
    while (used < in_.size() && !parser_->is_done()) {
        size_t count = parser_->put(asio::buffer(in_.data() + used, in_.size() - used), error);
        used += count;
        if (error == http::error::need_more) {
            error = {};
            if (count == 0) break;
        }
        if (error) return false;
    }
    in_.erase(0, used);
    if (parser_->is_done()) return true;
    // What is left is the beginning of a chunk's line or of trailers.
    if (in_.size() > max_chunk_line || has_bare_line_feed(in_)) error = http::error::bad_chunk;
    return !error;
}

void cb_conn::read_body() {
    Error error;
    if (!parse_body(error)) return refuse(parser_->refusal() ? parser_->refusal() : Parser::translate(error));
    if (parser_->is_done()) dispatch();
}

// ---- a body that Swift reads piece by piece

void cb_conn::advance_upload() {
    Error error;
    if (!parse_body(error))
        return fail_upload(error == http::error::body_limit ? cb_body_too_large : cb_body_malformed);
    if (parser_->is_done()) {
        upload_ = Upload::complete;
        loop().clear_deadline(*this);
    }
    offer_part();
}

void cb_conn::offer_part() {
    if (!pulled_ || !exchange_) return;
    const auto &callbacks = server_->callbacks;
    if (parser_ && parser_->body_bytes() > 0) {
        pulled_ = false;
        auto piece = parser_->take_body();
        callbacks.on_body(exchange_, bytes(piece), cb_body_part);
    } else if (upload_ == Upload::complete) {
        pulled_ = false;
        end_upload();
        callbacks.on_body(exchange_, {}, cb_body_end);
    }
}

/// Nothing more is read: Swift answers, and the connection ends.
void cb_conn::fail_upload(int state) {
    loop().clear_deadline(*this);
    upload_ = Upload::failed;
    upload_failure_ = state;
    keep_ = false;
    parser_.reset();
    in_ = {};
    if (exchange_ && std::exchange(pulled_, false)) server_->callbacks.on_body(exchange_, {}, state);
}

void cb_conn::end_upload() {
    if (upload_ == Upload::none) return;
    // What the client has not sent, or nobody asked for, cannot be told from a next request.
    if (upload_ != Upload::complete) {
        keep_ = false;
        in_ = {};
    }
    upload_ = Upload::none;
    loop().clear_deadline(*this);
    parser_.reset();
}

void cb_conn::pull_body() {
    if (!exchange_ || phase_ != Phase::handling || upload_ == Upload::none) {
        if (exchange_) server_->callbacks.on_body(exchange_, {}, cb_body_gone);
        return;
    }
    if (upload_ == Upload::failed) return server_->callbacks.on_body(exchange_, {}, upload_failure_);
    Ref<cb_conn> self(this);
    say_continue();
    if (phase_ != Phase::handling) return;
    pulled_ = true;
    offer_part();
    if (!is_full()) arm();
}
