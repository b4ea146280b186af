// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection: bytes in, one exchange at a time, bytes out.
//
// A wait for readable bytes stays armed from the first byte to the last, also while a handler runs, so that a
// client's leaving is seen at once; it costs no buffer, because all connections of a loop read into one
// scratch area. Pipelined requests wait in `in_` until their turn. Answers go to the kernel in the call that
// makes them; only what it does not take is kept. A body is read whole before Swift hears of the request, or, where
// Swift wants that, piece by piece while the exchange is already on (`Upload`).
#pragma once
#include "head.hpp"
#include "server.hpp"
#include "wire.hpp"
#include <optional>
#include <string>

struct cb_conn final : public cb::Counted<cb_conn>, public cb::Timed {
public:
    cb_conn(cb::Door &door, cb::Wire wire);
    ~cb_conn();

    void begin();
    void refuse_connection();
    void drain();
    void cut() { leave(true); }

    void respond(cb_bytes head, cb_bytes body, bool close);
    void start(cb_bytes head, bool chunked, bool close);
    int write(cb_bytes part);
    void finish();
    void pull_body();
    cb_ws *upgrade(cb_bytes fields, cb_ws_options options, void *socket);
    cb_loop &loop() { return door_.loop; }

    cb::Roll<cb_conn>::Hook hook;

private:
    enum class Phase : uint8_t {
        greeting,  // TLS is being agreed on -> head, lingering, closed
        head,      // waiting for a request or its header -> body, handling, closed
        body,      // reading a body -> handling, closed
        handling,  // Swift makes an answer -> flushing, streaming, head, lingering, closed
        streaming, // Swift sends an answer piece by piece -> flushing, head, lingering, closed
        flushing,  // the answer is complete but not all sent -> head, lingering, closed
        lingering, // everything said; waiting for the client to close -> closed
        closed,
    };

    /// A body that Swift reads piece by piece.
    enum class Upload : uint8_t {
        none,
        open,   // more is to come -> complete, failed, none
        complete, // all is here, Swift may still have to take some -> none
        failed, // Swift was told, or will be when it asks -> none
    };

    void expired() override;
    void arm(cb::Socket::wait_type kind = cb::Socket::wait_read);
    void readable();
    void greet();
    void take(std::string_view bytes);
    void end_of_input();

    void read_head(std::string_view fresh);
    void begin_request(std::string_view block, std::string_view rest);
    void begin_body(std::string_view block, std::string_view rest);
    bool wants_upload(std::string_view rest, cb_body_limits &own);
    bool parse_body(cb::Error &error);
    void read_body();
    void advance_upload();
    void offer_part();
    void fail_upload(int state);
    void end_upload();
    bool is_full() const;
    void say_continue();
    void dispatch();
    void adopt(uint64_t serial, void *exchange);
    void refuse(const cb::Refusal &refusal);
    cb_request describe();

    void send(const iovec *parts, int count);
    void flush();
    void wait_writable();
    void sent();
    void next();
    void linger();
    void end_exchange(bool gone);
    void leave(bool gone);

    cb::Door &door_;
    cb::Ref<cb_server> server_; // keeps the door
    cb::Wire wire_;
    Phase phase_ = Phase::head;
    Upload upload_ = Upload::none;
    bool armed_ = false, ended_input_ = false, keep_ = true, chunked_ = false, first_ = true;
    bool waiting_to_write_ = false, loopback_ = false;
    bool pulled_ = false, owes_continue_ = false;
    int upload_failure_ = 0;
    uint64_t upload_ms_ = 0;
    void *exchange_ = nullptr;
    uint64_t exchanges_ = 0;
    size_t lingered_ = 0;
    size_t scanned_ = 0;
    std::string in_;
    std::string block_;
    std::string out_;
    size_t out_at_ = 0;
    cb::Head head_;
    std::optional<cb::Parser> parser_;
    char peer_[46] = {};
};
