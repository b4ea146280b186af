// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Nanoseconds of the system's monotonic clock.
enum Monotonic {
    /// A time that does not come.
    static let never = Int64.max

    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// That much later; ``never`` for nil and for what lies beyond it.
    static func after(_ duration: Duration?, from start: Int64) -> Int64 {
        guard let duration else { return never }
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !nanoseconds.overflow else { return never }
        let (end, overflow) = start.addingReportingOverflow(
            nanoseconds.partialValue + attoseconds / 1_000_000_000)
        return overflow ? never : end
    }
}
