// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Glibc
import Synchronization

/// Notices edits of a tree: a thread that waits on inotify and calls back when files have changed.
///
/// One file that was closed or moved into place is reported at once; a burst of changes when it has been quiet for
/// `settle`. Events may be lost (an overflowing queue, a folder behind a link), so every two seconds the sizes and
/// times of all files are compared as well. The first report comes at once: it covers the time before the watches.
package final class TreeWatcher: Sendable {
    private struct State {
        var isStopped = false
        var settle: Duration
    }

    private let root: String
    private let state: Mutex<State>
    private let wake: (read: Int32, write: Int32)
    private let onChange: @Sendable () async -> Void
    private static let rescanMilliseconds: Int32 = 2000
    /// A burst that never ends is reported after so long.
    private static let longestBurst = Duration.seconds(1)
    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF
            | IN_ATTRIB)

    /// A watcher of that folder; `onChange` is called from a task, never twice at a time.
    package init(root: String, settle: Duration, onChange: @escaping @Sendable () async -> Void) {
        self.root = root
        state = Mutex(State(settle: settle))
        self.onChange = onChange
        var pipes: [Int32] = [-1, -1]
        _ = pipe(&pipes)
        wake = (pipes[0], pipes[1])
    }

    /// Starts the thread.
    package func start() {
        let thread = Thread { [self] in watch() }
        thread.name = "tree-watcher"
        thread.start()
    }

    /// Ends the thread; changes are no longer reported.
    package func stop() {
        state.withLock { $0.isStopped = true }
        _ = Glibc.write(wake.write, "x", 1)
    }

    /// Takes the time of a new configuration.
    package func update(settle: Duration) { state.withLock { $0.settle = settle } }

    private func watch() {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        defer {
            close(descriptor)
            close(wake.read)
            close(wake.write)
        }
        // Nothing is known yet, so the first comparison reports what changed since the server read the files.
        var seen: [String: [Int]]?
        while !state.withLock({ $0.isStopped }) {
            addWatches(descriptor)
            let now = signature()
            if now != seen { report() }
            seen = now
            if wait(descriptor, milliseconds: Self.rescanMilliseconds) { letSettle(descriptor) }
        }
    }

    // A single file needs no waiting; more than one event in a burst waits until it has been quiet.
    private func letSettle(_ descriptor: Int32) {
        let began = ContinuousClock.now
        var files = drain(descriptor)
        let settle = Int32(state.withLock { $0.settle } / .milliseconds(1))
        while files.count != 1, wait(descriptor, milliseconds: settle),
            ContinuousClock.now - began < Self.longestBurst
        {
            files.formUnion(drain(descriptor))
        }
    }

    private func wait(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
        ]
        return poll(&descriptors, 2, milliseconds) > 0 && descriptors[0].revents != 0
    }

    /// Reads all pending events; the names of the files that are complete.
    private func drain(_ descriptor: Int32) -> Set<String> {
        var names: Set<String> = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return names }
            buffer.withUnsafeBytes { bytes in
                var offset = 0
                while offset + MemoryLayout<inotify_event>.size <= count {
                    let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let start = offset + MemoryLayout<inotify_event>.size
                    let name = String(
                        decoding: bytes[start..<(start + Int(event.len))].prefix { $0 != 0 }, as: UTF8.self)
                    let isComplete = event.mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0
                    names.insert(isComplete ? name : "\(event.wd)/\(event.mask)/\(name)")
                    offset = start + Int(event.len)
                }
            }
        }
    }

    private func addWatches(_ descriptor: Int32) {
        for folder in [URL(fileURLWithPath: root).deletingLastPathComponent().path] + folders() {
            _ = inotify_add_watch(descriptor, folder, Self.mask)
        }
    }

    private func folders() -> [String] {
        var found = [root]
        var open = [root]
        while let folder = open.popLast(), found.count < 1000 {
            for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where !entry.hasPrefix(".") {
                var status = stat()
                let path = folder + "/" + entry
                guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
                found.append(path)
                open.append(path)
            }
        }
        return found
    }

    /// Sizes, times and identities of all files: changes when anything does.
    private func signature() -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for folder in folders() {
            for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where !entry.hasPrefix(".") {
                var status = stat()
                guard stat(folder + "/" + entry, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
                    continue
                }
                found[folder + "/" + entry] = [
                    Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_ino),
                ]
            }
        }
        return found
    }

    private func report() {
        let done = DispatchSemaphore(value: 0)
        // Awaited right here: this thread has nothing else to do.
        Task { [onChange] in
            await onChange()
            done.signal()
        }
        done.wait()
    }
}
