// SPDX-License-Identifier: Apache-2.0

/// Which files are taken, and where they lie.
struct UploadConfig: ConfigMap {
    static let title = "'upload'"

    let maxBytes: Located<Int>
    let conversationBytes: Located<Int>
    let directory: Located<String>?
    let types: [Located<String>]?

    init(_ map: MapReader) {
        maxBytes = map.value(
            "max_bytes", .integer(1...1_073_741_824), default: "10485760", "Bytes of one file (413).")
        conversationBytes = map.value(
            "conversation_bytes", .integer(1...1_099_511_627_776), default: "104857600",
            "Bytes of all files of one conversation (413).")
        directory = map.optional(
            "directory", .text,
            "Where files lie, relative to the folder that holds bots/: uploads when left out; one for all listeners."
        )
        types = map.optional(
            "types", .list(.word(FileType.allCases.map(\.rawValue))),
            "The types that are taken, judged by the content (415): PDF, PNG and JPEG when left out.")
    }
}
