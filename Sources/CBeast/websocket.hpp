// SPDX-License-Identifier: Apache-2.0
// One WebSocket over Beast, in the pull model: while Swift has a message it did not take yet, nothing is
// read.
//
// Sends come from any thread into one queue under a lock, so their order is the order of the calls; the loop
// thread writes them. Beast allows one write at a time and answers pings and closes beside it.
#pragma once
#include "server.hpp"
#include "wire.hpp"
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <mutex>
#include <string_view>

struct cb_ws final : public cb::Counted<cb_ws>, public cb::Timed {
public:
    cb_ws(cb::Door &door, cb::Wire wire, cb_ws_options options, void *socket);
    ~cb_ws();

    /// `extensions` is what the client offers, `fields` what our answer says beside its own.
    void begin(std::string_view key, std::string_view extensions, std::string_view fields);
    bool send(std::string_view message, bool text);
    void close(uint16_t code, std::string_view reason);
    void pull();
    void cut();
    cb_loop &loop() { return door_.loop; }

    cb::Roll<cb_ws>::Hook hook;

private:
    // Without Beast's deflate, which holds 13 kB for each socket; see deflate.hpp.
    using Stream = boost::beast::websocket::stream<cb::Wire, false>;
    /// A message on its way out, in one allocation.
    struct Outgoing;
    enum class Phase : uint8_t {
        accepting, // the 101 answer is being written -> open, closed
        open,      // -> closing, over, closed
        closing,   // we said close, or are about to once the queue is written -> over, closed
        over,      // close frames are exchanged; waiting for the peer's FIN -> closed
        closed,
    };

    void expired() override;
    void accepted();
    void read();
    void received(cb::Error error);
    void deliver();
    bool inflate(std::string_view &message, bool text);
    cb::asio::const_buffer dress(Outgoing &message);
    void flush();
    void written(cb::Error error);
    void drop_queue(bool all);
    void start_close(uint16_t code, std::string_view reason);
    void say_close();
    void heard();
    void count_control();
    void heartbeat();
    void over(uint16_t code);
    void await_fin();
    void report(uint16_t code);
    void leave();

    cb::Door &door_;
    cb::Ref<cb_server> server_;
    Stream stream_;
    void *socket_;
    const uint64_t queue_bytes_;
    const cb_ws_options options_;
    boost::beast::flat_buffer buffer_;
    Phase phase_ = Phase::accepting;
    bool accepted_ = false, reading_ = false, paused_ = false, delivering_ = false, writing_ = false;
    bool pinging_ = false, awaits_pong_ = false, close_said_ = false;
    uint16_t close_code_ = 1006;
    std::unique_ptr<std::string> close_reason_;
    /// What is being written instead of the first in the queue.
    std::string squeezed_;
    uint8_t window_bits_ = 0;
    uint64_t heard_ = 0;
    uint32_t control_second_ = 0, controls_ = 0;

    std::mutex mutex_; // guards the four below
    Outgoing *first_ = nullptr, *last_ = nullptr;
    size_t queued_ = 0;
    bool refusing_ = false;
};
