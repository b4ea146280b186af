// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The times a token claims: `exp`, `nbf` and `iat` (RFC 7519 4.1).
struct TokenTimes {
    /// Clocks differ: `nbf` and `iat` may lie so far ahead; `exp` is exact.
    static let leeway = 60.0
    /// The end of the year 9999; a later time is a mistake or an attack on someone's arithmetic.
    static let latest = 253_402_300_799.0

    let expires: Timestamp
    /// When the token says it was made.
    let issued: Timestamp?

    /// Reads and checks the times.
    init(_ claims: JSONObject, now: Timestamp) throws(TokenError) {
        guard let end = try Self.seconds(claims["exp"]) else { throw TokenError(.malformed) }
        let present = Double(now.milliseconds) / 1000
        guard present < end else { throw TokenError(.expired) }
        let made = try Self.seconds(claims["iat"])
        for begin in [try Self.seconds(claims["nbf"]), made] {
            guard begin ?? 0 <= present + Self.leeway else { throw TokenError(.notYetValid) }
        }
        issued = made.map { Timestamp(milliseconds: Int($0 * 1000)) }
        expires = Timestamp(milliseconds: Int(end * 1000))
    }

    private static func seconds(_ claim: JSON?) throws(TokenError) -> Double? {
        guard let claim else { return nil }
        guard let seconds = claim.double, seconds >= 0, seconds <= latest else {
            throw TokenError(.malformed)
        }
        return seconds
    }
}
