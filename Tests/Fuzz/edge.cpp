// SPDX-License-Identifier: Apache-2.0
// Random bytes against the HTTP and WebSocket edge as it runs: a server in this process, asked over a socket pair of
// loopback, in pieces. AddressSanitizer watches; a request that is answered neither with bytes nor by closing is a hang.
//
// Of an input, byte 0 chooses: bit 0 a WebSocket handshake is said first, bit 1 the bytes become masked frames, bit 2
// bodies are read piece by piece, bit 3 with deflate; byte 1 is where the rest is cut in two.
#include "cbeast.h"
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace {

struct Exchange {
    cb_conn *conn;
    // The first pull comes after `on_request` has returned, as in Swift; the exchange may be over by then.
    bool pulls_later = false, is_over = false;
};

cb_bytes bytes(std::string_view text) { return {reinterpret_cast<const uint8_t *>(text.data()), text.size()}; }

void answer(Exchange *exchange, bool close) {
    cb_conn_respond(exchange->conn, bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), bytes("ok"), close);
}

struct Socket {
    cb_ws *ws = nullptr;
};

void pull_later(void *context, bool) {
    auto *exchange = static_cast<Exchange *>(context);
    exchange->pulls_later = false;
    if (!exchange->is_over) return cb_conn_pull_body(exchange->conn);
    cb_conn_release(exchange->conn);
    delete exchange;
}

void *on_request(void *, cb_conn *conn, const cb_request *request) {
    // What Swift would read is read, so that a view into freed memory shows.
    volatile uint8_t sum = 0;
    for (auto part : {request->method, request->target, request->fields, request->body})
        for (size_t at = 0; at < part.size; ++at) sum = sum + part.base[at];
    cb_conn_retain(conn);
    auto *exchange = new Exchange{conn};
    if (request->is_upgrade) {
        auto *socket = new Socket;
        socket->ws = cb_conn_upgrade(conn, bytes("X-A: b\r\n"), {0, true, true}, socket);
        if (!socket->ws) delete socket;
    } else if (request->streams_body) {
        exchange->pulls_later = true;
        cb_timer_release(cb_timer_new(static_cast<cb_loop *>(request->loop), 0, pull_later, exchange));
    } else {
        answer(exchange, !request->keep_alive);
    }
    return exchange;
}

void *on_refusal(void *, cb_conn *conn, const cb_request *, int, const char *, const char *) {
    cb_conn_retain(conn);
    auto *exchange = new Exchange{conn};
    cb_conn_respond(conn, bytes("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"), {}, true);
    return exchange;
}

bool uploads = false;
bool on_head(void *, const cb_request *, cb_body_limits *limits) {
    *limits = {100'000, 1000};
    return uploads;
}

void on_body(void *context, cb_bytes part, int state) {
    auto *exchange = static_cast<Exchange *>(context);
    volatile uint8_t sum = 0;
    for (size_t at = 0; at < part.size; ++at) sum = sum + part.base[at];
    state == cb_body_part ? cb_conn_pull_body(exchange->conn) : answer(exchange, state != cb_body_end);
}

void on_ended(void *context, bool) {
    auto *exchange = static_cast<Exchange *>(context);
    exchange->is_over = true;
    if (exchange->pulls_later) return;
    cb_conn_release(exchange->conn);
    delete exchange;
}

bool on_message(void *context, cb_bytes message, bool text) {
    auto *socket = static_cast<Socket *>(context);
    if (socket->ws) cb_ws_send(socket->ws, message, text);
    return true;
}

void on_closed(void *context, uint16_t) {
    auto *socket = static_cast<Socket *>(context);
    if (socket->ws) cb_ws_release(socket->ws);
    delete socket;
}

cb_server *start() {
    auto *loop = cb_loop_new();
    cb_loop_start(loop, "fuzz", [](void *) {}, loop);
    cb_limits limits{8192, 50, 2048, 1000, 65536, 1000, 1000, 1000, 65536, 65536, 1000, 1000, true};
    cb_callbacks callbacks{};
    callbacks.context = loop;
    callbacks.on_request = on_request;
    callbacks.on_refusal = on_refusal;
    callbacks.on_head = on_head;
    callbacks.on_body = on_body;
    callbacks.on_ended = on_ended;
    callbacks.on_writable = [](void *) {};
    callbacks.on_ws_message = on_message;
    callbacks.on_ws_closing = [](void *, uint16_t) {};
    callbacks.on_ws_closed = on_closed;
    callbacks.on_free = [](void *) {};
    int error = 0;
    auto *server = cb_server_new(&loop, 1, "127.0.0.1", 0, limits, nullptr, callbacks, &error);
    if (!server) std::abort();
    return server;
}

int dial(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int sock = ::socket(AF_INET, SOCK_STREAM, 0);
    // Thousands of connections a second can use up the ports for a while, which says nothing about the server.
    for (int attempt = 0; ::connect(sock, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0; ++attempt) {
        if (errno != EADDRNOTAVAIL || attempt == 1000) std::abort();
        ::usleep(100'000);
    }
    // Ends without the wait that keeps a port.
    linger reset{1, 0};
    setsockopt(sock, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    return sock;
}

void say(int sock, std::string_view text) {
    if (!text.empty() && ::send(sock, text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
}

/// Reads on until the server closes; false when it says nothing for longer than any deadline.
bool hear_all(int sock) {
    char area[4096];
    while (true) {
        pollfd wait{sock, POLLIN, 0};
        if (::poll(&wait, 1, 9000) == 0) return false;
        if (::recv(sock, area, sizeof area, 0) <= 0) return true;
    }
}

std::string frames(std::string_view input) {
    std::string out;
    while (!input.empty()) {
        auto head = static_cast<uint8_t>(input.front());
        size_t size = std::min<size_t>(input.size() - 1, head & 31);
        out += static_cast<char>((head & 0x80) | (head >> 5 & 3) | (head & 0x10 ? 8 : 0) | (head & 8 ? 0x40 : 0));
        out += static_cast<char>(0x80 | size);
        out += std::string(4, '\0');
        out += input.substr(1, size);
        input.remove_prefix(1 + size);
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static cb_server *server = start();
    if (size < 2) return 0;
    std::string_view input(reinterpret_cast<const char *>(data) + 2, size - 2);
    uploads = data[0] & 4;
    int sock = dial(cb_server_port(server));
    std::string shaped(input);
    if (data[0] & 1) {
        say(sock, std::string("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                  + (data[0] & 8 ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "")
                  + "\r\n");
        if (data[0] & 2) shaped = frames(input);
    }
    size_t cut = shaped.empty() ? 0 : data[1] * shaped.size() / 256;
    say(sock, std::string_view(shaped).substr(0, cut));
    if (data[0] & 16) ::usleep(50);
    say(sock, std::string_view(shaped).substr(cut));
    ::shutdown(sock, SHUT_WR);
    if (!hear_all(sock)) std::abort();
    ::close(sock);
    return 0;
}
