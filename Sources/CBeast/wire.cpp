// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"
#include <algorithm>
#include <cstring>
#include <openssl/err.h>
#include <sys/socket.h>

namespace cb {

namespace {

// What one TLS record holds. Parts are joined up to this, so that head and body of an answer travel in one record.
constexpr size_t record_bytes = 16 * 1024;
thread_local char record[record_bytes];

/// Copies what lies behind the first `skip` bytes of the parts; the number of bytes copied.
size_t gather(const iovec *parts, int count, size_t skip) {
    size_t filled = 0;
    for (int index = 0; index < count && filled < record_bytes; ++index) {
        size_t past = std::min(skip, parts[index].iov_len);
        skip -= past;
        size_t taken = std::min(parts[index].iov_len - past, record_bytes - filled);
        std::memcpy(record + filled, static_cast<const char *>(parts[index].iov_base) + past, taken);
        filled += taken;
    }
    return filled;
}

} // namespace

Wire::Step Wire::judge(int result) {
    switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {Outcome::wants_read};
    case SSL_ERROR_WANT_WRITE: return {Outcome::wants_write};
    case SSL_ERROR_ZERO_RETURN: return {Outcome::ended};
    default:
        heard_plain_http_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
        // OpenSSL forbids any further use, a farewell included.
        is_broken_ = true;
        ERR_clear_error();
        return {Outcome::broken};
    }
}

Wire::Step Wire::shake_hands() {
    ERR_clear_error();
    int result = SSL_do_handshake(session_.get());
    return result == 1 ? Step{Outcome::moved} : judge(result);
}

Wire::Step Wire::receive(void *area, size_t size) {
    if (!session_) return discard(area, size);
    if (is_broken_) return {Outcome::broken};
    ERR_clear_error();
    int result = SSL_read(session_.get(), area, static_cast<int>(std::min<size_t>(size, INT32_MAX)));
    return result > 0 ? Step{Outcome::moved, static_cast<size_t>(result)} : judge(result);
}

Wire::Step Wire::discard(void *area, size_t size) {
    ssize_t count = ::recv(socket_.native_handle(), area, size, MSG_DONTWAIT);
    if (count > 0) return {Outcome::moved, static_cast<size_t>(count)};
    if (count == 0) return {Outcome::ended};
    return {errno == EAGAIN || errno == EINTR ? Outcome::wants_read : Outcome::broken};
}

Wire::Step Wire::send(const iovec *parts, int count) {
    return session_ ? send_secret(parts, count) : send_plain(parts, count);
}

Wire::Step Wire::send_plain(const iovec *parts, int count) {
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(parts);
    message.msg_iovlen = static_cast<size_t>(count);
    ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    if (sent >= 0) return {Outcome::moved, static_cast<size_t>(sent)};
    return {errno == EAGAIN || errno == EINTR ? Outcome::wants_write : Outcome::broken};
}

/// A record that the kernel did not take is kept by OpenSSL, which must be offered the same bytes again, or those and
/// more: so nothing of it counts as sent, and whoever calls keeps the order.
Wire::Step Wire::send_secret(const iovec *parts, int count) {
    if (is_broken_) return {Outcome::broken};
    size_t sent = 0;
    while (size_t size = gather(parts, count, sent)) {
        ERR_clear_error();
        int result = SSL_write(session_.get(), record, static_cast<int>(size));
        if (result <= 0) {
            auto step = judge(result);
            // Without renegotiation a write never needs to read first.
            if (step.outcome != Outcome::wants_write) return {Outcome::broken};
            return sent > 0 ? Step{Outcome::moved, sent} : step;
        }
        sent += static_cast<size_t>(result);
    }
    return {Outcome::moved, sent};
}

void Wire::hang_up(Error &error) {
    if (session_ && !is_broken_ && SSL_is_init_finished(session_.get())) {
        ERR_clear_error();
        // One attempt: who does not read will not miss it.
        if (SSL_shutdown(session_.get()) < 0) ERR_clear_error();
    }
    socket_.shutdown(Socket::shutdown_send, error);
}

} // namespace cb
