// SPDX-License-Identifier: Apache-2.0

/// The words of `text` as matching sees them: lower case, plain letters, no apostrophes, one space between.
///
/// Accents, zero-width characters and look-alikes of other scripts are folded, a letter repeated more than twice is
/// written twice, punctuation is dropped. Two texts with the same result are the same example.
public func normalised(_ text: String) -> String {
    let folded = FoldedText(text)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(folded.bytes.count + folded.words.count)
    for word in folded.words {
        if !bytes.isEmpty { bytes.append(0x20) }
        bytes.append(contentsOf: folded.bytes(of: word))
    }
    return String(decoding: bytes, as: UTF8.self)
}
