// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Something that another system may tell about a person, and what the person is then told.
package struct InboundEvent: Sendable {
    /// One thing wrong with what came.
    package struct Problem: Sendable, Hashable {
        /// The part of the data: `starts`; empty for the whole.
        package var field: String
        /// What is wrong with it.
        package var message: String
    }

    /// More data is refused, in bytes of JSON.
    package static let maxDataBytes = 16_384
    /// Unknown parts that are named in an answer, at most.
    private static let maxNamed = 8

    /// The event's name, unique in its assistant.
    package var name: String
    /// The roles whose keys may tell it.
    package var roles: [String]
    /// What comes with it, all of it required.
    package var data: [ValueType.Field]
    /// What the person is told; sees `event`.
    package var say: ResponseReference

    /// What came in the declared types, or everything that is wrong with it.
    package func check(_ given: JSONObject) -> (values: JSONObject, problems: [Problem]) {
        guard JSON.object(given).encoded().count <= Self.maxDataBytes else {
            let problem = Problem(field: "", message: "must have at most \(Self.maxDataBytes) bytes")
            return (JSONObject(), [problem])
        }
        var values = JSONObject()
        var problems: [Problem] = []
        for field in data {
            guard let value = given[field.name], !value.isNull else {
                problems.append(Problem(field: field.name, message: "is missing"))
                continue
            }
            guard let typed = field.type.coerce(value) else {
                problems.append(Problem(field: field.name, message: "must be \(field.type.wanted)"))
                continue
            }
            values[field.name] = typed
        }
        let unknown = given.members.filter { member in !data.contains { $0.name == member.name } }
        problems += unknown.prefix(Self.maxNamed).map {
            Problem(field: String($0.name.prefix(64)), message: "is not known here")
        }
        return (values, problems)
    }
}

extension ValueType {
    /// What must come, for messages to those who send it.
    fileprivate var wanted: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .boolean: "true or false"
        case .datetime: "a date as ISO 8601"
        case .duration: "a duration with its seconds"
        case .any: "a value"
        case .list: "a list, each item of its type"
        case .object: "an object with its parts"
        }
    }
}
