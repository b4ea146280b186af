// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
import Dispatch
import WireProtocols

/// Takes edits: read what changed, compile, check, open what is new, swap one pointer, retire what is old. Any
/// failure keeps the last good configuration.
///
/// Attempts run one after another. Reading and compiling block, so they run on a queue of their own.
package actor Reloader {
    /// What a new snapshot is applied to, besides the pointer itself.
    package struct Target: Sendable {
        /// Opens what the new snapshot needs beside what is open; its findings reject the reload.
        package var prepare: @Sendable (Snapshot) async -> [Diagnostic]
        /// Called right after the swap: closes what is no longer named, tells those who must know.
        package var finish: @Sendable (_ old: Snapshot, _ new: Snapshot) async -> Void

        /// A target of these two steps.
        package init(
            prepare: @escaping @Sendable (Snapshot) async -> [Diagnostic] = { _ in [] },
            finish: @escaping @Sendable (_ old: Snapshot, _ new: Snapshot) async -> Void = { _, _ in }
        ) {
            self.prepare = prepare
            self.finish = finish
        }
    }

    /// How many attempts are remembered.
    static let historyLength = 50

    let reader: TreeReader
    private let compiler: SnapshotCompiler
    private let environment: @Sendable () -> EnvironmentValues
    let snapshots: SnapshotStore
    private let checks: StartupChecks
    private let clock: any WallClock
    private let log: any LogSink
    private let observe: @Sendable (ReloadReport) -> Void
    private let queue = DispatchQueue(label: "reload")
    private var target = Target()
    private var last: Task<ReloadReport, Never>?
    private var history: [ReloadReport] = []
    /// The digest of the files that were refused last; nil while what is on disk serves.
    private var refused: String?

    /// A reloader of one tree; `first` is the report of the start.
    package init(
        reader: TreeReader, compiler: SnapshotCompiler,
        environment: @escaping @Sendable () -> EnvironmentValues,
        snapshots: SnapshotStore, checks: StartupChecks, clock: any WallClock, log: any LogSink,
        first: ReloadReport,
        observe: @escaping @Sendable (ReloadReport) -> Void = { _ in }
    ) {
        self.reader = reader
        self.compiler = compiler
        self.environment = environment
        self.snapshots = snapshots
        self.checks = checks
        self.clock = clock
        self.log = log
        self.observe = observe
        history = [first]
    }

    /// Says what snapshots are applied to; before that, only the pointer is swapped.
    package func attach(_ target: Target) { self.target = target }

    /// Takes the files as they are now.
    ///
    /// A dry run only says what would come of it.
    package func reload(trigger: String, dryRun: Bool = false) async -> ReloadReport {
        await reload(trigger, dryRun: dryRun, edit: nil)
    }

    func reload(_ trigger: String, dryRun: Bool = false, edit: TreeEdit?) async -> ReloadReport {
        let previous = last
        // Ends by itself; shutdown waits for no reload.
        let task = Task {
            _ = await previous?.value
            return await self.attempt(trigger, dryRun: dryRun, edit)
        }
        last = task
        return await task.value
    }

    /// `stale` while the files on disk are refused, else `ok`.
    package var state: String { refused == nil ? "ok" : "stale" }

    /// The last attempts, newest first.
    package var reports: [ReloadReport] { history.reversed() }

    private func attempt(_ trigger: String, dryRun: Bool, _ edit: TreeEdit?) async -> ReloadReport {
        let began = ContinuousClock.now
        var report = ReloadReport(
            trigger: trigger, outcome: .unchanged, revision: snapshots.current().revision, at: clock.now(),
            took: .zero,
            diagnostics: [], text: "")
        var (digest, result, problems) = await compileOffThread(edit)
        if problems.isEmpty, let parts = result.parts, parts.digest != snapshots.current().parts.digest {
            let next = Snapshot(parts, number: snapshots.current().number + 1)
            if dryRun {
                report.outcome = .valid
            } else {
                problems = await apply(next, edit)
                report.outcome = .applied
                if problems.isEmpty { report.revision = next.revision }
            }
        } else if dryRun {
            report.outcome = .valid
        }
        if result.parts == nil || !problems.isEmpty { report.outcome = .rejected }
        if edit?.isUnwritable == true { report.outcome = .readOnly }
        report.diagnostics = (result.diagnostics + problems).sorted()
        report.text = Self.render(report.diagnostics, result.sources)
        report.took = ContinuousClock.now - began
        // An edit that was turned down has left the files as they were.
        let isDropped = edit != nil && report.outcome != .applied
        if !dryRun, !isDropped { record(report, of: digest) }
        return report
    }

    private func compileOffThread(_ edit: TreeEdit?) async -> (digest: String, CompileResult, [Diagnostic]) {
        let running = snapshots.current()
        return await withCheckedContinuation { continuation in
            queue.async { [reader, compiler, environment, checks] in
                let tree = edit.map { $0.applied(to: reader.read(), of: reader, running) } ?? reader.read()
                let result = compiler.compile(tree, environment: environment())
                let problems = result.parts.map { checks.problems(of: $0, running: running.parts) } ?? []
                continuation.resume(
                    returning: (tree.digest, result, problems.filter { $0.severity == .error }))
            }
        }
    }

    private func apply(_ next: Snapshot, _ edit: TreeEdit?) async -> [Diagnostic] {
        let problems = await target.prepare(next)
        guard problems.isEmpty else { return problems }
        if let edit, !edit.write(under: reader.root) { return [edit.unwritable(in: reader.name)] }
        let old = snapshots.current()
        snapshots.replace(with: next)
        await target.finish(old, next)
        return []
    }

    private func record(_ report: ReloadReport, of digest: String) {
        // An editor saves in several steps: the same refused files are one refusal.
        let isEcho = report.outcome == .rejected && digest == refused && report.trigger == "watch"
        refused = report.outcome == .rejected ? digest : nil
        guard !isEcho else { return }
        observe(report)
        guard report.outcome != .unchanged else { return }
        history.append(report)
        if history.count > Self.historyLength { history.removeFirst() }
        log.write(report.logEntry)
    }

    static func render(_ diagnostics: [Diagnostic], _ sources: [String: String]) -> String {
        DiagnosticRenderer(sources: sources.map { SourceText(file: $0.key, text: $0.value) }).text(
            diagnostics)
    }
}

extension ReloadReport {
    /// The line for the log: places and codes, at most ten.
    var logEntry: LogEntry {
        var fields = json.members ?? JSONObject()
        let errors = diagnostics.filter { $0.severity == .error }.prefix(10)
        if !errors.isEmpty {
            fields["problems"] = .array(
                errors.map {
                    .string(
                        "\($0.range.file):\($0.range.start.line):\($0.range.start.column): \($0.code): \($0.message)"
                    )
                })
        }
        return LogEntry(outcome == .rejected ? .error : .info, "config-\(outcome.rawValue)", nil, fields)
    }
}
