// SPDX-License-Identifier: Apache-2.0

package import Transport
import WireProtocols

extension ClinicChannel {
    /// Where the addresses of shared files begin.
    static let filesPath = "/uploads/files/"

    /// Files are taken to disk as they come; one that is too large is refused in this dialect's words.
    package func bodyLimits(_ request: HTTPRequest) -> HTTPBodyLimits? {
        guard request.method == "POST", case .uploadFile = ClinicRoute(request.pathSegments) else {
            return nil
        }
        return HTTPBodyLimits(
            bytes: FileUpload.ownLimit, deadline: limits(services.snapshots.current()).bodyDeadline)
    }

    /// Takes a file into a room, and shares it there.
    func uploadFile(_ call: ClinicCall, to name: String) async throws(ClinicError) -> HTTPResponse {
        let room: ClinicRoom
        do throws(ServiceError) {
            guard let found = try await self.room(name), found.has(call.identity.user) else {
                throw ClinicChannel.noMember
            }
            room = found
        } catch {
            throw ClinicError(error)
        }
        guard let files = services.files else { throw ClinicError(FileError(.unavailable)) }
        guard call.request.announcedLength <= call.limits.files.maxBytes + FileUpload.formBytes else {
            throw ClinicError(FileError(.tooLarge))
        }
        let reader = call.request.bodyReader
        let file: StoredFile
        do throws(FileError) {
            file = try await FileUpload.receive(
                call.request.headers["Content-Type"] ?? "", conversation: room.conversation,
                user: call.identity.user, rules: call.limits.files, into: files, now: call.now,
                next: reader.nextPiece)
        } catch {
            throw ClinicError(error)
        }
        let info: JSON = [
            "name": .string(file.name), "size": .integer(file.size), "type": .string(file.type),
            "url": .string(Self.filesPath + file.id.text),
        ]
        do throws(ServiceError) {
            try await post(ClinicPayload.file(info.members ?? JSONObject()), to: room, from: call.identity)
        } catch {
            throw ClinicError(error)
        }
        return .json(
            200,
            [
                "message": "File shared successfully", "room_id": .string(name),
                "file_name": .string(file.name), "file_info": info, "shared_at": .string(call.now.iso8601),
            ])
    }

    /// A file of a room, for its members.
    func downloadFile(_ call: ClinicCall, _ text: String) async throws(ClinicError) -> HTTPResponse {
        guard let id = FileID(text), let files = services.files else { throw .unknownRoute }
        // Whether there is such a file is nobody's business who is no member.
        let isHere = try? await services.service.aliases(of: id.conversation).contains { $0.channel == name }
        guard isHere == true else { throw .unknownRoute }
        if !call.isAdmin {
            do throws(ServiceError) {
                _ = try await services.service.conversation(id.conversation, caller: call.identity.caller)
            } catch {
                throw ClinicError(error)
            }
        }
        guard let file = await files.find(id) else { throw .unknownRoute }
        return .download(file, from: files)
    }
}

extension ClinicError {
    /// What came of a file.
    init(_ error: FileError) {
        self =
            switch error.kind {
            case .malformed: .status(400, "One file is expected, as the part 'file' of a form")
            case .empty: .status(400, "The file is empty")
            case .name: .status(400, "The file's name cannot be used")
            case .tooLarge: .status(413, "The file is too large")
            case .quota: .status(413, "The room holds no more files")
            case .type: .status(415, "Files of this type are not taken")
            case .tooSlow: .status(408, "The upload took too long")
            case .notFound: .unknownRoute
            case .full: .status(507, "Storage full")
            case .unavailable: .status(503, "Service unavailable", retryAfter: 1)
            }
    }
}
