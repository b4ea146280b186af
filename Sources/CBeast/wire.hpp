// SPDX-License-Identifier: Apache-2.0
// What a connection reads from and writes to: the socket, with TLS on it or not, and before it the bytes that came
// together with a WebSocket's handshake.
//
// OpenSSL works on the descriptor itself and we wait for the descriptor, not for memory it filled: `asio::ssl::stream`
// holds four buffers of 17 kB per connection, this holds none while nothing moves (ADR 13).
#pragma once
#include "asio.hpp"
#include "frames.hpp"
#include "tls.hpp"
#include <boost/asio/async_result.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <string>
#include <sys/uio.h>

namespace cb {

class Wire {
public:
    using executor_type = Executor;

    /// What came of trying without waiting.
    enum class Outcome : uint8_t { moved, wants_read, wants_write, ended, broken };
    struct Step {
        Outcome outcome;
        size_t count = 0;
    };

    /// `session` is owned from here on; null for a connection in the clear.
    Wire(Socket socket, SSL *session) : socket_(std::move(socket)), session_(session) {}

    executor_type get_executor() { return socket_.get_executor(); }
    Socket &socket() { return socket_; }
    bool is_secure() const { return session_ != nullptr; }
    /// Bytes already read that a WebSocket takes first.
    void put_back(std::string early) { early_ = std::move(early); }

    /// From now on messages may be marked as compressed.
    void follow_frames() { marks_ = std::make_unique<FrameMarks>(); }
    /// Null for a socket that did not agree on compression.
    FrameMarks *marks() { return marks_.get(); }

    /// `moved` when it is done.
    Step shake_hands();
    /// Whether the handshake failed because the client speaks HTTP without TLS.
    bool heard_plain_http() const { return heard_plain_http_; }
    Step receive(void *area, size_t size);
    /// Takes what it can, in order; `moved` also when that is not all.
    Step send(const iovec *parts, int count);
    /// Reads and forgets, without deciphering.
    Step discard(void *area, size_t size);
    /// Says goodbye, in TLS and in TCP; what the client still sends can be discarded.
    void hang_up(Error &error);

    template <class Buffers, class Token>
    auto async_read_some(const Buffers &buffers, Token &&token) {
        auto start = [this](auto handler, const Buffers &buffers) {
            if (!early_.empty()) {
                auto area = first(buffers);
                size_t count = asio::buffer_copy(area, asio::buffer(early_));
                early_.erase(0, count);
                if (marks_) marks_->received(area.data(), count);
                return complete(std::move(handler), Error{}, count);
            }
            if (!is_secure() && !marks_) return socket_.async_read_some(buffers, std::move(handler));
            attempt([this, area = first(buffers)] { return read(area); }, std::move(handler));
        };
        return asio::async_initiate<Token, void(Error, size_t)>(start, token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers &buffers, Token &&token) {
        auto start = [this](auto handler, const Buffers &buffers) {
            if (!is_secure() && !marks_) return socket_.async_write_some(buffers, std::move(handler));
            attempt([this, buffers] { return send(buffers); }, std::move(handler));
        };
        return asio::async_initiate<Token, void(Error, size_t)>(start, token, buffers);
    }

private:
    struct Free {
        void operator()(SSL *session) const { SSL_free(session); }
    };

    /// One read or write of a WebSocket: tried, and tried again each time the descriptor is ready.
    template <class Try, class Handler>
    struct Attempt {
        Wire *wire;
        Try step;
        Handler handler;

        void operator()(Error error) {
            if (error) return handler(error, 0);
            Step done = step();
            if (wants(done)) return Wire::wait(*wire, done, std::move(*this));
            handler(code(done), done.count);
        }
    };

    template <class Try, class Handler>
    void attempt(Try step, Handler handler) {
        Step done = step();
        if (wants(done)) return wait(*this, done, Attempt<Try, Handler>{this, std::move(step), std::move(handler)});
        complete(std::move(handler), code(done), done.count);
    }

    template <class Waiter>
    static void wait(Wire &wire, Step step, Waiter waiter) {
        wire.socket_.async_wait(kind(step), std::move(waiter));
    }

    template <class Handler>
    void complete(Handler handler, Error error, size_t count) {
        asio::post(get_executor(), boost::beast::bind_front_handler(std::move(handler), error, count));
    }

    static bool wants(Step step) {
        return step.outcome == Outcome::wants_read || step.outcome == Outcome::wants_write;
    }
    static Error code(Step step) {
        if (step.outcome == Outcome::moved) return {};
        return step.outcome == Outcome::ended ? Error(asio::error::eof) : Error(asio::error::connection_reset);
    }

    template <class Buffers>
    static asio::mutable_buffer first(const Buffers &buffers) {
        for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at)
            if (asio::mutable_buffer(*at).size() > 0) return *at;
        return {};
    }

    template <class Buffers>
    Step send(const Buffers &buffers) {
        iovec parts[16];
        int count = 0;
        for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers) && count < 16;
             ++at) {
            asio::const_buffer piece(*at);
            parts[count++] = {const_cast<void *>(piece.data()), piece.size()};
        }
        if (!marks_) return send(parts, count);
        if (count > 0) marks_->sending(parts[0].iov_base, parts[0].iov_len);
        Step step = send(parts, count);
        size_t left = step.count;
        for (int index = 0; index < count && left > 0; ++index) {
            size_t taken = std::min(left, parts[index].iov_len);
            marks_->sent(parts[index].iov_base, taken);
            left -= taken;
        }
        return step;
    }

    Step read(asio::mutable_buffer area) {
        Step step = receive(area.data(), area.size());
        if (marks_ && step.outcome == Outcome::moved) marks_->received(area.data(), step.count);
        return step;
    }

public:
    static Socket::wait_type kind(Step step) {
        return step.outcome == Outcome::wants_write ? Socket::wait_write : Socket::wait_read;
    }

private:
    Step judge(int result);
    Step send_plain(const iovec *parts, int count);
    Step send_secret(const iovec *parts, int count);

    Socket socket_;
    std::unique_ptr<SSL, Free> session_;
    bool is_broken_ = false, heard_plain_http_ = false;
    std::string early_;
    std::unique_ptr<FrameMarks> marks_;
};

// Beast calls these by argument lookup at the end of a WebSocket. The wait for the peer's FIN is the
// connection's business, which has a deadline for it.
inline void teardown(boost::beast::role_type, Wire &wire, Error &error) { wire.hang_up(error); }

template <class Handler>
void async_teardown(boost::beast::role_type, Wire &wire, Handler &&handler) {
    Error error;
    wire.hang_up(error);
    asio::post(wire.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

inline void beast_close_socket(Wire &wire) {
    Error error;
    wire.socket().close(error);
}

} // namespace cb
