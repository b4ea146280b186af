// SPDX-License-Identifier: Apache-2.0
// One event loop: an io_context with its thread, its deadlines, and the hook that runs Swift's jobs.
#pragma once
#include "asio.hpp"
#include "cbeast.h"
#include "deflate.hpp"
#include "wheel.hpp"
#include <array>
#include <memory>
#include <string>
#include <thread>

struct cb_loop {
public:
    /// Jobs that Swift enqueues while one of these lives are run when it ends, instead of after another round
    /// of epoll: a message is answered in the same turn of the loop in which it was read. Hence every
    /// callback into Swift stands in a Scope, and nothing touches a connection's state after one without
    /// looking at it again.
    class Scope {
    public:
        explicit Scope(cb_loop &loop) : loop_(loop) { ++loop_.depth_; }
        ~Scope() {
            if (loop_.depth_ == 1 && loop_.wanted_) loop_.settle();
            --loop_.depth_;
        }
        Scope(const Scope &) = delete;

    private:
        cb_loop &loop_;
    };

    static constexpr size_t scratch_bytes = 64 * 1024;

    ~cb_loop();

    void start(const char *name, void (*drain)(void *), void *context);
    void stop(void (*done)(void *), void *context);
    bool is_current() const;
    void wake();

    cb::asio::io_context &io() { return io_; }
    /// Where every HTTP connection of this loop reads into; its bytes are used before the handler returns.
    uint8_t *scratch() { return scratch_.get(); }
    /// Milliseconds of a monotonic clock, to about 4 ms.
    static uint64_t now();
    void set_deadline(cb::Timed &entry, uint64_t after_ms);
    void clear_deadline(cb::Timed &entry) { wheel_.clear(entry); }
    void forget(cb::Timed &entry) { wheel_.remove(entry); }
    /// For the messages of all WebSockets of this loop.
    cb::Deflater &deflater() {
        if (!deflater_) deflater_ = std::make_unique<cb::Deflater>();
        return *deflater_;
    }
    /// 128 unguessable bits.
    std::array<uint64_t, 2> random();
    cb_bytes date();
    void *context() const { return context_; }

    template <class F>
    void run(F &&action) {
        if (is_current()) return action();
        cb::asio::post(io_, [this, action = std::forward<F>(action)]() mutable {
            Scope scope(*this);
            action();
        });
    }

private:
    void settle();
    void post_drain();
    void tick();

    void (*drain_)(void *) = nullptr;
    void *context_ = nullptr;
    unsigned depth_ = 0;
    bool wanted_ = false;
    std::thread thread_;
    std::unique_ptr<uint8_t[]> scratch_ = std::make_unique<uint8_t[]>(scratch_bytes);
    std::unique_ptr<cb::Deflater> deflater_;
    cb::Wheel wheel_;
    // Destroying it destroys the connections it still knows, which leave the wheel: so it comes after the
    // wheel.
    cb::asio::io_context io_{1};
    cb::Timer ticker_{io_};
    bool ticking_ = false;
    std::array<uint64_t, 512> pool_{};
    size_t pool_left_ = 0;
    char date_[48] = {};
    size_t date_size_ = 0;
    time_t date_second_ = 0;
};
