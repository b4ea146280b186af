// SPDX-License-Identifier: Apache-2.0

/// A row of many fields behind one reference.
///
/// A message has twenty fields and goes through a dozen hands, from the stage that words it to the sockets that are
/// told. As a plain struct it had each hand count a reference for every text in it, and take them back. Here passing
/// it on counts one, and it still is a value: a change copies the fields first while another hand holds them too.
///
/// `row.text` costs a load. The key path `\.text` in place of a closure does not: it is made anew at run time, which
/// took 10,000 instructions each.
@dynamicMemberLookup
package struct Row<Fields: Sendable>: Sendable {
    // Unchecked: its fields are changed only while one row alone refers to it.
    private final class Box: @unchecked Sendable {
        // Each access is one field in or out, so none can overlap another and the run time need not look.
        @exclusivity(unchecked) var fields: Fields

        init(_ fields: Fields) { self.fields = fields }
    }

    private var box: Box

    /// A row of these fields.
    init(_ fields: Fields) { box = Box(fields) }

    /// A field by its name.
    @inline(__always)
    package subscript<Value>(dynamicMember field: WritableKeyPath<Fields, Value>) -> Value {
        get { box.fields[keyPath: field] }
        set {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.fields) }
            box.fields[keyPath: field] = newValue
        }
    }
}

extension Row: Equatable where Fields: Equatable {
    /// True when all fields are equal.
    package static func == (left: Row, right: Row) -> Bool {
        left.box === right.box || left.box.fields == right.box.fields
    }
}

extension Row: Hashable where Fields: Hashable {
    /// Hashes all fields.
    package func hash(into hasher: inout Hasher) { hasher.combine(box.fields) }
}
