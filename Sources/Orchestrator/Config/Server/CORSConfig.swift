// SPDX-License-Identifier: Apache-2.0

extension MapReader {
    /// The key `cors` of a listener.
    func origins() -> [Located<String>] {
        optional(
            "cors", .oneOrMore(.text),
            "Origins (http://localhost:3000) whose pages may read answers and open sockets here; '*' is any.")
            ?? []
    }
}
