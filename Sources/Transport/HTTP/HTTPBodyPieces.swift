// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Pieces of a body that are all here, given out one after the other.
final class HTTPBodyPieces: Sendable {
    private let left: Mutex<ArraySlice<[UInt8]>>

    init(_ pieces: [[UInt8]]) { left = Mutex(pieces.filter { !$0.isEmpty }[...]) }

    func next() -> [UInt8]? { left.withLock { $0.popFirst() } }
}
