// SPDX-License-Identifier: Apache-2.0
#include "loop.hpp"
#include <algorithm>
#include <csignal>
#include <ctime>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <sys/random.h>

using namespace cb;

namespace {

thread_local const cb_loop *current = nullptr;

} // namespace

cb_loop::~cb_loop() {
    if (!thread_.joinable()) return;
    io_.stop();
    is_current() ? thread_.detach() : thread_.join();
}

bool cb_loop::is_current() const { return current == this; }

uint64_t cb_loop::now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1000 + static_cast<uint64_t>(time.tv_nsec) / 1'000'000;
}

void cb_loop::start(const char *name, void (*drain)(void *), void *context) {
    drain_ = drain;
    context_ = context;
    // A peer that vanishes must be an error of one write, never the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    thread_ = std::thread([this, label = std::string(name)] {
        current = this;
        pthread_setname_np(pthread_self(), label.substr(0, 15).c_str());
        auto guard = asio::make_work_guard(io_);
        io_.run();
        current = nullptr;
    });
}

void cb_loop::stop(void (*done)(void *), void *context) {
    std::thread([this, done, context] {
        io_.stop();
        if (thread_.joinable()) thread_.join();
        done(context);
    }).detach();
}

void cb_loop::wake() {
    if (is_current() && depth_ > 0) {
        wanted_ = true;
    } else {
        post_drain();
    }
}

void cb_loop::post_drain() {
    asio::post(io_, [this] {
        Scope scope(*this);
        drain_(context_);
    });
}

void cb_loop::settle() {
    // Four rounds for a handler that hops a few times; more would starve the sockets.
    for (int round = 0; round < 4 && wanted_; ++round) {
        wanted_ = false;
        drain_(context_);
    }
    if (!wanted_) return;
    wanted_ = false;
    post_drain();
}

void cb_loop::set_deadline(Timed &entry, uint64_t after_ms) {
    uint64_t time = now();
    wheel_.set(entry, time + after_ms, time);
    if (!ticking_) tick();
}

void cb_loop::tick() {
    ticking_ = true;
    ticker_.expires_after(std::chrono::milliseconds(Wheel::tick_ms));
    ticker_.async_wait([this](Error error) {
        if (error) return;
        Scope scope(*this);
        wheel_.advance(now());
        if (wheel_.empty()) {
            ticking_ = false;
        } else {
            tick();
        }
    });
}

std::array<uint64_t, 2> cb_loop::random() {
    if (pool_left_ < 2) {
        // Reads of up to 256 bytes cannot be cut short; larger ones can, so ask in such pieces.
        auto *bytes = reinterpret_cast<uint8_t *>(pool_.data());
        for (size_t at = 0; at < sizeof pool_; at += 256) {
            while (getrandom(bytes + at, 256, 0) != 256) {}
        }
        pool_left_ = pool_.size();
    }
    pool_left_ -= 2;
    return {pool_[pool_left_], pool_[pool_left_ + 1]};
}

cb_bytes cb_loop::date() {
    timespec time;
    clock_gettime(CLOCK_REALTIME_COARSE, &time);
    if (time.tv_sec != date_second_) {
        date_second_ = time.tv_sec;
        tm parts;
        gmtime_r(&date_second_, &parts);
        // The C locale is never changed, so the names are English as RFC 9110 5.6.7 wants them.
        date_size_ = strftime(date_, sizeof date_, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    }
    return {reinterpret_cast<const uint8_t *>(date_), date_size_};
}

// A timer outlives neither its loop nor its handle; `fire` is owed exactly one call.
struct cb_timer final : Counted<cb_timer> {
    cb_timer(cb_loop &loop, void (*fire)(void *, bool), void *context)
        : loop(loop), timer(loop.io()), fire(fire), context(context) {}
    ~cb_timer() { settle(false); }

    void settle(bool due) {
        if (!fire) return;
        auto call = std::exchange(fire, nullptr);
        call(context, due);
    }

    cb_loop &loop;
    Timer timer;
    void (*fire)(void *, bool);
    void *context;
};

extern "C" {

int cb_usable_cores(void) {
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? std::max(1, CPU_COUNT(&cores)) : 1;
}

void cb_return_memory(void) { malloc_trim(0); }

cb_loop *cb_loop_new(void) { return new cb_loop(); }
void cb_loop_start(cb_loop *loop, const char *name, void (*drain)(void *), void *context) {
    loop->start(name, drain, context);
}
void cb_loop_stop(cb_loop *loop, void (*done)(void *), void *context) { loop->stop(done, context); }
void cb_loop_free(cb_loop *loop) { delete loop; }
bool cb_loop_is_current(const cb_loop *loop) { return loop->is_current(); }
void cb_loop_wake(cb_loop *loop) { loop->wake(); }
cb_bytes cb_loop_date(cb_loop *loop) { return loop->date(); }

cb_timer *cb_timer_new(cb_loop *loop, uint64_t after_ms, void (*fire)(void *, bool), void *context) {
    Ref<cb_timer> timer(new cb_timer(*loop, fire, context));
    loop->run([timer, after_ms] {
        timer->timer.expires_after(std::chrono::milliseconds(after_ms));
        timer->timer.async_wait([timer](Error error) {
            cb_loop::Scope scope(timer->loop);
            timer->settle(!error);
        });
    });
    intrusive_ptr_add_ref(timer.get());
    return timer.get();
}

void cb_timer_cancel(cb_timer *timer) {
    timer->loop.run([timer = Ref<cb_timer>(timer)] { timer->timer.cancel(); });
}

void cb_timer_release(cb_timer *timer) { intrusive_ptr_release(timer); }

} // extern "C"
