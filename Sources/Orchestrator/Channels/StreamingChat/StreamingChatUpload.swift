// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// One PDF of a form, on its way from a client to the service.
struct StreamingChatUpload: Sendable {
    /// Bytes of one file.
    static let maxBytes = 50 << 20
    /// What a form may take besides.
    static let formBytes = 1 << 20
    private static let maxParts = 16
    private static let maxNameBytes = 255

    /// Why a form is not taken, with the contract's status and words.
    enum Refusal: Error {
        case noFile, manyFiles, tooLarge, noPDF, tooSlow

        var response: HTTPResponse {
            switch self {
            case .noFile: .json(400, ["error": "No file provided"])
            case .manyFiles: .json(400, ["error": "Too many files. Upload one file at a time"])
            case .tooLarge: .json(413, ["error": "File too large. Maximum size is 50MB"])
            case .noPDF: .json(415, ["error": "Only PDF files are supported"])
            case .tooSlow: .json(408, ["error": "The upload took too long"])
            }
        }
    }

    /// As its owner calls it, without what could end a header.
    let name: String
    private(set) var content: [UInt8] = []

    private init(_ part: MultipartPart) {
        let name = (part.fileName ?? "").filter { $0 != "\"" && $0 != "\\" }.withoutControls
        self.name = name.isEmpty ? "document.pdf" : name.prefixOfBytes(Self.maxNameBytes)
    }

    /// Reads the form, and no further than its first mistake.
    static func read(_ request: HTTPRequest) async throws(Refusal) -> StreamingChatUpload {
        let type = request.headers["Content-Type"] ?? ""
        guard request.announcedLength <= maxBytes + formBytes else { throw .tooLarge }
        guard var parser = MultipartParser(contentType: type, maxParts: maxParts) else { throw .noFile }
        var upload: StreamingChatUpload?
        var isInFile = false
        let reader = request.bodyReader
        while let piece = try await next(reader) {
            var events: [MultipartEvent] = []
            do throws(MultipartError) { try parser.take(piece, into: &events) } catch { throw .noFile }
            for event in events {
                switch event {
                case .partBegan(let part):
                    isInFile = part.name == "file" && part.fileName != nil
                    guard isInFile else { continue }
                    guard upload == nil else { throw .manyFiles }
                    guard isPDF(part.contentType) else { throw .noPDF }
                    upload = StreamingChatUpload(part)
                case .content(let bytes): if isInFile { try upload?.append(bytes) }
                case .partEnded, .finished: isInFile = false
                }
            }
        }
        guard let upload, parser.isFinished, !upload.content.isEmpty else { throw .noFile }
        guard FileType(beginning: upload.content.prefix(FileType.sample)) == .pdf else { throw .noPDF }
        return upload
    }

    private static func isPDF(_ type: String?) -> Bool {
        type?.lowercased().split(separator: ";").first.map(\.trimmedSpaces) == FileType.pdf.rawValue
    }

    private mutating func append(_ bytes: [UInt8]) throws(Refusal) {
        guard content.count + bytes.count <= Self.maxBytes else { throw .tooLarge }
        content += bytes
    }

    private static func next(_ reader: HTTPBodyReader) async throws(Refusal) -> [UInt8]? {
        do throws(HTTPBodyError) { return try await reader.next() } catch {
            switch error.kind {
            case .tooLarge: throw .tooLarge
            case .tooSlow: throw .tooSlow
            case .malformed, .gone: throw .noFile
            }
        }
    }

    /// The form that the service is sent.
    func form(boundary: String) -> [UInt8] {
        var body = Array(
            """
            --\(boundary)\r
            Content-Disposition: form-data; name="file"; filename="\(name)"\r
            Content-Type: application/pdf\r
            \r\n
            """.utf8)
        body += content
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        return body
    }
}
