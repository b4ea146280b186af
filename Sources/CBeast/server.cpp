// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"
#include "connection.hpp"
#include "websocket.hpp"

using namespace cb;

// ---- Door

Door::Door(cb_server &server, cb_loop &loop, const cb_limits &limits, Ref<cb_tls> tls)
    : server(server), loop(loop), limits(limits), tls(std::move(tls)) {}

void Door::open(Socket socket, bool over_limit) {
    SSL *session = tls && !draining ? tls->open(socket.native_handle()) : nullptr;
    // Without memory for TLS the connection ends: it is never served in the clear instead.
    if (draining || (tls && !session)) {
        server.open_connections.fetch_sub(1, std::memory_order_relaxed);
        return server.let_go();
    }
    Ref<cb_conn> connection(new cb_conn(*this, Wire(std::move(socket), session)));
    connection->begin();
    if (over_limit) connection->refuse_connection();
}

void Door::drain(uint16_t code) {
    draining = true;
    close_code = code;
    connections.each([](cb_conn &connection) { connection.drain(); });
    websockets.each([code](cb_ws &socket) { socket.close(code, ""); });
}

void Door::cut() {
    connections.each([](cb_conn &connection) { connection.cut(); });
    websockets.each([](cb_ws &socket) { socket.cut(); });
}

// ---- cb_server

cb_server::cb_server(cb_loop *const *loops, size_t count, cb_limits limits, Ref<cb_tls> tls,
                     cb_callbacks callbacks)
    : callbacks(callbacks), max_connections_(limits.connections) {
    for (size_t index = 0; index < count; ++index)
        doors_.push_back(std::make_unique<Door>(*this, *loops[index], limits, tls));
    acceptor_.emplace(loops[0]->io());
    pause_.emplace(loops[0]->io());
}

cb_server::~cb_server() { callbacks.on_free(callbacks.context); }

int cb_server::listen(const char *host, uint16_t wanted) {
    Error error;
    auto address = asio::ip::make_address(std::string_view(host) == "localhost" ? "127.0.0.1" : host, error);
    if (error) return EINVAL;
    Tcp::endpoint endpoint(address, wanted);
    acceptor_->open(endpoint.protocol(), error);
    // A port in TIME_WAIT may be taken again; one that is being listened on may not.
    if (!error) acceptor_->set_option(Acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(4096, error);
    if (!error) port = acceptor_->local_endpoint(error).port();
    if (error) return error.value();
    doors_[0]->loop.run([self = Ref<cb_server>(this)] { self->accept(); });
    return 0;
}

void cb_server::accept() {
    if (!acceptor_) return;
    Door &door = *doors_[turn_++ % doors_.size()];
    acceptor_->async_accept(door.loop.io().get_executor(),
                           [self = Ref<cb_server>(this), &door](Error error, Socket socket) {
                               self->accepted(error, std::move(socket), door);
                           });
}

void cb_server::accepted(Error error, Socket socket, Door &door) {
    if (!acceptor_) return;
    if (error) {
        // Out of descriptors or memory: the connections wait in the kernel while some of ours end.
        pause_->expires_after(std::chrono::milliseconds(error == asio::error::connection_aborted ? 0 : 100));
        pause_->async_wait([self = Ref<cb_server>(this)](Error) { self->accept(); });
        return;
    }
    hold();
    bool over = open_connections.fetch_add(1, std::memory_order_relaxed) + open_websockets.load()
        >= max_connections_.load(std::memory_order_relaxed);
    door.loop.run([self = Ref<cb_server>(this), &door, over, socket = std::move(socket)]() mutable {
        door.open(std::move(socket), over);
    });
    accept();
}

void cb_server::close_acceptor() {
    acceptor_.reset();
    pause_.reset();
}

void cb_server::stop_accepting() {
    doors_[0]->loop.run([self = Ref<cb_server>(this)] { self->close_acceptor(); });
}

void cb_server::set_limits(cb_limits limits) {
    max_connections_ = limits.connections;
    for (auto &door : doors_)
        door->loop.run([self = Ref<cb_server>(this), door = door.get(), limits] { door->limits = limits; });
}

void cb_server::set_tls(Ref<cb_tls> tls) {
    for (auto &door : doors_)
        door->loop.run([self = Ref<cb_server>(this), door = door.get(), tls] { door->tls = tls; });
}

void cb_server::drain(uint16_t code, std::function<void()> done) {
    {
        std::lock_guard lock(mutex_);
        drained_ = std::move(done);
    }
    stop_accepting();
    for (auto &door : doors_) {
        hold();
        door->loop.run([self = Ref<cb_server>(this), door = door.get(), code] {
            door->drain(code);
            self->let_go();
        });
    }
    let_go();
}

void cb_server::cut() {
    for (auto &door : doors_)
        door->loop.run([self = Ref<cb_server>(this), door = door.get()] { door->cut(); });
}

void cb_server::let_go() {
    if (holds_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    std::function<void()> done;
    {
        std::lock_guard lock(mutex_);
        done.swap(drained_);
    }
    if (done) done();
}

extern "C" {

cb_server *cb_server_new(cb_loop *const *loops, size_t count, const char *host, uint16_t port,
                         cb_limits limits, cb_tls *tls, cb_callbacks callbacks, int *error) {
    Ref<cb_server> server(new cb_server(loops, count, limits, tls, callbacks));
    *error = server->listen(host, port);
    return *error ? nullptr : server.detach();
}

uint16_t cb_server_port(const cb_server *server) { return server->port; }
void cb_server_set_limits(cb_server *server, cb_limits limits) { server->set_limits(limits); }
void cb_server_set_tls(cb_server *server, cb_tls *tls) { server->set_tls(tls); }
size_t cb_server_connections(const cb_server *server) { return server->open_connections; }
size_t cb_server_websockets(const cb_server *server) { return server->open_websockets; }
void cb_server_stop_accepting(cb_server *server) { server->stop_accepting(); }
void cb_server_drain(cb_server *server, uint16_t code, void (*done)(void *), void *context) {
    server->drain(code, [done, context] { done(context); });
}
void cb_server_cut(cb_server *server) { server->cut(); }
void cb_server_release(cb_server *server) { intrusive_ptr_release(server); }

} // extern "C"
