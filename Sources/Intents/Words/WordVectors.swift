// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What words mean by themselves: a vector for each of some 30,000 pieces of words, so that "physician" is near "doctor"
/// though no example says so.
///
/// The table is distilled once from a sentence model by `scripts/build-words.py`; a text is the sum of its pieces, of
/// length 1. File: `ORCHWORD`, then little-endian: version 1 and the number of dimensions (2 bytes each), the number of
/// pieces (4 bytes); for each piece its length (1 byte) and its UTF-8; a scale for each piece (4 bytes, IEEE 754); then the
/// vectors as signed bytes. Pieces that continue a word begin with `##`.
public final class WordVectors: Sendable {
    let dimensions: Int
    private let index: HashIndex
    private let scales: [Float]
    private let values: [Int8]
    private let longestPiece: Int

    /// Why a file is no table of words.
    public struct FormatError: Error, Sendable, Hashable {
        /// Completes "the file ...".
        public let reason: String
    }

    private static let magic = Array("ORCHWORD".utf8)
    private static let maxDimensions = 1024
    private static let maxPieces = 1_000_000

    /// Reads a table.
    /// - Throws: ``FormatError`` when the bytes are something else or end early.
    public init(_ bytes: [UInt8]) throws(FormatError) {
        var reader = TableReader(bytes)
        guard reader.take(8).elementsEqual(Self.magic) else {
            throw FormatError(reason: "is no table of words")
        }
        guard reader.number(2) == 1 else { throw FormatError(reason: "is of another version") }
        dimensions = reader.number(2)
        let count = reader.number(4)
        guard (1...Self.maxDimensions).contains(dimensions), (1...Self.maxPieces).contains(count) else {
            throw FormatError(reason: "has no sensible size")
        }
        var index = HashIndex(minimumCapacity: count)
        var longest = 0
        for number in 0..<count {
            let piece = reader.take(reader.number(1))
            longest = max(longest, piece.count)
            index.insert(FNV.hash(piece), Int32(number))
        }
        scales = (0..<count).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: reader.number(4))) }
        values = reader.take(count * dimensions).map { Int8(bitPattern: $0) }
        guard !reader.isShort, reader.isAtEnd, scales.allSatisfy(\.isFinite) else {
            throw FormatError(reason: "is cut short or damaged")
        }
        self.index = index
        longestPiece = longest
    }

    /// The sum of the pieces of `text`, of length 1; nil if none is known.
    func vector(of text: FoldedText) -> [Float]? {
        var sum = [Float](repeating: 0, count: dimensions)
        var isEmpty = true
        for word in text.words.prefix(FeatureSpace.maxWords) {
            for piece in pieces(of: text.bytes(of: word)) {
                isEmpty = false
                let start = Int(piece) * dimensions
                let scale = scales[Int(piece)]
                for dimension in 0..<dimensions { sum[dimension] += scale * Float(values[start + dimension]) }
            }
        }
        guard !isEmpty else { return nil }
        let length = sum.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : nil
    }

    /// The longest known piece, then the longest that continues it, and so on; a word that cannot be cut up has none.
    private func pieces(of word: ArraySlice<UInt8>) -> [Int32] {
        guard word.count <= 100 else { return [] }
        var found: [Int32] = []
        var start = word.startIndex
        while start < word.endIndex {
            let prefix: [UInt8] = start == word.startIndex ? [] : [0x23, 0x23]
            var end = min(word.endIndex, start + longestPiece)
            var number: Int32 = -1
            while end > start {
                number = index.find(FNV.hash(prefix + word[start..<end]))
                if number >= 0 { break }
                end -= 1
            }
            guard number >= 0 else { return [] }
            found.append(number)
            start = end
        }
        return found
    }
}

/// Takes bytes from the front; past the end there are zeros, and it is noted.
private struct TableReader {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var isShort = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else {
            isShort = true
            return []
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func number(_ width: Int) -> Int {
        take(width).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
