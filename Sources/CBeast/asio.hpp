// SPDX-License-Identifier: Apache-2.0
// The one place that configures and includes Asio and the core of Beast.
#pragma once
#define BOOST_ASIO_SEPARATE_COMPILATION 1
#define BOOST_BEAST_SEPARATE_COMPILATION 1
#define BOOST_ASIO_DISABLE_BOOST_COROUTINE 1
#define BOOST_ASIO_NO_DEPRECATED 1

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <atomic>
#include <cstdint>

namespace cb {

namespace asio = boost::asio;
using Error = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

/// A reference count inside the object, so that a plain C pointer can be a counted handle.
template <class T>
class Counted {
public:
    friend void intrusive_ptr_add_ref(T *object) {
        object->references_.fetch_add(1, std::memory_order_relaxed);
    }
    friend void intrusive_ptr_release(T *object) {
        if (object->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object;
    }

private:
    std::atomic<uint32_t> references_{0};
};

template <class T>
using Ref = boost::intrusive_ptr<T>;

} // namespace cb
