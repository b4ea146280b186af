// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import Transport

/// Addresses that begin with the same bits: `10.0.0.0/8`, `::1`.
package struct AddressRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// A numeric address with or without a length; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])) else { return nil }
        let all = bytes.count * 8
        guard let bits = parts.count == 2 ? Int(parts[1]) : all, (0...all).contains(bits) else { return nil }
        self.bytes = bytes
        self.bits = bits
    }

    /// True when the address lies in the range.
    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(address), other.count == bytes.count else { return false }
        let whole = bits / 8
        guard bytes[..<whole] == other[..<whole] else { return false }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return bits % 8 == 0 || bytes[whole] & mask == other[whole] & mask
    }

    /// The 4 or 16 bytes of a numeric address; an IPv4 address written as IPv6 has 4.
    static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var sixteen = in6_addr()
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}

/// The proxies whose word about a client's address counts.
///
/// What anybody else says of it in `X-Forwarded-For` is ignored: for limits, logs, audit and rights.
package struct TrustedProxies: Sendable, Hashable {
    /// A chain of more proxies is somebody's invention.
    static let maxChain = 32

    /// Their addresses.
    package var ranges: [AddressRange]

    /// Trusts those addresses; by default nobody.
    package init(_ ranges: [AddressRange] = []) { self.ranges = ranges }

    /// The request as its client sent it.
    ///
    /// The list in `X-Forwarded-For` is read from its end, where our own proxies wrote: the first address that is no
    /// trusted proxy is the client. One that is no address, or a client that says it itself, changes nothing.
    package func resolve(_ request: HTTPRequest) -> HTTPRequest {
        guard trusts(request.peer) else { return request }
        let chain = request.headers.all("X-Forwarded-For").flatMap { $0.split(separator: ",") }
        guard !chain.isEmpty, chain.count <= Self.maxChain else { return request }
        var client: String?
        for entry in chain.reversed() {
            let address = String(entry.trimmedSpaces)
            guard AddressRange.bytes(address) != nil else { break }
            client = address
            guard trusts(address) else { break }
        }
        return client.map(request.spoken) ?? request
    }

    /// True when a proxy with this address is believed.
    package func trusts(_ address: String) -> Bool { ranges.contains { $0.contains(address) } }

    /// True when a trusted proxy says that the client speaks TLS to it.
    package func saysSecure(_ request: HTTPRequest, from peer: String) -> Bool {
        trusts(peer) && request.headers["X-Forwarded-Proto"]?.lowercased() == "https"
    }
}
