// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Glibc
import Orchestrator

/// Runs the server until it is told to stop.
enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "run the server"
    static let flags: [Arguments.Flag] = [
        .init(
            name: "only", value: "CHANNEL,...",
            summary: "open only these channels; the main port is called main"),
        .init(
            name: "check", value: nil,
            summary: "start nothing: only check configuration, secrets, ports and storage"),
        .init(
            name: "allow-remote", value: nil,
            summary: "in development too, listen on addresses that others can reach"),
    ]

    static func run(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        let loaded = try LoadedTree(arguments)
        do throws(StartError) {
            let configuration = try LoadedConfiguration(
                reader: loaded.reader, environment: loaded.environment,
                allowsRemote: arguments.switches.contains("allow-remote"))
            if !configuration.warnings.isEmpty { complain(configuration.warnings) }
            return try await serve(configuration, loaded, arguments)
        } catch {
            complain(error.text)
            if error.kind == .configuration {
                complain("not started: mend the problems above, or run: orchestratord validate")
            }
            return error.kind == .configuration ? .problems : .cannotStart
        }
    }

    private static func serve(
        _ configuration: LoadedConfiguration, _ loaded: LoadedTree, _ arguments: Arguments
    ) async throws(StartError) -> ExitCode {
        var settings = RuntimeSettings(configuration: configuration) { loaded.currentEnvironment }
        settings.only = arguments.values["only"].map { Set($0.split(separator: ",").map(String.init)) }
        if let problem = unknownChannel(settings.only, configuration) {
            complain(problem)
            return .usage
        }
        let signals = SignalReader([SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGXFSZ])
        let lines = try startLog(&settings, loaded.reader.base)
        defer { lines.close() }
        let runtime = try await AssistantRuntime.start(settings)
        if arguments.switches.contains("check") {
            await runtime.shutdown()
            output("ok: configuration, secrets, ports and storage")
            return .ok
        }
        output(Greeting(runtime: runtime, base: loaded.reader.base, preset: loaded.reader.preset).text)
        await signals.wait { signal in
            if signal == SIGHUP || signal == SIGUSR1 { lines.reopen() }
            guard signal == SIGHUP else { return signal != SIGXFSZ && signal != SIGUSR1 }
            // Ends by itself; a signal does not wait for it.
            Task { _ = await runtime.reloader.reload(trigger: "signal") }
            return false
        }
        complain("stopping")
        await runtime.shutdown()
        return .ok
    }

    private static func startLog(
        _ settings: inout RuntimeSettings, _ folder: String
    ) throws(StartError) -> LogWriter {
        let first = settings.configuration.snapshot.parts.server.log
        let writer = LogWriter(first, folder: folder)
        do { try writer.start() } catch { throw StartError(.environment, error.message) }
        let log = JSONLinesLog(minimum: first.level) { writer.write($0) }
        settings.log = log
        settings.onLogSettings = { next in
            writer.update(next)
            log.update(minimum: next.level)
        }
        return writer
    }

    private static func unknownChannel(_ only: Set<String>?, _ configuration: LoadedConfiguration) -> String?
    {
        let server = configuration.snapshot.parts.server
        let known = server.channels.keys.sorted() + (server.listen == nil ? [] : ["main"])
        guard let unknown = only?.subtracting(known).min() else { return nil }
        return "--only: there is no channel '\(unknown)'; there is \(known.joined(separator: ", "))"
    }
}

/// Signals as they come, instead of their default actions.
final class SignalReader {
    private let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init(_ signals: [Int32]) {
        // At most a handful wait: a signal that repeats says nothing new.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Int32.self, bufferingPolicy: .bufferingNewest(8))
        self.stream = stream
        sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
    }

    /// Hands signals to `body` until it returns true.
    func wait(_ body: (Int32) -> Bool) async {
        for await number in stream where body(number) { return }
    }
}

/// What `serve` prints once it is ready: where to click and what to type.
struct Greeting {
    let runtime: AssistantRuntime
    let base: String
    let preset: String?

    /// A preset is as open as what it replaces, and says so.
    static func openings(of preset: String, _ server: ServerSettings) -> [String] {
        let lines = server.channels.values.sorted { $0.name < $1.name }.flatMap { channel in
            channel.openings.map { "  \(channel.name): \($0)" }
        }
        let head = "preset \(preset), in place of server.yaml"
        return [
            "", lines.isEmpty ? head + "; nothing is open without a token" : head + "; open as its original:",
        ]
            + lines
    }

    var text: String {
        let snapshot = runtime.snapshots.current()
        let addresses = runtime.addresses
        var lines = ["ready: \(snapshot.parts.assistants.count) assistants, revision \(snapshot.revision)"]
        lines += addresses.map {
            "  \($0.name)\(String(repeating: " ", count: max(1, 14 - $0.name.count)))\(link($0.name, $0.address))"
        }
        if let preset { lines += Self.openings(of: preset, snapshot.parts.server) }
        guard let main = addresses.first(where: { $0.name == "main" }) else {
            return lines.joined(separator: "\n")
        }
        let url = link(main.name, main.address)
        if let demo = runtime.demo { lines += ["", "chat page:  \(url)/#k=\(demo.code)"] }
        lines += ["API pages:  \(url)/docs", ""]
        if let sample = sample(snapshot, url) { lines += ["try:"] + sample }
        return lines.joined(separator: "\n")
    }

    private func link(_ name: String, _ address: ListenAddress) -> String {
        "\(runtime.secureNames.contains(name) ? "https" : "http")://\(host(address)):\(address.port)"
    }

    private func host(_ address: ListenAddress) -> String {
        address.host.contains(":") ? "[\(address.host)]" : address.host
    }

    private func sample(_ snapshot: Snapshot, _ url: String) -> [String]? {
        let assistants = snapshot.parts.assistants.values.sorted { $0.id < $1.id }
        let known = assistants.first { $0.id == "patient" } ?? assistants.first
        guard let assistant = known, let role = assistant.parts.roles.first else { return nil }
        let user = role == "PATIENT" ? "patient_1" : "user_1"
        return [
            "  TOKEN=$(.build/release/orchestratord token --role \(role) --user \(user))",
            "  ID=$(curl -s \(url)/v1/conversations -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{\"assistant\":\"\(assistant.id)\"}' | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/')",
            "  curl -s \(url)/v1/conversations/$ID/messages -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{\"text\":\"I need to see a cardiologist next week\"}'",
            "  curl -s \(url)/health",
        ]
    }
}
