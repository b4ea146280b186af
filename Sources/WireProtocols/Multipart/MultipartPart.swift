// SPDX-License-Identifier: Apache-2.0

/// What the lines before a part's content say of it; all of it is the client's claim.
public struct MultipartPart: Sendable, Hashable {
    /// The name of the form field.
    public let name: String
    /// The name of the file as its owner calls it; nil for a field that is no file.
    public let fileName: String?
    /// The type that the client claims.
    public let contentType: String?

    // Nil without a form field's name.
    init?(_ block: ArraySlice<UInt8>) {
        guard let text = String(validating: block, as: UTF8.self) else { return nil }
        var disposition: HeaderParameters?
        var type: String?
        for line in text.split(whereSeparator: { $0 == "\r\n" }) {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = String(line[line.index(after: colon)...])
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = HeaderParameters(value)
            case "content-type": type = HeaderParameters(value).value
            default: continue
            }
        }
        // A name that goes on in the next line would be cut there, and the rest read as a field of its own.
        guard let disposition, disposition.isClosed, disposition.value.lowercased() == "form-data",
            let name = disposition["name"]
        else { return nil }
        self.name = name
        fileName = disposition.extended("filename") ?? disposition["filename"]
        contentType = type
    }
}

/// A header value with parameters: `form-data; name="file"; filename="a;b.pdf"` (RFC 9110 5.6.6).
public struct HeaderParameters: Sendable {
    /// What stands before the first semicolon.
    public let value: String
    /// False when a quotation mark is opened and never closed.
    public let isClosed: Bool
    private let parameters: [(name: String, value: String)]

    /// Takes a value apart.
    ///
    /// In quotation marks a backslash gives the next character its plain meaning.
    public init(_ text: String) {
        var pieces: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                pieces[pieces.count - 1].append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";", !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        isClosed = !isQuoted
        value = Self.trimmed(pieces[0])
        parameters = pieces.dropFirst().compactMap { piece in
            guard let equals = piece.firstIndex(of: "=") else { return nil }
            let value = Self.trimmed(String(piece[piece.index(after: equals)...]))
            return (Self.trimmed(String(piece[..<equals])).lowercased(), value)
        }
    }

    /// The first parameter of that name.
    public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// A parameter in the form `name*=UTF-8''percent%20encoded` (RFC 8187).
    func extended(_ name: String) -> String? {
        guard let raw = self[name + "*"], raw.lowercased().hasPrefix("utf-8'") else { return nil }
        let parts = raw.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var bytes: [UInt8] = []
        var rest = parts[2].utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
