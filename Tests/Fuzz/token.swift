// SPDX-License-Identifier: Apache-2.0
// Random bytes to the token parser: as a token, and as the claims of one that is signed. Built by run.sh, with the
// files that token.files names in the same module.

private let issuer = Issuer(
    name: "fuzz", secrets: [Secret("0123456789abcdef0123456789abcdef")], expires: .seconds(60),
    userClaim: "sub",
    roleClaim: "role", nameClaim: "name", adminClaim: "admin", defaultRole: "PATIENT")

private let verifier: TokenVerifier = {
    var server = ServerSettings()
    server.issuers = [issuer]
    server.roles = ["PATIENT": Role(name: "PATIENT", requiresSafety: true, isStaff: false, isOperator: false)]
    return TokenVerifier(server)
}()

/// One input; never anything but 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let now = Timestamp(milliseconds: 1_700_000_000_000)
    let accepted = try? verifier.verify(String(decoding: bytes, as: UTF8.self), now: now)
    precondition(accepted == nil, "random bytes are nobody's token")
    let header = Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)
    let text = Base64URL.encode(header) + "." + Base64URL.encode(bytes)
    let key = issuer.keys[0]
    let token = text + "." + Base64URL.encode(HMACSHA256.authenticate(Array(text.utf8), key: key))
    if let identity = try? verifier.verify(token, now: now) {
        precondition(!identity.user.isEmpty && (identity.role == "PATIENT" || identity.role == "ADMIN"))
    }
    return 0
}

// What the settings of a server name of a channel.
enum NativeChannel {
    static let mainName = "main"
}

// The instant a token is looked at, without the reading and writing of dates, which belong to another module.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var milliseconds: Int
    package init(milliseconds: Int) { self.milliseconds = milliseconds }
    package var seconds: Int { milliseconds / 1000 }
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

// What else the settings of a server hold, which no token is judged by.
package struct CORSPolicy: Sendable {
    package init() {}
}
package struct TrustedProxies: Sendable {
    package init() {}
}
package struct VisitorKey: Sendable {
    static let prefix = ""
    func keys(_ issuers: [Issuer]) -> [[UInt8]] { issuers.flatMap(\.keys) }
}
