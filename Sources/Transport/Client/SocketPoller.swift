// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc

/// Waits for sockets to become ready, or for another thread to wake it (epoll and an eventfd).
///
/// Only ``wake()`` may be called from other threads. Both descriptors close with the poller.
final class SocketPoller: Sendable {
    private let epoll: Int32
    private let alarm: Int32
    private static let batch = 256

    /// Nil when the process has no descriptors left.
    init?() {
        let made = (epoll: epoll_create1(Int32(EPOLL_CLOEXEC)), alarm: eventfd(0, Self.alarmFlags))
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: made.alarm))
        guard made.epoll >= 0, made.alarm >= 0, epoll_ctl(made.epoll, EPOLL_CTL_ADD, made.alarm, &event) == 0
        else {
            for descriptor in [made.epoll, made.alarm] where descriptor >= 0 { close(descriptor) }
            return nil
        }
        (epoll, alarm) = made
    }

    private static let alarmFlags = Int32(EFD_CLOEXEC | EFD_NONBLOCK)

    deinit {
        close(alarm)
        close(epoll)
    }

    /// Ends the wait that is going on, or the next one.
    func wake() { eventfd_write(alarm, 1) }

    /// Watches a socket for reading and writing; neither is the end of watching it.
    func watch(_ socket: Int32, reading: Bool, writing: Bool) {
        guard reading || writing else {
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
            return
        }
        let events = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
        var event = epoll_event(events: events, data: epoll_data_t(fd: socket))
        if epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event)
        }
    }

    /// The sockets that are ready, after at most that many milliseconds, as libcurl wants to be told.
    func wait(_ milliseconds: Int32) -> [(socket: Int32, mask: Int32)] {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.batch) { buffer in
            let count = epoll_wait(epoll, buffer.baseAddress, Int32(Self.batch), milliseconds)
            return buffer.prefix(max(0, Int(count))).compactMap { event in
                guard event.data.fd != alarm else {
                    var value: eventfd_t = 0
                    eventfd_read(alarm, &value)
                    return nil
                }
                var mask: Int32 = 0
                if event.events & (EPOLLIN.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_IN }
                if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
                if event.events & EPOLLERR.rawValue != 0 { mask |= CURL_CSELECT_ERR }
                return (event.data.fd, mask)
            }
        }
    }
}
