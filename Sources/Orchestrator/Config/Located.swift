// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// A value an author wrote (or a default that stands in for it) with its place.
struct Located<Value: Sendable>: Sendable {
    var value: Value
    var range: SourceRange

    init(_ value: Value, at range: SourceRange) {
        self.value = value
        self.range = range
    }
}

/// One name and what is declared under it: a key of an open map such as `flows:` or `roles:`.
struct Named<Value: Sendable>: Sendable {
    var name: Located<String>
    var value: Value
}
