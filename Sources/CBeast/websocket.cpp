// SPDX-License-Identifier: Apache-2.0
#include "websocket.hpp"
#include "bytes.hpp"
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/detail/utf8_checker.hpp>
#include <cstring>

using namespace cb;
namespace websocket = boost::beast::websocket;
namespace http = boost::beast::http;

namespace {

// The peer's answer to our close frame, and its FIN after that, are waited for this long (RFC 6455 7.1.1).
constexpr uint64_t close_ms = 5000;
constexpr uint64_t fin_ms = 1000;
// What a read begins with, and what is kept between messages: a silent socket holds this much. Most chat
// messages fit; the rest of a larger one is read in larger pieces.
constexpr size_t first_read_bytes = 256;
// Shorter messages fit into one packet as they are.
constexpr size_t shortest_deflated = 512;
// Control frames taken in one second.
constexpr uint32_t max_controls = 500;

/// The 101 answer, plus header lines `name: value\r\n`.
void decorate(websocket::response_type &answer, const std::string &fields) {
    answer.erase(http::field::server);
    std::string_view left = fields;
    while (!left.empty()) {
        auto line = left.substr(0, left.find("\r\n"));
        left.remove_prefix(std::min(line.size() + 2, left.size()));
        auto colon = line.find(':');
        if (colon != std::string_view::npos && colon + 2 <= line.size())
            answer.set(line.substr(0, colon), line.substr(colon + 2));
    }
}

} // namespace

struct cb_ws::Outgoing {
    Outgoing *next;
    size_t size;
    bool text;

    char *bytes() { return reinterpret_cast<char *>(this + 1); }
    static Outgoing *make(std::string_view message, bool text) {
        auto *memory = ::operator new(sizeof(Outgoing) + message.size());
        auto *outgoing = new (memory) Outgoing{nullptr, message.size(), text};
        std::memcpy(outgoing->bytes(), message.data(), message.size());
        return outgoing;
    }
    static void free(Outgoing *outgoing) { ::operator delete(outgoing); }
};

cb_ws::cb_ws(Door &door, Wire wire, cb_ws_options options, void *socket)
    : door_(door), server_(&door.server), stream_(std::move(wire)), socket_(socket),
      queue_bytes_(door.limits.queue_bytes), options_(options) {
    stream_.set_option(websocket::stream_base::timeout{
        websocket::stream_base::none(), websocket::stream_base::none(), false});
    stream_.auto_fragment(false);
    server_->hold();
    server_->open_websockets.fetch_add(1, std::memory_order_relaxed);
}

cb_ws::~cb_ws() {
    loop().forget(*this);
    drop_queue(true);
}

// ---- opening

void cb_ws::begin(std::string_view key, std::string_view extensions, std::string_view fields) {
    door_.websockets.add(this);
    stream_.read_message_max(options_.message_bytes ? options_.message_bytes : door_.limits.message_bytes);
    std::string more(fields);
    if (door_.limits.deflate && options_.deflate && !extensions.empty()) {
        if (auto terms = choose_deflate(extensions)) {
            more += "Sec-WebSocket-Extensions: " + terms->answer + "\r\n";
            window_bits_ = static_cast<uint8_t>(terms->window_bits);
        }
    }
    stream_.set_option(websocket::stream_base::decorator(
        [text = std::move(more)](websocket::response_type &answer) { decorate(answer, text); }));
    http::request<http::empty_body> request(http::verb::get, "/", 11);
    request.set(http::field::host, "-");
    request.set(http::field::connection, "upgrade");
    request.set(http::field::upgrade, "websocket");
    request.set(http::field::sec_websocket_version, "13");
    request.set(http::field::sec_websocket_key, key);
    loop().set_deadline(*this, door_.limits.header_ms);
    stream_.async_accept(request, [self = Ref<cb_ws>(this)](Error error) {
        cb_loop::Scope scope(self->loop());
        if (self->phase_ == Phase::closed) return;
        error ? self->leave() : self->accepted();
    });
}

void cb_ws::accepted() {
    stream_.set_option(websocket::stream_base::decorator([](websocket::response_type &) {}));
    accepted_ = true;
    // Not before: the 101 answer is no frame.
    if (window_bits_) stream_.next_layer().follow_frames();
    if (phase_ == Phase::accepting) phase_ = Phase::open;
    heard();
    stream_.control_callback([this](websocket::frame_type, std::string_view) {
        heard();
        count_control();
    });
    if (phase_ != Phase::open) {
        loop().set_deadline(*this, close_ms);
    } else if (options_.pings) {
        loop().set_deadline(*this, door_.limits.ping_ms);
    } else {
        loop().clear_deadline(*this);
    }
    if (door_.draining && phase_ == Phase::open) start_close(door_.close_code, "");
    read();
    flush();
}

// ---- reading

void cb_ws::read() {
    if (reading_ || paused_ || close_said_ || phase_ != Phase::open) return;
    reading_ = true;
    auto done = [self = Ref<cb_ws>(this)](Error error, size_t) { self->received(error); };
    stream_.async_read_some(buffer_, buffer_.size() == 0 ? first_read_bytes : 0, std::move(done));
}

void cb_ws::received(Error error) {
    reading_ = false;
    if (phase_ == Phase::closed || phase_ == Phase::over) return;
    if (error) {
        cb_loop::Scope scope(loop());
        // Beast has sent the close frame that the error calls for: 1002, 1007 or 1009.
        uint16_t code = 1006;
        if (error == websocket::error::closed) code = stream_.reason().code;
        else if (error == websocket::error::message_too_big) code = 1009;
        else if (error == websocket::error::bad_frame_payload) code = 1007;
        else if (error.category() == Error(websocket::error::bad_opcode).category()) code = 1002;
        if (code == 0) code = 1005;
        return over(code);
    }
    heard();
    if (stream_.is_message_done()) deliver();
    read();
}

void cb_ws::deliver() {
    auto data = buffer_.cdata();
    std::string_view message(static_cast<const char *>(data.data()), data.size());
    auto *marks = stream_.next_layer().marks();
    auto kind = marks ? marks->next() : FrameMarks::Kind{false, false};
    bool text = kind.compressed ? kind.text : stream_.got_text();
    if (phase_ == Phase::open) {
        delivering_ = true;
        cb_loop::Scope scope(loop());
        if (!kind.compressed || inflate(message, text))
            paused_ = !server_->callbacks.on_ws_message(socket_, bytes(message), text);
        if (kind.compressed) loop().deflater().forget();
        buffer_.clear();
        // Only here: while a read is waiting, its bytes are Beast's.
        if (buffer_.capacity() > first_read_bytes) buffer_.shrink_to_fit();
        delivering_ = false;
    }
}

/// False when the socket closes because of what came.
bool cb_ws::inflate(std::string_view &message, bool text) {
    size_t limit = options_.message_bytes ? options_.message_bytes : door_.limits.message_bytes;
    auto outcome = loop().deflater().inflate(message, limit, message);
    if (outcome == Deflater::Outcome::too_large) {
        close(1009, "");
    } else if (outcome == Deflater::Outcome::broken
               || (text && !websocket::detail::check_utf8(message.data(), message.size()))) {
        close(1007, "");
    } else {
        return true;
    }
    return false;
}

void cb_ws::pull() {
    paused_ = false;
    heard();
    if (!delivering_) read();
}

// ---- writing

bool cb_ws::send(std::string_view message, bool text) {
    bool slow = false;
    {
        std::lock_guard lock(mutex_);
        if (refusing_) return false;
        if (queued_ + message.size() <= queue_bytes_) {
            auto *outgoing = Outgoing::make(message, text);
            (last_ ? last_->next : first_) = outgoing;
            last_ = outgoing;
            queued_ += message.size();
        } else {
            refusing_ = slow = true;
        }
    }
    if (loop().is_current()) {
        slow ? close(1008, "too slow") : flush();
    } else {
        asio::post(loop().io(), [self = Ref<cb_ws>(this), slow] {
            cb_loop::Scope scope(self->loop());
            slow ? self->close(1008, "too slow") : self->flush();
        });
    }
    return !slow;
}

void cb_ws::flush() {
    // Beast forgets its locks when it has accepted: nothing may be begun before.
    if (!accepted_ || writing_ || close_said_ || phase_ == Phase::over || phase_ == Phase::closed) return;
    Outgoing *next;
    {
        std::lock_guard lock(mutex_);
        next = first_;
    }
    if (!next) {
        if (phase_ == Phase::closing) say_close();
        return;
    }
    writing_ = true;
    auto message = dress(*next);
    auto done = [self = Ref<cb_ws>(this)](Error error, size_t) {
        cb_loop::Scope scope(self->loop());
        self->written(error);
    };
    stream_.async_write(message, std::move(done));
}

/// The message as it is written: compressed, where that was agreed on and makes it shorter.
asio::const_buffer cb_ws::dress(Outgoing &message) {
    if (window_bits_ && message.size >= shortest_deflated) {
        squeezed_ = loop().deflater().squeeze({message.bytes(), message.size}, window_bits_);
        if (!squeezed_.empty() && squeezed_.size() < message.size) {
            stream_.binary(true);
            stream_.next_layer().marks()->mark_next(message.text);
            return {squeezed_.data(), squeezed_.size()};
        }
    }
    stream_.text(message.text);
    return {message.bytes(), message.size};
}

void cb_ws::written(Error error) {
    writing_ = false;
    squeezed_ = {};
    Outgoing *done;
    {
        std::lock_guard lock(mutex_);
        done = first_;
        first_ = done->next;
        if (!first_) last_ = nullptr;
        queued_ -= done->size;
    }
    Outgoing::free(done);
    if (phase_ == Phase::closed || phase_ == Phase::over) return;
    // A write that fails because a close was exchanged ends with the read.
    if (error && !reading_) return over(1006);
    if (!error) flush();
}

/// Throws away what is queued, except, unless `all`, the message being written.
void cb_ws::drop_queue(bool all) {
    std::lock_guard lock(mutex_);
    Outgoing *keep = !all && writing_ ? first_ : nullptr;
    Outgoing *next = keep ? keep->next : first_;
    while (next) {
        auto *gone = next;
        next = next->next;
        queued_ -= gone->size;
        Outgoing::free(gone);
    }
    first_ = last_ = keep;
    if (keep) keep->next = nullptr;
}

// ---- closing

void cb_ws::close(uint16_t code, std::string_view reason) {
    if (phase_ == Phase::accepting || phase_ == Phase::open) start_close(code, reason);
    flush();
}

void cb_ws::start_close(uint16_t code, std::string_view reason) {
    bool slow = false;
    {
        std::lock_guard lock(mutex_);
        slow = refusing_;
        refusing_ = true;
    }
    // Who did not read in time is not given the backlog now.
    if (slow) drop_queue(false);
    close_code_ = code;
    if (!reason.empty()) close_reason_ = std::make_unique<std::string>(reason.substr(0, 123));
    if (phase_ == Phase::open) loop().set_deadline(*this, close_ms);
    phase_ = Phase::closing;
    server_->callbacks.on_ws_closing(socket_, code);
}

void cb_ws::say_close() {
    if (close_said_) return;
    close_said_ = true;
    websocket::close_reason reason(close_code_);
    if (close_reason_) reason.reason = *close_reason_;
    stream_.async_close(reason, [self = Ref<cb_ws>(this)](Error) {
        cb_loop::Scope scope(self->loop());
        if (self->phase_ == Phase::closing) self->over(self->close_code_);
    });
}

/// Nothing more will be read or written as messages; Swift hears it now, the socket waits for the peer's FIN.
void cb_ws::over(uint16_t code) {
    if (phase_ == Phase::over || phase_ == Phase::closed) return;
    Ref<cb_ws> self(this);
    phase_ = Phase::over;
    {
        std::lock_guard lock(mutex_);
        refusing_ = true;
    }
    drop_queue(false);
    report(code);
    if (phase_ != Phase::over) return;
    Error error;
    stream_.next_layer().hang_up(error);
    if (error) return leave();
    loop().set_deadline(*this, fin_ms);
    await_fin();
}

void cb_ws::await_fin() {
    auto &socket = stream_.next_layer().socket();
    socket.async_wait(Socket::wait_read, [self = Ref<cb_ws>(this)](Error error) {
        if (self->phase_ == Phase::closed) return;
        if (error) return self->leave();
        auto step = self->stream_.next_layer().discard(self->loop().scratch(), cb_loop::scratch_bytes);
        if (step.outcome == Wire::Outcome::ended || step.outcome == Wire::Outcome::broken) return self->leave();
        self->await_fin();
    });
}

void cb_ws::report(uint16_t code) {
    if (void *socket = std::exchange(socket_, nullptr)) server_->callbacks.on_ws_closed(socket, code);
}

void cb_ws::cut() { leave(); }

void cb_ws::leave() {
    if (phase_ == Phase::closed) return;
    Ref<cb_ws> self(this);
    auto phase_before = std::exchange(phase_, Phase::closed);
    {
        std::lock_guard lock(mutex_);
        refusing_ = true;
    }
    loop().forget(*this);
    beast_close_socket(stream_.next_layer());
    report(phase_before == Phase::closing ? close_code_ : 1006);
    door_.websockets.remove(this);
    server_->open_websockets.fetch_sub(1, std::memory_order_relaxed);
    server_->let_go();
}

// ---- dead peers

void cb_ws::expired() {
    phase_ == Phase::open ? heartbeat() : leave();
}

void cb_ws::heard() {
    heard_ = cb_loop::now();
    awaits_pong_ = false;
}

/// Pings cost us a write each; who sends hundreds a second is not asking whether we live.
void cb_ws::count_control() {
    auto second = static_cast<uint32_t>(heard_ / 1000);
    if (second != control_second_) {
        control_second_ = second;
        controls_ = 0;
    }
    if (++controls_ != max_controls + 1) return;
    // Not from inside Beast's read.
    asio::post(loop().io(), [self = Ref<cb_ws>(this)] {
        cb_loop::Scope scope(self->loop());
        self->close(1008, "too many control frames");
    });
}

void cb_ws::heartbeat() {
    const auto &limits = door_.limits;
    auto silent = cb_loop::now() - heard_;
    // While Swift is behind, nothing is read, so silence says nothing about the peer.
    if (paused_) return loop().set_deadline(*this, limits.ping_ms);
    if (awaits_pong_) return leave();
    if (silent < limits.ping_ms) return loop().set_deadline(*this, limits.ping_ms - silent);
    awaits_pong_ = true;
    if (!pinging_) {
        pinging_ = true;
        stream_.async_ping({}, [self = Ref<cb_ws>(this)](Error) { self->pinging_ = false; });
    }
    loop().set_deadline(*this, limits.pong_ms);
}

extern "C" {

void cb_ws_release(cb_ws *ws) {
    Ref<cb_ws> last(ws, false);
    if (!ws->loop().is_current()) ws->loop().run([last = std::move(last)] {});
}

bool cb_ws_send(cb_ws *ws, cb_bytes message, bool text) { return ws->send(view(message), text); }

void cb_ws_close(cb_ws *ws, uint16_t code, cb_bytes reason) {
    auto why = std::string(view(reason));
    ws->loop().run([ws = Ref<cb_ws>(ws), code, why = std::move(why)] { ws->close(code, why); });
}

void cb_ws_pull(cb_ws *ws) {
    ws->loop().run([ws = Ref<cb_ws>(ws)] { ws->pull(); });
}

} // extern "C"
