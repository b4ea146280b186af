// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc

/// Which addresses a request may lead to, judged on the address itself when it connects.
///
/// A check of the name alone could be passed and then answered differently by the name server.
public enum AllowedDestinations: Sendable, Hashable {
    /// Every address.
    case any
    /// Every public address, and those private ones.
    case publicOnes(and: [NetworkRange])

    /// Whether the address of a socket may be connected to.
    func allow(_ address: AddressBytes) -> Bool {
        guard case .publicOnes(let ranges) = self else { return true }
        return !address.isPrivate || ranges.contains { $0.contains(address) }
    }
}

/// An IPv4 or IPv6 address as bytes; an IPv4 address in IPv6 clothes counts as IPv4.
struct AddressBytes: Sendable, Equatable {
    let bytes: [UInt8]

    private init(mapping bytes: [UInt8]) {
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff
        // 64:ff9b::/96 (RFC 6052) leads to the IPv4 address at its end as well.
        let isTranslated = bytes.count == 16 && bytes[..<12] == [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
        self.bytes = (isMapped && bytes[11] == 0xff) || isTranslated ? Array(bytes[12...]) : bytes
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else.
    init?(_ text: String) {
        var buffer = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &buffer) == 1 {
            self.init(mapping: Array(buffer[..<4]))
        } else if inet_pton(AF_INET6, text, &buffer) == 1 {
            self.init(mapping: buffer)
        } else {
            return nil
        }
    }

    /// Reads the address of a socket; nil for another family than IP.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self.init(
                mapping: address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                    withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
                })
        case AF_INET6:
            self.init(
                mapping: address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                    withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
                })
        default: return nil
        }
    }

    /// Loopback, link-local, site-local, multicast, documentation and what else the registries call special.
    var isPrivate: Bool { Self.special.contains { $0.contains(self) } }

    /// RFC 6890 and its registry, without what is globally reachable.
    private static let special: [NetworkRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { NetworkRange($0) }
}

/// The addresses that share their first bits, as `10.0.0.0/8`.
public struct NetworkRange: Sendable, Hashable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Reads an address, or an address and the number of bits that count; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = AddressBytes(String(parts[0])) else { return nil }
        let most = address.bytes.count * 8
        guard let bits = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(bits) else {
            return nil
        }
        prefix = address.bytes
        self.bits = bits
    }

    func contains(_ address: AddressBytes) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        let whole = bits / 8
        guard address.bytes[..<whole] == prefix[..<whole] else { return false }
        guard bits % 8 != 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> (bits % 8))
        return address.bytes[whole] & mask == prefix[whole] & mask
    }
}
