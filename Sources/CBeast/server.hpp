// SPDX-License-Identifier: Apache-2.0
// A listener and its doors: one door per loop holds that loop's connections, so nothing on the way of a
// request is shared between threads.
//
// Port sharing: one acceptor hands connections to the loops in turn. SO_REUSEPORT per loop would let a second
// process of the same user take half of our connections without an error, and DESIGN 4 promises that a taken
// port stops the start.
#pragma once
#include "loop.hpp"
#include "tls.hpp"
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

struct cb_server;

namespace cb {

/// An intrusive list of what is open at a door; the list holds a reference to each member.
template <class T>
class Roll {
public:
    struct Hook {
        T *before = nullptr, *after = nullptr;
        bool listed = false;
    };

    void add(T *member) {
        Hook &hook = member->hook;
        hook = {nullptr, first_, true};
        if (first_) first_->hook.before = member;
        first_ = member;
        intrusive_ptr_add_ref(member);
    }
    /// May destroy the member.
    void remove(T *member) {
        Hook &hook = member->hook;
        if (!hook.listed) return;
        (hook.before ? hook.before->hook.after : first_) = hook.after;
        if (hook.after) hook.after->hook.before = hook.before;
        hook = {};
        intrusive_ptr_release(member);
    }
    /// Calls `visit` for all members of this moment, each of which may leave.
    template <class F>
    void each(F visit) {
        std::vector<Ref<T>> members;
        for (T *member = first_; member; member = member->hook.after) members.emplace_back(member);
        for (auto &member : members) visit(*member);
    }

private:
    T *first_ = nullptr;
};

class Door final {
public:
    Door(cb_server &server, cb_loop &loop, const cb_limits &limits, Ref<cb_tls> tls);

    void open(Socket socket, bool over_limit);
    void drain(uint16_t code);
    void cut();

    cb_server &server;
    cb_loop &loop;
    cb_limits limits;
    Ref<cb_tls> tls;
    bool draining = false;
    uint16_t close_code = 1001;
    Roll<cb_conn> connections;
    Roll<cb_ws> websockets;
};

} // namespace cb

struct cb_server final : cb::Counted<cb_server> {
    cb_server(cb_loop *const *loops, size_t count, cb_limits limits, cb::Ref<cb_tls> tls, cb_callbacks callbacks);
    ~cb_server();

    int listen(const char *host, uint16_t port);
    void stop_accepting();
    void set_limits(cb_limits limits);
    void set_tls(cb::Ref<cb_tls> tls);
    void drain(uint16_t code, std::function<void()> done);
    void cut();
    /// One more, or one fewer, reason why draining is not over.
    void hold() { holds_.fetch_add(1, std::memory_order_relaxed); }
    void let_go();

    cb_callbacks callbacks;
    std::atomic<size_t> open_connections{0}, open_websockets{0};
    uint16_t port = 0;

private:
    void accept();
    void accepted(cb::Error error, cb::Socket socket, cb::Door &door);
    void close_acceptor();

    std::vector<std::unique_ptr<cb::Door>> doors_;
    // On the first loop only, and gone once we stop accepting, so that the server may outlive that loop.
    std::optional<cb::Acceptor> acceptor_;
    std::optional<cb::Timer> pause_;
    size_t turn_ = 0;
    std::atomic<uint32_t> max_connections_;
    std::atomic<size_t> holds_{1};
    std::mutex mutex_;
    std::function<void()> drained_;
};
