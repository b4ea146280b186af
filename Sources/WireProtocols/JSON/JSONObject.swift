// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object in the order they were written.
///
/// A flat list: chat payloads have a handful of members, for which a scan beats hashing.
public struct JSONObject: Sendable, Hashable {
    /// One name and its value.
    public struct Member: Sendable, Hashable {
        /// The member's name, unique within its object.
        public var name: String
        /// The member's value.
        public var value: JSON

        /// A member of that name and value.
        public init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// All members, in order.
    public private(set) var members: [Member]

    /// An object of these members; the caller vouches that no name occurs twice.
    public init(_ members: [Member] = []) { self.members = members }

    /// How many members there are.
    public var count: Int { members.count }

    /// The member of that name; setting nil removes it, setting a new name appends it.
    public subscript(name: String) -> JSON? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Two objects are equal when they have the same members in any order (RFC 8259, 4).
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }

    /// Hashes the members without regard to their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var one = Hasher()
            one.combine(member)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}
