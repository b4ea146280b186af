// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Transport
import WireProtocols

/// Notices that certificate or key files have changed, and gives new connections what they hold now.
///
/// Files are compared, not watched: they lie in folders of others, are often links, and two seconds are soon enough.
/// A certificate and its key are two files, so a pair that does not match is looked at once more before it is told.
final class CertificateRenewal: Sendable {
    static let interval = Duration.seconds(2)

    private struct Seen {
        var stamp: [Int]
        /// How often what is there now was refused.
        var refusals = 0
    }

    private let files: CertificateFiles
    private let snapshots: SnapshotStore
    private let listeners: Listeners
    private let log: any LogSink
    private let seen = Mutex<[TLSFiles: Seen]>([:])

    init(_ files: CertificateFiles, _ snapshots: SnapshotStore, _ listeners: Listeners, _ log: any LogSink) {
        self.files = files
        self.snapshots = snapshots
        self.listeners = listeners
        self.log = log
        for wanted in snapshots.current().parts.server.allTLS {
            seen.withLock { $0[wanted] = Seen(stamp: files.stamp(wanted)) }
        }
    }

    /// Looks again and again until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            look()
        }
    }

    /// Looks once.
    func look() {
        for wanted in Set(snapshots.current().parts.server.allTLS) {
            let stamp = files.stamp(wanted)
            let before = seen.withLock { $0[wanted] }
            guard let before else {
                // A reload named it, and has read it.
                seen.withLock { $0[wanted] = Seen(stamp: stamp) }
                continue
            }
            if stamp != before.stamp || before.refusals == 1 { renew(wanted, Seen(stamp: stamp), before) }
        }
    }

    private func renew(_ wanted: TLSFiles, _ now: Seen, _ before: Seen) {
        var now = now
        let fields = JSONObject([.init(name: "certificate", value: .string(wanted.certificate))])
        do throws(CertificateFiles.Problem) {
            listeners.renew(try files.identity(wanted), for: wanted)
            log.log(.info, "certificate-renewed", nil, fields)
        } catch {
            now.refusals = now.stamp == before.stamp ? before.refusals + 1 : 1
            if now.refusals == 2 { log.log(.error, "certificate-refused", error.message, fields) }
        }
        seen.withLock { $0[wanted] = now }
    }
}
