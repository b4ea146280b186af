// SPDX-License-Identifier: Apache-2.0

internal import CCrypt
import COpenSSL

/// bcrypt as libcrypt does it: makes `$2b$`, reads `$2a$`, `$2b$` and `$2y$`.
///
/// Each call takes about a quarter of a second at cost 12, on purpose; never on an event loop or the shared pool.
enum Bcrypt {
    /// More bytes than these the algorithm silently ignores, so a longer password is refused instead.
    static let maxBytes = 72
    static let costs = 4...31
    private static let alphabet = Array(
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The hash of a password under a new random salt; nil when libcrypt refuses.
    static func hash(_ password: String, cost: Int) -> String? {
        var salt = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&salt, Int32(salt.count)) == 1 else { return nil }
        return crypt(password, setting: setting(cost: cost, salt: salt))
    }

    /// True when the hash is that of the password.
    static func verify(_ password: String, against hash: String) -> Bool {
        guard isHash(hash), let computed = crypt(password, setting: hash) else { return false }
        return HMACSHA256.areEqual(Array(computed.utf8), Array(hash.utf8))
    }

    /// What an unknown user's password is compared with: the same work, and never equal.
    static func decoy(cost: Int) -> String {
        // No hash ends in 31 dots: the last character carries four bits, and these would be all zero.
        setting(cost: cost, salt: [UInt8](repeating: 0x5A, count: 16)) + String(repeating: ".", count: 31)
    }

    /// True for a text that has the form of a bcrypt hash we read.
    static func isHash(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 60, ["$2a$", "$2b$", "$2y$"].contains(String(text.prefix(4))), bytes[6] == 0x24,
            let cost = Int(String(decoding: bytes[4..<6], as: UTF8.self)), costs.contains(cost)
        else { return false }
        return bytes[7...].allSatisfy(alphabet.contains)
    }

    /// True when bcrypt would take all of the password: not too long, and no NUL, where C's texts end.
    static func takes(_ password: String) -> Bool {
        password.utf8.count <= maxBytes && !password.utf8.contains(0)
    }

    private static func setting(cost: Int, salt: [UInt8]) -> String {
        "$2b$" + (cost < 10 ? "0" : "") + String(cost) + "$" + encode(salt)
    }

    // bcrypt's own base64: another alphabet, the bits in the usual order, no padding.
    private static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                out.append(alphabet[Int(bits >> count & 63)])
            }
        }
        if count > 0 { out.append(alphabet[Int(bits << (6 - count) & 63)]) }
        return String(decoding: out, as: UTF8.self)
    }

    private static func crypt(_ password: String, setting: String) -> String? {
        guard takes(password) else { return nil }
        // 32 KiB: too much for the stack of a thread, and it held the password, so it is wiped.
        let state = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        let size = MemoryLayout<crypt_data>.size
        memset(state, 0, size)
        defer {
            OPENSSL_cleanse(state, size)
            state.deallocate()
        }
        // Unlike `crypt_r`, which answers a failure with a text that is no hash, this one answers with null.
        guard let result = crypt_rn(password, setting, state, Int32(size)) else { return nil }
        return String(cString: result)
    }
}
