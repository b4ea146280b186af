// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A value bound to a statement.
///
/// Values only ever travel this way, never inside the text of a statement.
enum SQLiteValue: Sendable, Hashable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)

    static func integer(_ value: Int?) -> SQLiteValue { value.map { .integer($0) } ?? .null }
    static func text(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
    static func json(_ value: JSON?) -> SQLiteValue { value.map { .text($0.encodedText) } ?? .null }
    static func time(_ value: Timestamp) -> SQLiteValue { .integer(value.milliseconds) }
}
