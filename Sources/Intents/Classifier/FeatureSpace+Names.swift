// SPDX-License-Identifier: Apache-2.0

extension FeatureSpace {
    /// The features of `text` with names that people can read, in the order of `hashes(of:)`.
    static func named(_ text: FoldedText) -> [(hash: UInt64, name: String)] {
        var names: [String] = []
        var previous: String?
        for word in text.words.prefix(maxWords) {
            let said = text.text(of: word)
            names.append(said)
            if let previous { names.append("\(previous) \(said)") }
            previous = said
            names += gramNames(of: text.bytes(of: word))
        }
        if text.asksQuestion { names.append("?") }
        return Array(zip(hashes(of: text), names)).map { (hash: $0.0, name: $0.1) }
    }

    /// `~` stands where the word goes on.
    private static func gramNames(of word: ArraySlice<UInt8>) -> [String] {
        let padded = [0x20] + word.prefix(40) + [0x20]
        var names: [String] = []
        for size in 3...4 where padded.count >= size {
            for start in 0...(padded.count - size) {
                let gram = String(decoding: padded[start..<(start + size)], as: UTF8.self)
                let inner = gram.filter { $0 != " " }
                names.append((gram.hasPrefix(" ") ? "" : "~") + inner + (gram.hasSuffix(" ") ? "" : "~"))
            }
        }
        return names
    }

    /// The number of a feature, -1 if it was not learnt.
    func number(of hash: UInt64) -> Int32 { index.find(hash) }
}
