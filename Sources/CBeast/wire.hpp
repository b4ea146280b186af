// SPDX-License-Identifier: Apache-2.0
// What a WebSocket reads from and writes to: the socket, and before it the bytes that came with the
// handshake. TLS takes the socket's place here, and nowhere else.
#pragma once
#include "asio.hpp"
#include <boost/asio/async_result.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <string>

namespace cb {

class Wire {
public:
    using executor_type = Executor;

    Wire(Socket socket, std::string early) : socket_(std::move(socket)), early_(std::move(early)) {}
    executor_type get_executor() { return socket_.get_executor(); }
    Socket &socket() { return socket_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers &buffers, Token &&token) {
        auto start = [this](auto handler, const Buffers &buffers) {
            if (early_.empty()) return socket_.async_read_some(buffers, std::move(handler));
            size_t count = asio::buffer_copy(buffers, asio::buffer(early_));
            early_.erase(0, count);
            asio::post(get_executor(), boost::beast::bind_front_handler(std::move(handler), Error{}, count));
        };
        return asio::async_initiate<Token, void(Error, size_t)>(start, token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers &buffers, Token &&token) {
        return socket_.async_write_some(buffers, std::forward<Token>(token));
    }

    void hang_up(Error &error) { socket_.shutdown(Socket::shutdown_send, error); }

private:
    Socket socket_;
    std::string early_;
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
