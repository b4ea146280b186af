// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"
#include "bytes.hpp"
#include "websocket.hpp"
#include <arpa/inet.h>
#include <cstring>

using namespace cb;

namespace {

// How long and how much a refused client may still send before it is cut. Closing at once would reset the
// connection and could destroy the answer on its way (RFC 9112 9.6).
constexpr uint64_t linger_ms = 2000;
constexpr size_t linger_bytes = 4 * 1024 * 1024;
// The slowest reader that is waited for, beside the body deadline.
constexpr uint64_t slowest_bytes_per_ms = 16;

bool is_loopback(const asio::ip::address &address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
}

} // namespace

cb_conn::cb_conn(Door &door, Wire wire) : door_(door), server_(&door.server), wire_(std::move(wire)) {}

cb_conn::~cb_conn() { loop().forget(*this); }

void cb_conn::begin() {
    Error error;
    wire_.socket().non_blocking(true, error);
    wire_.socket().set_option(Tcp::no_delay(true), error);
    auto endpoint = wire_.socket().remote_endpoint(error);
    if (!error) {
        auto address = endpoint.address();
        loopback_ = is_loopback(address);
        auto text = address.is_v6() && address.to_v6().is_v4_mapped()
            ? make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string()
            : address.to_string();
        std::strncpy(peer_, text.c_str(), sizeof peer_ - 1);
    }
    if (wire_.is_secure()) phase_ = Phase::greeting;
    door_.connections.add(this);
    // From here to the end of the first header, TLS's greeting included.
    loop().set_deadline(*this, door_.limits.header_ms);
    arm();
}

void cb_conn::refuse_connection() {
    // An answer in TLS would cost the handshake that the limit is to spare us.
    if (wire_.is_secure()) return leave(false);
    keep_ = false;
    refuse({503, "too-many-connections", "this server has as many connections as it takes"});
}

// ---- reading

void cb_conn::arm(Socket::wait_type kind) {
    if (armed_ || ended_input_ || phase_ == Phase::closed) return;
    armed_ = true;
    wire_.socket().async_wait(kind, [self = Ref<cb_conn>(this)](Error error) {
        self->armed_ = false;
        if (self->phase_ == Phase::closed) return;
        if (error) return self->leave(true);
        cb_loop::Scope scope(self->loop());
        self->readable();
    });
}

void cb_conn::readable() {
    if (phase_ == Phase::greeting) return greet();
    auto *area = loop().scratch();
    // A record of TLS is smaller than the scratch area, so nothing deciphered is ever left inside OpenSSL.
    auto step = phase_ == Phase::lingering ? wire_.discard(area, cb_loop::scratch_bytes)
                                           : wire_.receive(area, cb_loop::scratch_bytes);
    switch (step.outcome) {
    case Wire::Outcome::moved: return take({reinterpret_cast<const char *>(area), step.count});
    case Wire::Outcome::ended: return end_of_input();
    case Wire::Outcome::wants_read:
    case Wire::Outcome::wants_write: return arm(Wire::kind(step));
    case Wire::Outcome::broken: return leave(true);
    }
}

void cb_conn::greet() {
    auto step = wire_.shake_hands();
    switch (step.outcome) {
    case Wire::Outcome::moved:
        phase_ = Phase::head;
        return arm();
    case Wire::Outcome::wants_read:
    case Wire::Outcome::wants_write: return arm(Wire::kind(step));
    case Wire::Outcome::ended: return leave(false);
    case Wire::Outcome::broken: break;
    }
    if (!wire_.heard_plain_http()) return leave(false);
    iovec answer = part("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    ::writev(wire_.socket().native_handle(), &answer, 1);
    linger();
}

void cb_conn::take(std::string_view bytes) {
    switch (phase_) {
    case Phase::greeting: return;
    case Phase::head: read_head(bytes); break;
    case Phase::body:
        in_.append(bytes);
        read_body();
        break;
    case Phase::handling:
    case Phase::streaming:
    case Phase::flushing:
        in_.append(bytes);
        if (upload_ == Upload::open) advance_upload();
        break;
    case Phase::lingering:
        lingered_ += bytes.size();
        if (lingered_ > linger_bytes) return leave(false);
        break;
    case Phase::closed: return;
    }
    if (!is_full()) arm();
}

/// A client that shut down its sending side still gets its answer; one that was listening to a stream has
/// left, because nothing else would ever tell (a browser that closes a page sends the same FIN).
void cb_conn::end_of_input() {
    ended_input_ = true;
    keep_ = false;
    switch (phase_) {
    case Phase::handling:
        if (upload_ == Upload::open) leave(true);
        break;
    case Phase::flushing: break;
    case Phase::streaming: leave(true); break;
    default: leave(false); break;
    }
}

void cb_conn::read_head(std::string_view fresh) {
    bool begins = in_.empty();
    std::string_view all = fresh;
    if (!begins) all = in_.append(fresh);
    // RFC 9112 2.2: empty lines before a request line are skipped.
    size_t blank = 0;
    while (blank < 8 && all.substr(0, 2) == "\r\n") {
        all.remove_prefix(2);
        blank += 2;
    }
    if (all.empty()) return in_.clear();
    size_t end = all.find("\r\n\r\n", blank ? 0 : scanned_);
    if (end != std::string_view::npos) {
        scanned_ = 0;
        // The block must not move while it is looked at, and `in_` takes what follows it.
        block_.clear();
        if (!begins) {
            block_.swap(in_);
            in_.clear();
        }
        return begin_request(all.substr(0, end + 4), all.substr(end + 4));
    }
    if (begins) {
        in_.assign(all);
        if (!first_) loop().set_deadline(*this, door_.limits.header_ms);
    } else if (blank) {
        in_.erase(0, blank);
    }
    scanned_ = in_.size() > 3 ? in_.size() - 3 : 0;
    if (auto refusal = examine_partial(in_, door_.limits)) refuse(refusal);
}

void cb_conn::begin_request(std::string_view block, std::string_view rest) {
    first_ = false;
    const cb_limits &limits = door_.limits;
    head_ = {};
    parser_.emplace(limits);
    Error error;
    auto refusal = head_.split(block, limits);
    if (!refusal) {
        parser_->put(asio::buffer(block.data(), block.size()), error);
        if (error && error != http::error::need_more)
            refusal = parser_->refusal() ? parser_->refusal() : Parser::translate(error);
    }
    if (!refusal) refusal = parser_->judge(head_.http11, head_.method);
    if (!refusal) refusal = head_.settle_target(parser_->host());
    if (refusal) return refuse(refusal);
    keep_ = keep_ && parser_->keep_alive() && !door_.draining;
    if (!parser_->is_done()) return begin_body(block, rest);
    in_.assign(rest);
    dispatch();
}

cb_request cb_conn::describe() {
    cb_request request{};
    request.method = bytes(head_.method);
    request.target = bytes(head_.target);
    request.fields = bytes(head_.fields);
    if (parser_) request.body = bytes(parser_->body());
    auto id = loop().random();
    request.id[0] = id[0];
    request.id[1] = id[1];
    request.peer = peer_;
    request.loop = loop().context();
    request.peer_is_loopback = loopback_;
    request.http11 = head_.http11;
    request.keep_alive = keep_;
    request.is_head = head_.method == "HEAD";
    request.is_upgrade = parser_ && parser_->wants_websocket();
    request.is_secure = wire_.is_secure();
    request.streams_body = upload_ == Upload::open;
    return request;
}

void cb_conn::dispatch() {
    phase_ = Phase::handling;
    if (upload_ == Upload::open) {
        loop().set_deadline(*this, upload_ms_);
    } else {
        loop().clear_deadline(*this);
    }
    cb_request request = describe();
    auto serial = ++exchanges_;
    const auto &callbacks = server_->callbacks;
    adopt(serial, callbacks.on_request(callbacks.context, this, &request));
    if (serial != exchanges_) return;
    // The request is Swift's now; an idle connection keeps no copy.
    if (!request.is_upgrade && upload_ == Upload::none) parser_.reset();
    block_ = {};
}

void cb_conn::refuse(const Refusal &refusal) {
    phase_ = Phase::handling;
    keep_ = false;
    loop().clear_deadline(*this);
    if (parser_) parser_->take_body();
    cb_request request = describe();
    request.is_upgrade = false;
    auto serial = ++exchanges_;
    const auto &callbacks = server_->callbacks;
    adopt(serial, callbacks.on_refusal(callbacks.context, this, &request, refusal.status, refusal.code,
                                       refusal.message));
}

/// Remembers the exchange a callback returned, unless it was answered and over before the callback returned.
void cb_conn::adopt(uint64_t serial, void *exchange) {
    bool open = phase_ == Phase::handling || phase_ == Phase::streaming || phase_ == Phase::flushing;
    if (serial == exchanges_ && open) {
        exchange_ = exchange;
    } else {
        server_->callbacks.on_ended(exchange, false);
    }
}

// ---- writing

/// Sends now what the kernel takes and keeps the rest. On a dead peer the connection leaves.
void cb_conn::send(const iovec *parts, int count) {
    size_t done = 0;
    if (out_.empty()) {
        auto step = wire_.send(parts, count);
        if (step.outcome == Wire::Outcome::broken) return leave(true);
        done = step.count;
    }
    for (int index = 0; index < count; ++index) {
        size_t skip = std::min(done, parts[index].iov_len);
        done -= skip;
        out_.append(static_cast<char *>(parts[index].iov_base) + skip, parts[index].iov_len - skip);
    }
    if (out_.empty() || waiting_to_write_) return;
    // Set once, not at each bit of progress, so that a client reading a byte a second is not waited for.
    loop().set_deadline(*this, door_.limits.body_ms + out_.size() / slowest_bytes_per_ms);
    wait_writable();
}

void cb_conn::wait_writable() {
    if (waiting_to_write_) return;
    waiting_to_write_ = true;
    wire_.socket().async_wait(Socket::wait_write, [self = Ref<cb_conn>(this)](Error error) {
        self->waiting_to_write_ = false;
        if (self->phase_ == Phase::closed) return;
        if (error) return self->leave(true);
        cb_loop::Scope scope(self->loop());
        self->flush();
    });
}

void cb_conn::flush() {
    iovec left = part(std::string_view(out_).substr(out_at_));
    auto step = wire_.send(&left, 1);
    if (step.outcome == Wire::Outcome::broken) return leave(true);
    out_at_ += step.count;
    if (out_at_ < out_.size()) return wait_writable();
    out_ = {};
    out_at_ = 0;
    loop().clear_deadline(*this);
    if (phase_ == Phase::flushing) return sent();
    if (phase_ == Phase::streaming && exchange_) server_->callbacks.on_writable(exchange_);
}

void cb_conn::respond(cb_bytes head, cb_bytes body, bool close) {
    if (phase_ != Phase::handling) return;
    if (close) keep_ = false;
    end_upload();
    iovec parts[2] = {part(view(head)), part(view(body))};
    phase_ = Phase::flushing;
    send(parts, body.size ? 2 : 1);
    if (phase_ == Phase::flushing && out_.empty()) sent();
}

void cb_conn::start(cb_bytes head, bool chunked, bool close) {
    if (phase_ != Phase::handling) return;
    if (close) keep_ = false;
    chunked_ = chunked;
    end_upload();
    phase_ = Phase::streaming;
    iovec line = part(view(head));
    if (ended_input_) return leave(true);
    send(&line, 1);
}

int cb_conn::write(cb_bytes piece) {
    if (phase_ != Phase::streaming) return -1;
    if (piece.size == 0) return out_.empty() ? 1 : 0;
    char size[20];
    int length = std::snprintf(size, sizeof size, "%zx\r\n", piece.size);
    iovec parts[3] = {{size, static_cast<size_t>(length)}, part(view(piece)), part("\r\n")};
    if (chunked_) {
        send(parts, 3);
    } else {
        send(parts + 1, 1);
    }
    if (phase_ != Phase::streaming) return -1;
    return out_.empty() ? 1 : 0;
}

void cb_conn::finish() {
    if (phase_ != Phase::streaming) return;
    phase_ = Phase::flushing;
    iovec last = part("0\r\n\r\n");
    if (chunked_) send(&last, 1);
    if (phase_ == Phase::flushing && out_.empty()) sent();
}

// ---- from one exchange to the next

void cb_conn::sent() {
    end_exchange(false);
    keep_ && !door_.draining ? next() : linger();
}

void cb_conn::next() {
    phase_ = Phase::head;
    chunked_ = false;
    if (in_.empty()) {
        loop().set_deadline(*this, door_.limits.idle_ms);
        return arm();
    }
    loop().set_deadline(*this, door_.limits.header_ms);
    std::string ahead;
    ahead.swap(in_);
    read_head(ahead);
    arm();
}

void cb_conn::linger() {
    if (ended_input_) return leave(false);
    phase_ = Phase::lingering;
    Error error;
    wire_.hang_up(error);
    in_ = {};
    loop().set_deadline(*this, linger_ms);
    arm();
}

void cb_conn::end_exchange(bool gone) {
    if (void *exchange = std::exchange(exchange_, nullptr)) server_->callbacks.on_ended(exchange, gone);
}

void cb_conn::leave(bool gone) {
    if (phase_ == Phase::closed) return;
    Ref<cb_conn> self(this);
    phase_ = Phase::closed;
    loop().forget(*this);
    Error error;
    wire_.socket().close(error);
    end_exchange(gone);
    door_.connections.remove(this);
    server_->open_connections.fetch_sub(1, std::memory_order_relaxed);
    server_->let_go();
}

void cb_conn::expired() {
    switch (phase_) {
    case Phase::greeting: return leave(false);
    case Phase::head:
        if (in_.empty()) return leave(false);
        return refuse({408, "request-timeout", "the request header took too long"});
    case Phase::body: return refuse({408, "request-timeout", "the request body took too long"});
    case Phase::handling:
        if (upload_ == Upload::open) fail_upload(cb_body_too_slow);
        return;
    case Phase::streaming:
    case Phase::flushing: return leave(true);
    case Phase::lingering: return leave(false);
    case Phase::closed: return;
    }
}

void cb_conn::drain() {
    if (phase_ == Phase::greeting || (phase_ == Phase::head && in_.empty())) return leave(false);
    if (phase_ == Phase::head || phase_ == Phase::body) keep_ = false;
}

cb_ws *cb_conn::upgrade(cb_bytes fields, cb_ws_options options, void *socket) {
    if (phase_ != Phase::handling || !parser_ || ended_input_) return nullptr;
    Ref<cb_conn> self(this);
    Error error;
    wire_.socket().cancel(error);
    wire_.put_back(std::move(in_));
    Ref<cb_ws> ws(new cb_ws(door_, std::move(wire_), options, socket));
    ws->begin(parser_->websocket_key(), parser_->extensions(), view(fields));
    parser_.reset();
    phase_ = Phase::closed;
    loop().forget(*this);
    end_exchange(false);
    door_.connections.remove(this);
    server_->open_connections.fetch_sub(1, std::memory_order_relaxed);
    server_->let_go();
    return ws.detach();
}

extern "C" {

void cb_conn_retain(cb_conn *conn) { intrusive_ptr_add_ref(conn); }

void cb_conn_release(cb_conn *conn) {
    // Sockets are destroyed by their own thread.
    Ref<cb_conn> last(conn, false);
    if (!conn->loop().is_current()) conn->loop().run([last = std::move(last)] {});
}

void cb_conn_respond(cb_conn *conn, cb_bytes head, cb_bytes body, bool close) {
    conn->respond(head, body, close);
}
void cb_conn_start(cb_conn *conn, cb_bytes head, bool chunked, bool close) {
    conn->start(head, chunked, close);
}
int cb_conn_write(cb_conn *conn, cb_bytes part) { return conn->write(part); }
void cb_conn_finish(cb_conn *conn) { conn->finish(); }
void cb_conn_pull_body(cb_conn *conn) { conn->pull_body(); }
cb_ws *cb_conn_upgrade(cb_conn *conn, cb_bytes fields, cb_ws_options options, void *socket) {
    return conn->upgrade(fields, options, socket);
}

} // extern "C"
