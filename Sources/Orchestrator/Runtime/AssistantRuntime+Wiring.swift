// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Transport
import WireProtocols

extension AssistantRuntime {
    /// How often old messages and revisions are removed.
    static let housekeeping = Duration.seconds(3600)

    static func openStore(_ configuration: LoadedConfiguration) throws(StartError) -> any AnyStore {
        let url = configuration.snapshot.parts.server.storageURL
        guard var settings = StoreSettings(url: url, relativeTo: configuration.reader.base) else {
            throw StartError(
                .environment,
                "storage.url '\(url)' names no store of this build; write sqlite:data/orchestrator.db or memory:"
            )
        }
        settings.makesFolder = true
        do { return try settings.open() } catch {
            throw StartError(
                .environment, "the storage cannot be opened (storage.url: \(url)): \(error.message)")
        }
    }

    static func applySeeds(_ snapshot: Snapshot, _ store: any RecordStore, _ clock: any WallClock)
        async throws(StartError)
    {
        do { try await seed(snapshot, store, clock) } catch {
            throw StartError(.environment, "the rows of the records files cannot be stored: \(error.message)")
        }
    }

    private static func seed(_ snapshot: Snapshot, _ store: any RecordStore, _ clock: any WallClock)
        async throws(StorageError)
    {
        // One zone for all rows: that of the assistants; the first by name when they differ.
        let zone =
            snapshot.parts.assistants.values.map(\.parts.timezone).sorted().first { $0 != "UTC" } ?? "UTC"
        let rules = TimeZone(identifier: zone) ?? .gmt
        _ = try await store.applySeeds(snapshot.parts.seeds, now: clock.now()) {
            rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0)))
        }
    }

    static func serviceSettings(
        _ settings: RuntimeSettings, _ store: any AnyStore, _ snapshots: SnapshotStore,
        _ registries: ProviderRegistries, _ metrics: Metrics, _ sockets: SocketDirectory
    ) -> ServiceSettings {
        let client = HTTPClient()
        let http = HTTPActionRunner(client: client, base: settings.configuration.reader.base)
        var service = ServiceSettings(
            snapshots: snapshots, store: store,
            actions: BackendActionRunner(records: RecordsActionRunner(store: store), http: http),
            registries: registries)
        service.clock = settings.clock
        service.metrics = metrics
        service.alerts = sockets
        service.log = settings.log
        var webhooks = WebhookSettings(snapshots: snapshots, client: client)
        webhooks.base = settings.configuration.reader.base
        webhooks.clock = settings.clock
        webhooks.metrics = metrics
        webhooks.log = settings.log
        service.webhooks = WebhookSender(webhooks)
        let folder = settings.configuration.reader.name
        service.recompile = { [environment = settings.environment] bundle in
            let files = bundle.sources.map { TreeFile(path: $0.key, bytes: Array($0.value.utf8)) }
            var tree = SourceTree(files)
            tree.isRevision = true
            let result = SnapshotCompiler(folder: folder).compile(tree, environment: environment())
            return result.parts?.assistants[bundle.assistant]
        }
        return service
    }

    /// Accounts in the store, with threads for passwords; the directory knows what the store knows.
    static func accounts(
        _ settings: RuntimeSettings, _ store: any AnyStore, _ sockets: SocketDirectory
    ) async throws(StartError) -> Accounts {
        let directory = AccountDirectory(store: store)
        do throws(StorageError) {
            try await directory.refresh()
            let hasher = try PasswordHasher(
                threads: PasswordHasher.threads(cores: EventLoopGroup.usableCores))
            directory.observe { [weak sockets] in sockets?.snapshotChanged() }
            var parts = AccountsSettings(store: store, hasher: hasher, directory: directory)
            parts.clock = settings.clock
            parts.log = settings.log
            return Accounts(parts)
        } catch {
            throw StartError(.environment, "the accounts cannot be read: \(error.message)")
        }
    }

    static func reloader(
        _ settings: RuntimeSettings, _ snapshots: SnapshotStore, _ metrics: Metrics, _ health: Health,
        _ store: any ConversationStore
    ) -> Reloader {
        let configuration = settings.configuration
        let first = ReloadReport(
            trigger: "start", outcome: .applied, revision: configuration.snapshot.revision,
            at: settings.clock.now(), took: .zero,
            diagnostics: configuration.snapshot.parts.diagnostics, text: configuration.warnings)
        metrics.serving(revision: first.revision)
        return Reloader(
            reader: configuration.reader, compiler: configuration.compiler, environment: settings.environment,
            snapshots: snapshots, checks: configuration.checks, clock: settings.clock, log: settings.log,
            first: first
        ) { report in
            health.isStale = report.outcome == .rejected
            metrics.reloadEnded(outcome: report.outcome.rawValue)
            metrics.serving(revision: report.revision)
            guard report.outcome == .applied || report.outcome == .rejected else { return }
            let row = AuditRecord(
                at: report.at, actor: report.trigger == "command" ? Accounts.operatorID : "system",
                action: "config-reload", subject: report.revision, outcome: report.outcome.rawValue)
            // Ends with its one write; a store that takes none is told by `/ready`.
            Task { try? await store.appendAudit([row]) }
        }
    }

    static func target(
        _ settings: RuntimeSettings, _ listeners: Listeners, _ store: any RecordStore,
        _ registries: ProviderRegistries,
        _ service: ConversationService, _ sockets: SocketDirectory, _ watcher: TreeWatcher?
    ) -> Reloader.Target {
        let serverFile = settings.configuration.checks.serverFile
        return Reloader.Target(
            prepare: { next in
                do throws(TransportError) { try listeners.prepare(next) } catch {
                    return [
                        Diagnostic(code: "listener-refused", at: .top(of: serverFile), Self.explain(error))
                    ]
                }
                _ = registries.registry(for: next)
                do throws(StorageError) { try await seed(next, store, settings.clock) } catch {
                    settings.log.log(.error, "seeds-unstored", error.message)
                }
                return []
            },
            finish: { old, next in
                await listeners.finish(next)
                watcher?.update(settle: next.parts.server.reload.settle)
                settings.onLogSettings(next.parts.server.log)
                sockets.snapshotChanged()
                await service.snapshotReplaced(old, by: next)
            })
    }

    static func controls(_ settings: RuntimeSettings, _ administration: Administration)
        throws(StartError) -> (TreeWatcher?, ControlSocket?)
    {
        guard settings.isControlled else { return (nil, nil) }
        let configuration = settings.configuration
        let reload = configuration.snapshot.parts.server.reload
        let path = reload.control.path(in: configuration.reader.base)
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        let reloader = administration.reloader
        let control: ControlSocket
        do { control = try ControlSocket(path: path) { await administration.answer($0) } } catch {
            throw StartError(.environment, error.message)
        }
        let watcher =
            reload.watches
            ? TreeWatcher(root: configuration.reader.root, settle: reload.settle) {
                _ = await reloader.reload(trigger: "watch")
            } : nil
        return (watcher, control)
    }

    static func keepHouse(
        _ service: ConversationService, _ store: any AnyStore, _ accounts: AccountDirectory,
        _ snapshots: SnapshotStore, _ sockets: SocketDirectory, _ files: FileStore, _ clock: any WallClock,
        _ renewal: CertificateRenewal?
    ) async {
        await withTaskGroup { tasks in
            tasks.addTask { await renewal?.run() }
            tasks.addTask { await accounts.run(SystemDelay()) }
            tasks.addTask { await returnMemory(after: sockets) }
            tasks.addTask { await service.run() }
            tasks.addTask {
                while !Task.isCancelled {
                    if let keep = snapshots.current().parts.server.keepMessages {
                        _ = try? await store.prune(before: clock.now() - keep)
                    }
                    await sweep(files, store)
                    try? await Task.sleep(for: housekeeping)
                }
            }
        }
    }

    // A conversation that the store forgot takes its files with it; one it cannot tell of keeps them.
    private static func sweep(_ files: FileStore, _ store: any ConversationStore) async {
        await files.sweep { id in
            do throws(StorageError) { return try await store.conversation(id) == nil } catch { return false }
        }
    }

    static func openFiles(_ configuration: LoadedConfiguration) async -> FileStore {
        let directory = configuration.snapshot.parts.server.limits.files.directory
        let root = directory.path(in: configuration.reader.base)
        let files = FileStore(root: root)
        await files.begin()
        return files
    }

    /// A taken port with the key that names it.
    static func explain(_ error: TransportError) -> String {
        let key = error.listener == NativeChannel.mainName ? "listen.port" : "channels.\(error.listener).port"
        let reason =
            switch error.kind {
            case .addressInUse: "port \(error.port) on \(error.host) is taken by another program"
            case .noPermission: "port \(error.port) needs more rights; use one from 1024 on"
            case .badAddress: "this machine has no address '\(error.host)'"
            case .noIdentity: "the certificate and key of its 'tls' cannot be used"
            case .other: "\(error)"
            }
        return "\(key): \(reason)"
    }
}

extension AssistantRuntime {
    /// Conversations without a server: a store that forgets, no ports, no watching.
    ///
    /// For the terminal and for tests.
    package static func offline(
        _ configuration: LoadedConfiguration, clock: any WallClock = SystemWallClock(),
        providers: [String: ProviderFactory] = [:], environment: @escaping @Sendable () -> EnvironmentValues
    ) async throws(StartError) -> ConversationService {
        let store = MemoryStore()
        try await applySeeds(configuration.snapshot, store, clock)
        var settings = RuntimeSettings(configuration: configuration, environment: environment)
        settings.clock = clock
        let factories = ProviderFactories.offline.merging(providers) { _, extra in extra }
        let service = ConversationService(
            serviceSettings(
                settings, store, SnapshotStore(configuration.snapshot),
                ProviderRegistries(factories: factories), Metrics(),
                SocketDirectory()))
        await service.lookups.fill(configuration.snapshot)
        return service
    }
}
