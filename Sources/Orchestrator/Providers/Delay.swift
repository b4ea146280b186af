// SPDX-License-Identifier: Apache-2.0

/// Lets time pass, so that a test can say when it has.
package protocol Delay: Sendable {
    /// Returns after that long; throws when the task is cancelled before.
    func wait(_ duration: Duration) async throws(CancellationError)
    /// Time passed since some fixed instant; never goes back.
    func elapsed() -> Duration
}

/// Real time.
package struct SystemDelay: Delay {
    private static let start = ContinuousClock.now

    /// Real time.
    package init() {}

    /// Sleeps on the machine's steady clock.
    package func wait(_ duration: Duration) async throws(CancellationError) {
        do { try await Task.sleep(for: duration) } catch { throw CancellationError() }
    }

    /// Time since this was first asked for.
    package func elapsed() -> Duration { Self.start.duration(to: .now) }
}
