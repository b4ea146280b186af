// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 and WebSocket over Boost.Beast, one event loop per thread, as plain C.
//
// Threads: callbacks run on the loop thread of the connection they speak about. Functions marked [loop] may
// only be called there; all others from any thread. Times are milliseconds. Bytes handed to a callback are
// valid until it returns; bytes handed in are copied unless the kernel takes them at once.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct cb_loop cb_loop;
typedef struct cb_timer cb_timer;
typedef struct cb_server cb_server;
typedef struct cb_conn cb_conn;
typedef struct cb_tls cb_tls;
typedef struct cb_ws cb_ws;

typedef struct {
    const uint8_t *_Nullable base;
    size_t size;
} cb_bytes;

// ---- event loop

/// Cores this process may run on, at least one.
int cb_usable_cores(void);
/// Gives freed memory back to the system, which the allocator does of itself only at the end of its heaps.
void cb_return_memory(void);

cb_loop *cb_loop_new(void);
/// Starts the thread. Once per loop. `drain` runs on it after every `cb_loop_wake`, and after any callback
/// during which one was asked.
void cb_loop_start(cb_loop *loop, const char *name, void (*drain)(void *context), void *context);
/// Stops the loop, joins its thread on a helper thread, then calls `done` there.
void cb_loop_stop(cb_loop *loop, void (*done)(void *context), void *context);
/// Frees a loop that never ran or has stopped; every handle made on it must be released before.
void cb_loop_free(cb_loop *loop);
bool cb_loop_is_current(const cb_loop *loop);
void cb_loop_wake(cb_loop *loop);
/// `Date: ...\r\n` of this second. [loop]
cb_bytes cb_loop_date(cb_loop *loop);

/// Calls `fire` exactly once on the loop: true when the time came, false when cancelled before.
cb_timer *cb_timer_new(cb_loop *loop, uint64_t after_ms, void (*fire)(void *context, bool due),
                       void *context);
void cb_timer_cancel(cb_timer *timer);
void cb_timer_release(cb_timer *timer);

// ---- TLS

enum { cb_tls_bad_certificate = 1, cb_tls_bad_key, cb_tls_locked_key, cb_tls_not_a_pair, cb_tls_failed };

/// What a listener proves its name with: a certificate with the chain above it and its key, both PEM. On failure
/// null, with one of the above in `problem`. It may be used and released on any thread.
cb_tls *_Nullable cb_tls_new(cb_bytes certificate, cb_bytes key, int *problem);
/// The seconds since 1970 before and after which the certificate is not valid.
int64_t cb_tls_begins(const cb_tls *tls);
int64_t cb_tls_ends(const cb_tls *tls);
void cb_tls_release(cb_tls *tls);

// ---- server

typedef struct {
    uint32_t header_bytes, header_count, target_bytes, connections;
    uint64_t body_bytes, header_ms, body_ms, idle_ms;
    uint64_t message_bytes, queue_bytes, ping_ms, pong_ms;
    /// Whether WebSockets may compress.
    bool deflate;
} cb_limits;

typedef struct {
    cb_bytes method, target;
    /// The header lines, each `name: value\r\n`, already checked.
    cb_bytes fields;
    cb_bytes body;
    uint64_t id[2];
    const char *peer;
    /// The context of the loop this runs on.
    void *loop;
    bool peer_is_loopback, http11, keep_alive, is_head, is_upgrade, is_secure;
    /// The body comes piece by piece, by `cb_conn_pull_body`.
    bool streams_body;
} cb_request;

/// Of one body that comes piece by piece.
typedef struct {
    uint64_t bytes, ms;
} cb_body_limits;

enum { cb_body_part, cb_body_end, cb_body_too_large, cb_body_too_slow, cb_body_malformed, cb_body_gone };

typedef struct {
    void *context;
    /// A complete, checked request. The result is the exchange, given back in the calls below until `ended`.
    void *_Nonnull (*_Nonnull on_request)(void *context, cb_conn *conn, const cb_request *request);
    /// A request refused before routing: answer with `cb_conn_respond`, closing. The result as above.
    void *_Nonnull (*_Nonnull on_refusal)(void *context, cb_conn *conn, const cb_request *request, int status,
                                          const char *code, const char *message);
    /// A request whose body has not all arrived with its head: true to be asked for the body piece by piece, within
    /// `limits`, which hold the listener's. Null: every body is read before `on_request`.
    bool (*_Nullable on_head)(void *context, const cb_request *request, cb_body_limits *limits);
    /// The answer to one `cb_conn_pull_body`; bytes only with `cb_body_part`.
    void (*on_body)(void *exchange, cb_bytes part, int state);
    /// The last word about an exchange; `gone` when the client left before the answer was written.
    void (*on_ended)(void *exchange, bool gone);
    /// All bytes of a stream given so far have been taken by the kernel.
    void (*on_writable)(void *exchange);
    /// A message; the result says whether to go on reading, otherwise `cb_ws_pull` does.
    bool (*on_ws_message)(void *socket, cb_bytes message, bool text);
    /// We are closing with that code: no more messages come or go.
    void (*on_ws_closing)(void *socket, uint16_t code);
    /// The last word about a WebSocket: the code of the close frame, or 1006.
    void (*on_ws_closed)(void *socket, uint16_t code);
    /// No connection can speak any more; frees `context`.
    void (*on_free)(void *context);
} cb_callbacks;

/// Binds and listens on the first loop; connections go to the loops in turn. On failure null, with `errno` in
/// `error` (EINVAL: not an address). `host` is a numeric address or `localhost`.
cb_server *_Nullable cb_server_new(cb_loop *_Nonnull const *_Nonnull loops, size_t count, const char *host,
                                   uint16_t port, cb_limits limits, cb_tls *_Nullable tls,
                                   cb_callbacks callbacks, int *error);
uint16_t cb_server_port(const cb_server *server);
void cb_server_set_limits(cb_server *server, cb_limits limits);
/// For connections to come; without one they are plain.
void cb_server_set_tls(cb_server *server, cb_tls *_Nullable tls);
size_t cb_server_connections(const cb_server *server);
size_t cb_server_websockets(const cb_server *server);
void cb_server_stop_accepting(cb_server *server);
/// Stops accepting, lets running requests finish, closes WebSockets with `code`; `done` once when nothing is
/// open.
void cb_server_drain(cb_server *server, uint16_t code, void (*done)(void *context), void *context);
/// Cuts everything that is still open.
void cb_server_cut(cb_server *server);
void cb_server_release(cb_server *server);

// ---- one HTTP connection

void cb_conn_retain(cb_conn *conn);
void cb_conn_release(cb_conn *conn);
/// A whole answer. [loop]
void cb_conn_respond(cb_conn *conn, cb_bytes head, cb_bytes body, bool close);
/// The head of an answer whose body follows with `cb_conn_write`. [loop]
void cb_conn_start(cb_conn *conn, cb_bytes head, bool chunked, bool close);
/// 1: taken; 0: taken, but wait for `on_writable` before the next; -1: the client is gone. [loop]
int cb_conn_write(cb_conn *conn, cb_bytes part);
void cb_conn_finish(cb_conn *conn); // [loop]
/// Asks for the next piece of a body. The answer is one `on_body`, perhaps before this returns, or `on_ended`. What is
/// not asked for waits in the client's kernel; answering ends the reading. [loop]
void cb_conn_pull_body(cb_conn *conn);

/// What one WebSocket does otherwise than its listener.
typedef struct {
    /// 0: the listener's.
    uint64_t message_bytes;
    /// Whether silence is answered with pings, and silence after those with the end.
    bool pings;
    /// Whether messages may be compressed, if the listener and the client want that.
    bool deflate;
} cb_ws_options;

/// Turns an upgrade request into a WebSocket that speaks to `socket`; ends the exchange. `fields` are more
/// header lines for the 101 answer. The handle is retained for the caller; null when the client is gone.
/// [loop]
cb_ws *_Nullable cb_conn_upgrade(cb_conn *conn, cb_bytes fields, cb_ws_options options, void *socket);

// ---- one WebSocket

void cb_ws_release(cb_ws *ws);
/// Queues a message. False when closed, or when the queue is over its limit: then the socket closes with
/// 1008.
bool cb_ws_send(cb_ws *ws, cb_bytes message, bool text);
void cb_ws_close(cb_ws *ws, uint16_t code, cb_bytes reason);
void cb_ws_pull(cb_ws *ws);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
