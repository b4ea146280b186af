// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Orchestrator
import WireProtocols

/// The store of a tree and its accounts, opened beside a server that may be running on them.
struct OpenedStore {
    let store: any AnyStore
    let accounts: Accounts
    let snapshot: Snapshot.Parts
    private let loaded: LoadedTree

    var server: ServerSettings { snapshot.server }

    /// Opens the store that `storage.url` names, runs the body, tells the server, closes.
    static func with(
        _ arguments: Arguments, _ body: (OpenedStore) async throws(CommandError) -> Void
    ) async throws(UsageError) -> ExitCode {
        let loaded = try LoadedTree(arguments)
        do throws(CommandError) {
            let opened = try OpenedStore(loaded)
            do throws(CommandError) { try await body(opened) } catch {
                await opened.store.close()
                throw error
            }
            await opened.store.close()
            opened.tellServer()
            return .ok
        } catch {
            guard error.code != .usage else { throw UsageError(error.message) }
            complain(error.message)
            return error.code
        }
    }

    private init(_ loaded: LoadedTree) throws(CommandError) {
        self.loaded = loaded
        let result = SnapshotCompiler(folder: loaded.reader.name).compile(
            loaded.reader.read(), environment: loaded.environment)
        guard let parts = result.parts else {
            throw CommandError(.problems, "the configuration has problems; see: orchestratord validate")
        }
        snapshot = parts
        let url = parts.server.storageURL
        guard var settings = StoreSettings(url: url, relativeTo: loaded.reader.base),
            settings.place != .memory
        else {
            throw CommandError(
                .cannotStart,
                "storage.url '\(url)' keeps nothing that a command could change; write sqlite:PATH")
        }
        settings.makesFolder = true
        do throws(StorageError) {
            store = try settings.open()
            accounts = Accounts(
                AccountsSettings(
                    store: store, hasher: try PasswordHasher(), directory: AccountDirectory(store: store)))
        } catch {
            throw CommandError(
                .cannotStart, "the storage cannot be opened (storage.url: \(url)): \(error.message)")
        }
    }

    /// The account of that name or id.
    func user(_ name: String) async throws(CommandError) -> UserRecord {
        do throws(StorageError) {
            if let user = try await store.user(named: name) { return user }
            if let user = try await store.user(id: name) { return user }
        } catch {
            throw CommandError(error)
        }
        throw CommandError(.problems, "there is no account '\(name)'")
    }

    /// Throws unless the server declares the role.
    func check(role: String) throws(CommandError) {
        guard server.roles[role] == nil else { return }
        throw CommandError(
            .usage,
            "there is no role '\(role)'; there is \(server.roles.keys.sorted().joined(separator: ", "))")
    }

    // The server asks the store every second anyhow; told at once, it has taken the change when the command returns.
    private func tellServer() {
        let control = server.reload.control
        let path = control.path(in: loaded.reader.base)
        _ = try? ControlSocket.ask(path, ["command": "accounts"])
    }
}

/// Why a command did not do what it was told, and its exit code.
struct CommandError: Error {
    let code: ExitCode
    let message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: StorageError) {
        self.init(error.kind == .notFound ? .problems : .cannotStart, error.message)
    }

    init(_ error: AccountError) {
        switch error {
        case .nameTaken: self.init(.problems, "there is an account of that name")
        case .nameForm:
            self.init(.usage, "a name has 1 to 64 characters, none of them a control character")
        case .emailForm: self.init(.usage, "--email is no e-mail address")
        case .passwordShort(let minimum):
            self.init(
                .usage, "the password must have at least \(minimum) characters (auth.accounts.min_password)")
        case .passwordUnusable: self.init(.usage, "the password must have at most 72 bytes, none of them 0")
        case .store(let error): self.init(error)
        case .wrongCredentials, .limited, .busy, .closed, .resetUnknown, .noIssuer:
            self.init(.problems, "the account could not be changed")
        }
    }
}
