// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// `kind: records`: collections and rows of the embedded backend.
struct RecordsConfig: ConfigMap {
    static let title = "a records file"
    let collections: [Named<CollectionConfig>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .records)
        collections = map.required(
            "collections", .names(.object(CollectionConfig.self)), "Collections by name.")
    }
}

struct CollectionConfig: ConfigMap {
    static let title = "a collection"
    let fields: [Named<Located<ValueType>>]
    let access: [Named<Located<String>>]?
    let rows: [RowConfig]
    let anchor: SourceRange

    init(_ map: MapReader) {
        fields = map.required(
            "fields", .names(.type), "The fields of a row, by name and type; `id` is always there.")
        access = map.optional(
            "access", .names(.name(), rule: .role),
            "By role: `any`, `none`, or the field that holds the caller's user id. A role not named has none; without `access` every role has all."
        )
        rows =
            map.optional(
                "rows", .list(.row),
                "Rows to begin with; each is put in once, and follows edits until it is changed at run time.")
            ?? []
        anchor = map.anchor
    }
}

/// One declared row.
struct RowConfig: Sendable {
    var id: Located<String>
    var values: [Named<Located<JSON>>]
}

extension Codec where Value == RowConfig {
    static var row: Codec {
        Codec(
            schema: { _ in ["type": "object", "required": ["id"]] },
            placeholder: { RowConfig(id: Located("", at: .top(of: "")), values: []) },
            read: { node, context in
                guard let entries = node.entries else {
                    context.reportType(node, wants: "a row: fields with their values")
                    return nil
                }
                guard let id = node["id"], let text = id.text, !text.isEmpty else {
                    context.report(
                        "key-missing", at: entries.first?.key.range ?? node.range, "a row needs the key 'id'",
                        help: "add 'id: ...', unique in the collection")
                    return nil
                }
                return RowConfig(
                    id: Located(text, at: context.firstLine(of: id.range)),
                    values: entries.map {
                        Named(
                            name: Located($0.key.text ?? "", at: $0.key.range),
                            value: Located(
                                context.plainJSON($0.value), at: context.firstLine(of: $0.value.range)))
                    })
            })
    }
}

/// `kind: knowledge`: named sets of files for retrieval.
struct KnowledgeConfig: ConfigMap {
    static let title = "a knowledge file"
    let sets: [Named<KnowledgeSetConfig>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .knowledge)
        sets = map.required("sets", .names(.object(KnowledgeSetConfig.self)), "Sets by name.")
    }
}

struct KnowledgeSetConfig: ConfigMap {
    static let title = "a knowledge set"
    let files: [Located<String>]

    init(_ map: MapReader) {
        files = map.required(
            "files", .list(.text),
            "Markdown and text files, relative to bots/; `*` stands for any part of a file name.")
    }
}
