// SPDX-License-Identifier: Apache-2.0

/// Spelling: whether two words are at most one slip apart.
enum EditDistance {
    /// True if equal, or if one letter was left out, added, replaced, or two neighbours were exchanged.
    ///
    /// Linear time.
    static func isAtMostOne<Left: RandomAccessCollection<UInt8>, Right: RandomAccessCollection<UInt8>>(
        _ left: Left, _ right: Right
    ) -> Bool {
        let (short, long) = (Array(left), Array(right))
        return short.count <= long.count ? compare(short, long) : compare(long, short)
    }

    private static func compare(_ short: [UInt8], _ long: [UInt8]) -> Bool {
        guard long.count - short.count <= 1 else { return false }
        var same = 0
        while same < short.count && short[same] == long[same] { same += 1 }
        if short.count < long.count { return short[same...] == long[(same + 1)...] }
        if same == short.count || short[(same + 1)...] == long[(same + 1)...] { return true }
        return same + 1 < short.count && short[same] == long[same + 1] && short[same + 1] == long[same]
            && short[(same + 2)...] == long[(same + 2)...]
    }
}
