// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import WireProtocols

/// A row as a `records` file gives it.
package struct RecordSeed: Sendable, Hashable {
    /// The collection's name.
    package var collection: String
    /// The row's id, unique in its collection.
    package var id: String
    /// The members; texts such as `+3d 10:00` stand for a date.
    package var body: JSONObject

    /// A seed row.
    package init(collection: String, id: String, body: JSONObject) {
        self.collection = collection
        self.id = id
        self.body = body
    }

    /// Of what is written, not of what its relative dates mean today: a new day is no edit.
    var hash: String {
        let bytes = JSON.object(body).sortedByName.encoded()
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The row to store: its id as text, its relative dates resolved.
    func row(now: Timestamp, offsetAt: (Int) -> Int) -> JSONObject {
        var row = body
        row["id"] = .string(id)
        guard case .object(let resolved) = JSON.object(row).resolvingDates(now: now, offsetAt: offsetAt)
        else {
            return row
        }
        return resolved.identified { id }.row
    }
}

/// What becomes of a seed: the one rule for every store.
enum SeedStep {
    case keep, insert, update, remember

    /// Decides by the hash the seed was last seen under and by whether its row was changed at run time.
    ///
    /// A nil `known` is a new seed; a nil `isTouched` says that there is no such row.
    init(known: String?, hash: String, isTouched: Bool?) {
        switch (known, isTouched) {
        case (hash?, _): self = .keep
        case (nil, nil): self = .insert
        case (_?, false?): self = .update
        default: self = .remember  // changed or deleted at run time, or made there under this id
        }
    }
}

extension JSON {
    fileprivate var sortedByName: JSON {
        switch self {
        case .array(let values): return .array(values.map(\.sortedByName))
        case .object(let object):
            let members = object.members.sorted { $0.name < $1.name }
            return .object(
                JSONObject(members.map { JSONObject.Member(name: $0.name, value: $0.value.sortedByName) }))
        default: return self
        }
    }

    fileprivate func resolvingDates(now: Timestamp, offsetAt: (Int) -> Int) -> JSON {
        switch self {
        case .string(let text):
            return resolveRelativeDatetime(text, now: now, offsetAt: offsetAt).map { .string($0) } ?? self
        case .array(let values): return .array(values.map { $0.resolvingDates(now: now, offsetAt: offsetAt) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map {
                        let value = $0.value.resolvingDates(now: now, offsetAt: offsetAt)
                        return JSONObject.Member(name: $0.name, value: value)
                    }))
        default: return self
        }
    }
}
