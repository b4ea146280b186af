// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection: bytes in, one exchange at a time, bytes out.
//
// A wait for readable bytes stays armed from the first byte to the last, also while a handler runs, so that a
// client's leaving is seen at once; it costs no buffer, because all connections of a loop read into one
// scratch area. Pipelined requests wait in `in_` until their turn. Answers go to the kernel in the call that
// makes them; only what it does not take is kept.
#pragma once
#include "head.hpp"
#include "server.hpp"
#include <optional>
#include <string>
#include <sys/uio.h>

struct cb_conn final : public cb::Counted<cb_conn>, public cb::Timed {
public:
    cb_conn(cb::Door &door, cb::Socket socket);
    ~cb_conn();

    void begin();
    void refuse_connection();
    void drain();
    void cut() { leave(true); }

    void respond(cb_bytes head, cb_bytes body, bool close);
    void start(cb_bytes head, bool chunked, bool close);
    int write(cb_bytes part);
    void finish();
    cb_ws *upgrade(cb_bytes fields, void *socket);
    cb_loop &loop() { return door_.loop; }

    cb::Roll<cb_conn>::Hook hook;

private:
    enum class Phase : uint8_t {
        head,      // waiting for a request or its header -> body, handling, closed
        body,      // reading a body -> handling, closed
        handling,  // Swift makes an answer -> flushing, streaming, head, lingering, closed
        streaming, // Swift sends an answer piece by piece -> flushing, head, lingering, closed
        flushing,  // the answer is complete but not all sent -> head, lingering, closed
        lingering, // everything said; waiting for the client to close -> closed
        closed,
    };

    void expired() override;
    void arm();
    void readable();
    void take(std::string_view bytes);
    void end_of_input();

    void read_head(std::string_view fresh);
    void begin_request(std::string_view block, std::string_view rest);
    void read_body();
    void dispatch();
    void adopt(uint64_t serial, void *exchange);
    void refuse(const cb::Refusal &refusal);
    cb_request describe();

    void send(iovec *parts, int count);
    void flush();
    void wait_writable();
    void sent();
    void next();
    void linger();
    void end_exchange(bool gone);
    void leave(bool gone);

    cb::Door &door_;
    cb::Ref<cb_server> server_; // keeps the door
    cb::Socket socket_;
    Phase phase_ = Phase::head;
    bool armed_ = false, ended_input_ = false, keep_ = true, chunked_ = false, first_ = true;
    bool waiting_to_write_ = false, loopback_ = false;
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
