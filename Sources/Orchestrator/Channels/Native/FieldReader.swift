// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Reads the members of a body and remembers everything that is wrong with them, to say it all at once.
struct FieldReader {
    private let object: JSONObject
    // A handful of names: a scan beats hashing.
    private var known: [String] = []
    private(set) var details: [NativeError.Detail] = []

    init(_ object: JSONObject) { self.object = object }

    /// A text of at most so many characters; nil only when it is optional and absent, or wrong.
    mutating func text(_ name: String, isRequired: Bool = false, atMost limit: Int = 256) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard let text = value.text else { return refuse(name, "must be a text") }
        // A text has at most as many scalars as bytes, so most need no count.
        guard text.utf8.count <= limit || text.unicodeScalars.count <= limit else {
            return refuse(name, "must have at most \(limit) characters")
        }
        guard !isRequired || !text.isEmpty else { return refuse(name, "must not be empty") }
        return text
    }

    /// A whole number that is not negative.
    mutating func number(_ name: String, isRequired: Bool = false) -> Int? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard case .integer(let number) = value, number >= 0 else {
            return refuse(name, "must be a whole number, 0 or more")
        }
        return number
    }

    /// A yes or no.
    mutating func flag(_ name: String, isRequired: Bool = false) -> Bool? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard let flag = value.flag else { return refuse(name, "must be true or false") }
        return flag
    }

    /// An object.
    mutating func object(_ name: String) -> JSONObject? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard let object = value.members else { return refuse(name, "must be an object") }
        return object
    }

    /// Throws when anything was wrong, or when there are members that nobody asked for.
    func check() throws(NativeError) {
        let unknown = object.members.filter { !known.contains($0.name) }
            .prefix(8).map {
                NativeError.Detail(path: String($0.name.prefix(64)), message: "is not known here")
            }
        guard details.isEmpty && unknown.isEmpty else { throw .unprocessable(details + unknown) }
    }

    private mutating func value(_ name: String, isRequired: Bool) -> JSON? {
        known.append(name)
        guard let value = object[name] else { return isRequired ? refuse(name, "is missing") : nil }
        return value
    }

    private mutating func refuse<Value>(_ name: String, _ message: String) -> Value? {
        details.append(NativeError.Detail(path: name, message: message))
        return nil
    }
}
