// SPDX-License-Identifier: Apache-2.0

/// The address of an HTTP server, with a path that others are added to.
struct HTTPAddress {
    /// The host without brackets and port.
    let host: String

    /// Nil for what is no `http:` or `https:` address, names a user, or has a query.
    init?(_ text: String) {
        let lowered = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !text.contains(where: { "?#@\\".contains($0) })
        else { return nil }
        let authority = lowered.dropFirst(scheme.count).prefix { $0 != "/" }
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":")
        let name = authority[..<(end ?? authority.endIndex)].drop { $0 == "[" }
        guard !name.isEmpty, !isBracketed || end != nil else { return nil }
        host = String(name)
    }
}

extension String {
    /// The address without the slash at its end, so that a path can follow.
    var droppingLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
