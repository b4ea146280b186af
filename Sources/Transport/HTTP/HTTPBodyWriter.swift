// SPDX-License-Identifier: Apache-2.0

/// Where a streamed answer is written.
///
/// One write at a time.
public struct HTTPBodyWriter: Sendable {
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// Sends a piece and waits while the client is slow to take it; false when the client is gone.
    @discardableResult
    public func write(_ bytes: [UInt8]) async -> Bool {
        if exchange.loop.isCurrent { return await exchange.write(bytes) }
        return await withTaskExecutorPreference(exchange.loop) { await exchange.write(bytes) }
    }

    /// The same for text.
    @discardableResult
    public func write(_ text: String) async -> Bool { await write(Array(text.utf8)) }
}
