// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// The lines of standard input, or of a file, as they come, whatever bytes they are made of; a last line may lack its end.
struct InputLines {
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private let descriptor: Int32
    /// Keeps the file open.
    private let owner: FileHandle?

    /// The lines of an open file; standard input unless said otherwise.
    init(descriptor: Int32 = STDIN_FILENO, owner: FileHandle? = nil) {
        (self.descriptor, self.owner) = (descriptor, owner)
    }

    /// A longer line is cut: nothing that people say is a megabyte long.
    static let maxLineBytes = 4 << 20

    /// Whether the next line can be had without waiting.
    var hasMoreAtHand: Bool { isAtEnd || buffer[start...].contains(UInt8(ascii: "\n")) }

    /// The next line without its end, or nil after the last.
    mutating func next() -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) { return take(end, skip: 1) }
            searched = buffer.count
            if isAtEnd || searched - start >= Self.maxLineBytes {
                return searched > start ? take(searched, skip: 0) : nil
            }
            let consumed = start
            fill()
            searched -= consumed
        }
    }

    private mutating func take(_ end: Int, skip: Int) -> String {
        var line = buffer[start..<end]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        start = end + skip
        return String(decoding: line, as: UTF8.self)
    }

    private mutating func fill() {
        buffer.removeFirst(start)
        start = 0
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { isAtEnd = true } else { buffer.append(contentsOf: piece[..<count]) }
    }
}
