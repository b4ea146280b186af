// SPDX-License-Identifier: Apache-2.0

package import Intents
package import WireProtocols

/// The names of a `lookup` entity with the values they stand for.
package struct LookupTable: Sendable {
    /// Finds the names in what people say.
    package let gazetteer: Gazetteer
    private let labels: [String: String]

    /// A table of names; several may stand for one value, the first of which is shown.
    package init(_ names: [(label: String, value: String)]) {
        gazetteer = Gazetteer(names)
        labels = Dictionary(names.map { ($0.value, $0.label) }) { first, _ in first }
    }

    /// A table of the rows that a lookup's action returns.
    package init(rows: JSON, lookup: Lookup) {
        let names = rows.items.compactMap { row -> (label: String, value: String)? in
            guard let label = row[lookup.label]?.text,
                let value = ValueType.text.coerce(row[lookup.value] ?? .null)?.text
            else { return nil }
            return (label, value)
        }
        self.init(names)
    }

    /// What a slot holds for a value.
    func slotValue(_ value: String, said: String) -> JSON {
        ["value": .string(value), "label": .string(labels[value] ?? said)]
    }
}
