// SPDX-License-Identifier: Apache-2.0

package import Transport
import WireProtocols

extension NativeChannel {
    func uploadFile(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let record = try await conversation(call)
        guard let files = settings.files else { throw NativeError(FileError(.unavailable)) }
        // One reader for the whole body: a body that came whole has a new one each time it is asked for.
        let reader = call.request.bodyReader
        do throws(FileError) {
            let file = try await FileUpload.receive(
                call.request.headers["Content-Type"] ?? "", conversation: record.id, user: identity.user,
                rules: call.limits.files, into: files, now: call.now,
                next: reader.nextPiece)
            return .json(201, ["file": file.payload])
        } catch {
            throw NativeError(error)
        }
    }

    func downloadFile(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        guard let id = FileID(call.parameters[0]), let files = settings.files else { throw .unknownFile }
        // Whether there is such a file is nobody's business who has no right to its conversation.
        do throws(NativeError) {
            _ = try await conversation(id.conversation, try call.bearer(), call.snapshot)
        } catch {
            throw error.status == 404 ? .unknownFile : error
        }
        guard let file = await files.find(id) else { throw .unknownFile }
        return .download(file, from: files)
    }
}

extension NativeChannel {
    /// Files are taken to disk as they come; a form is a little larger than the file in it.
    package func bodyLimits(_ request: HTTPRequest) -> HTTPBodyLimits? {
        let path = request.pathSegments
        guard request.method == "POST", path.count == 4, path[1] == "conversations", path[3] == "files" else {
            return nil
        }
        let limits = limits(settings.snapshots.current())
        return HTTPBodyLimits(
            bytes: limits.files.maxBytes + FileUpload.formBytes, deadline: limits.bodyDeadline)
    }
}

extension HTTPRequest {
    /// What its header says the body has; 0 where it says nothing.
    var announcedLength: Int { headers["Content-Length"].flatMap { Int($0) } ?? 0 }
}

extension HTTPBodyReader {
    /// The next piece of the body, for ``FileUpload``.
    func nextPiece() async throws(FileError) -> [UInt8]? {
        do throws(HTTPBodyError) { return try await next() } catch {
            switch error.kind {
            case .tooLarge: throw FileError(.tooLarge)
            case .tooSlow: throw FileError(.tooSlow)
            case .malformed, .gone: throw FileError(.malformed)
            }
        }
    }
}

extension HTTPResponse {
    /// A file's content: to be kept, not shown, and never taken for anything but what it is.
    static func download(_ file: StoredFile, from files: FileStore) -> HTTPResponse {
        let headers: HTTPHeaders = [
            "Content-Type": file.type, "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "attachment; filename*=UTF-8''" + PercentEncoding.encode(file.name),
            "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
            "Cache-Control": "private, no-store", "Cross-Origin-Resource-Policy": "same-origin",
        ]
        return HTTPResponse(
            status: 200, headers: headers,
            body: .stream { writer in _ = await files.read(file.id) { await writer.write($0) } })
    }
}

extension StoredFile {
    /// `{"id","name","size","type","url"}`.
    var payload: JSON {
        [
            "id": .string(id.text), "name": .string(name), "size": .integer(size), "type": .string(type),
            "url": .string("/v1/files/" + id.text),
        ]
    }
}
