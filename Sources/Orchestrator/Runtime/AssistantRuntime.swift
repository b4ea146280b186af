// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Dispatch
import Foundation
import Synchronization
package import Transport
import WireProtocols

/// What a running server is made from.
package struct RuntimeSettings: Sendable {
    /// The configuration it starts with.
    package var configuration: LoadedConfiguration
    /// The environment as it is now; asked again at every reload, so that a changed `.env` counts.
    package var environment: @Sendable () -> EnvironmentValues
    /// Only these listeners are opened; nil opens all.
    package var only: Set<String>?
    package var clock: any WallClock = SystemWallClock()
    package var log: any LogSink = SilentLog()
    /// Hears of the key `log` after each reload.
    package var onLogSettings: @Sendable (LogSettings) -> Void = { _ in }
    /// Provider types beside the built-in ones; tests add theirs.
    package var providers: [String: ProviderFactory] = [:]
    /// Files are watched and the control socket is open; tests of single requests need neither.
    package var isControlled = true
    /// Calls other servers.
    package var client = HTTPClient()
    /// Event loops, each a thread.
    package var loops = EventLoopGroup.usableCores

    /// Settings for that configuration.
    package init(configuration: LoadedConfiguration, environment: @escaping @Sendable () -> EnvironmentValues)
    {
        self.configuration = configuration
        self.environment = environment
    }
}

/// A running server: all wiring in one place, in dependency order.
package final class AssistantRuntime: Sendable {
    /// Finishing turns and closing sockets takes at most this long together.
    static let shutdownGrace = Duration.seconds(8)

    /// What the demo page's address ends in; nil when there is no demo page.
    package let demo: DemoAccess?
    /// Conversations, for those that talk to it without a socket.
    package let service: ConversationService
    /// What it runs on.
    package let snapshots: SnapshotStore
    /// Takes edits.
    package let reloader: Reloader
    /// What is counted.
    package let metrics: Metrics
    private let store: any AnyStore
    private let listeners: Listeners
    private let group: EventLoopGroup
    private let health: Health
    private let watcher: TreeWatcher?
    private let control: ControlSocket?
    private let background: Task<Void, Never>

    /// Opens the store, puts the seeds in, starts the loops and opens the ports.
    package static func start(_ settings: RuntimeSettings) async throws(StartError) -> AssistantRuntime {
        let store = try openStore(settings.configuration)
        try await applySeeds(settings.configuration.snapshot, store, settings.clock)
        return try await AssistantRuntime(settings, store: store)
    }

    private init(_ settings: RuntimeSettings, store: any AnyStore)
        async throws(StartError)
    {
        let configuration = settings.configuration
        self.store = store
        let snapshots = SnapshotStore(configuration.snapshot)
        let metrics = Metrics()
        let health = Health()
        let factories = ProviderFactories.all(client: settings.client, clock: settings.clock)
            .merging(settings.providers) { _, extra in extra }
        let registries = ProviderRegistries(factories: factories)
        _ = registries.registry(for: configuration.snapshot)
        let sockets = SocketDirectory()
        let service = ConversationService(
            Self.serviceSettings(settings, store, snapshots, registries, metrics, sockets))
        let reloader = Self.reloader(settings, snapshots, metrics, health, store)
        let accounts = try await Self.accounts(settings, store, sockets)
        let administration = Administration(
            reloader: reloader, snapshots: snapshots, accounts: accounts.settings.directory)
        let files = await Self.openFiles(configuration)
        let demo = configuration.snapshot.parts.server.isDemo ? DemoAccess.random() : nil
        var services = ChannelServices(
            snapshots: snapshots, service: service, sockets: sockets, store: store,
            admin: administration)
        services.directory = accounts.settings.directory
        services.accounts = accounts
        services.clock = settings.clock
        services.metrics = metrics
        services.log = settings.log
        services.health = health
        services.demo = demo
        services.files = files
        services.live = LiveSettings(reloader: reloader, snapshots: snapshots)
        services.client = settings.client
        let group = EventLoopGroup(loops: settings.loops)
        group.start()
        let listeners = Listeners(
            group: group, only: settings.only, certificates: configuration.checks.certificates,
            channel: { [services] wanted in
                // The snapshot names no type that this build lacks.
                let channel = (ChannelDialect.named(wanted.type) ?? .native).make(wanted.name, services)
                let front = ListenerFront(
                    name: wanted.name, snapshots: services.snapshots, log: services.log)
                return FrontedChannel(front, channel)
            },
            refused: { [log = settings.log] name, refusal in
                log.log(
                    .info, refusal.code, nil,
                    JSONObject([
                        .init(name: "request_id", value: .string(refusal.requestID)),
                        .init(name: "channel", value: .string(name)),
                        .init(name: "peer", value: .string(refusal.peer)),
                        .init(name: "status", value: .integer(refusal.status)),
                    ]))
            },
            lost: { [log = settings.log] in log.log(.error, "listener-lost", Self.explain($0)) })
        do throws(TransportError) { try listeners.prepare(configuration.snapshot) } catch {
            await group.stop()
            throw StartError(.environment, Self.explain(error))
        }
        await listeners.finish(configuration.snapshot)
        (self.snapshots, self.service, self.reloader, self.metrics) = (snapshots, service, reloader, metrics)
        (self.demo, self.listeners, self.group, self.health) = (demo, listeners, group, health)
        (watcher, control) = try Self.controls(settings, administration)
        await reloader.attach(Self.target(settings, listeners, store, registries, service, sockets, watcher))
        let renewal = configuration.checks.certificates.map {
            CertificateRenewal($0, snapshots, listeners, settings.log)
        }
        // Cancelled by shutdown.
        background = Task {
            await Self.keepHouse(
                service, store, accounts.settings.directory, snapshots, sockets, files, settings.clock,
                renewal)
        }
        watcher?.start()
        control?.start()
        health.phase = .ready
    }

    /// The open ports by name, as bound.
    package var addresses: [(name: String, address: ListenAddress)] { listeners.addresses }

    /// The names of open ports whose clients speak TLS.
    package var secureNames: Set<String> { listeners.secureNames }

    /// Stops accepting, finishes turns, closes sockets with 1001, closes the store.
    package func shutdown() async {
        health.phase = .draining
        watcher?.stop()
        control?.stop()
        background.cancel()
        async let drained: Void = service.drain(within: Self.shutdownGrace - .seconds(2))
        await listeners.shutdown(grace: Self.shutdownGrace)
        await drained
        await group.stop()
        await store.close()
    }
}
