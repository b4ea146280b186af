// SPDX-License-Identifier: Apache-2.0

/// The candidate most likely meant by a misspelt name, or nil when none is close.
///
/// Case and `-`/`_` do not count. Ties go to the candidate that a slip of the fingers explains best, then by
/// alphabet, so that the answer does not depend on the order of the candidates.
public func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
    let typed = NameShape(name)
    // Nobody mistypes a name of that length; comparing would cost the square of it.
    guard !typed.letters.isEmpty, typed.letters.count <= 64 else { return nil }
    var best: (rank: NameRank, candidate: String)?
    for candidate in candidates where candidate != name {
        guard let rank = typed.rank(of: NameShape(candidate)) else { continue }
        if let current = best, (current.rank, current.candidate) <= (rank, candidate) { continue }
        best = (rank, candidate)
    }
    return best?.candidate
}

/// How well a candidate explains what was typed; smaller is better.
private struct NameRank: Comparable {
    let distance: Int
    let differentStart: Int
    let differentLetters: Int
    let lengthGap: Int

    static func < (left: NameRank, right: NameRank) -> Bool {
        (left.distance, left.differentStart, left.differentLetters, left.lengthGap)
            < (right.distance, right.differentStart, right.differentLetters, right.lengthGap)
    }
}

/// A name as it is compared: lower case, with `-`, blanks and `_` alike.
private struct NameShape {
    let letters: [Unicode.Scalar]

    init(_ name: String) {
        letters = name.lowercased().unicodeScalars.map { $0 == "-" || $0 == " " ? "_" : $0 }
    }

    func rank(of candidate: NameShape) -> NameRank? {
        let other = candidate.letters
        let gap = abs(other.count - letters.count)
        let isPrefix =
            min(letters.count, other.count) >= 3
            && (other.starts(with: letters) || letters.starts(with: other))
        let allowed = allowedDistance(other.count)
        guard isPrefix || gap <= allowed else { return nil }
        let distance = gap <= allowed ? distance(to: other) : allowed + 1
        guard isPrefix || distance <= allowed else { return nil }
        return NameRank(
            distance: distance, differentStart: letters.first == other.first ? 0 : 1,
            differentLetters: Set(letters).symmetricDifference(other).count, lengthGap: gap)
    }

    /// One slip in a short name, two from five letters on, three from nine on.
    private func allowedDistance(_ otherCount: Int) -> Int {
        switch max(letters.count, otherCount) {
        case ...1: 0
        case ...4: 1
        case ...8: 2
        default: 3
        }
    }

    /// Damerau-Levenshtein (optimal string alignment): insert, delete, substitute, swap two neighbours.
    private func distance(to other: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for (row, letter) in letters.enumerated() {
            var current = [row + 1]
            for column in other.indices {
                let cost = letter == other[column] ? 0 : 1
                var value = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, letter == other[column - 1], letters[row - 1] == other[column] {
                    value = min(value, beforeLast[column - 1] + 1)
                }
                current.append(value)
            }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }
}
