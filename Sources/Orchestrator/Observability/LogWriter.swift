// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Where log lines end up: a thread of its own writes them, so that a full disk or a stopped reader stops nobody else.
///
/// At most `maxLines` lines wait; those beyond are counted, and the next line that gets through is followed by one
/// that says how many were lost. A file is begun anew when it would grow over its size, and opened again when
/// somebody moved or removed it.
package final class LogWriter: Sendable {
    /// Lines that may wait for the sink.
    static let maxLines = 8_192
    /// Lines written in one go.
    private static let batch = 256

    private let settings: Mutex<LogSettings>
    private let queue: JobQueue<[UInt8]>
    private let dropped = Atomic<Int>(0)
    private let wantsReopening = Atomic<Bool>(false)
    private let folder: String
    private let finished = Mutex(false)

    /// Writes to the file of the settings, else to standard error; a relative path lies in `folder`.
    package init(_ settings: LogSettings, folder: String, maxLines: Int = LogWriter.maxLines) {
        self.settings = Mutex(settings)
        self.folder = folder
        queue = JobQueue(limit: maxLines)
    }

    /// Starts the thread; once.
    package func start() throws(StorageError) { try startThread { [self] in run() } }

    /// Takes a whole line; never blocks.
    package func write(_ line: [UInt8]) {
        if queue.push(line) == .full { dropped.add(1, ordering: .relaxed) }
    }

    /// Lines lost so far because the sink was slower than the log.
    package var lost: Int { dropped.load(ordering: .relaxed) }

    /// Other settings from the next line on.
    package func update(_ next: LogSettings) { settings.withLock { $0 = next } }

    /// Opens the file again before the next line, as programs that rotate logs ask for.
    package func reopen() { wantsReopening.store(true, ordering: .relaxed) }

    /// Lets no more lines in and waits until those that wait are written, at most a second.
    package func close() {
        queue.close()
        for _ in 0..<100 where !finished.withLock({ $0 }) { usleep(10_000) }
    }

    private func run() {
        var sink = LogFile()
        var told = 0
        while let lines = queue.take(upTo: Self.batch) {
            let current = settings.withLock { $0 }
            if wantsReopening.exchange(false, ordering: .relaxed) { sink.close() }
            for line in lines { sink.write(line, current, in: folder) }
            let lost = self.lost
            guard lost > told else { continue }
            sink.write(Self.loss(lost - told), current, in: folder)
            told = lost
        }
        sink.close()
        finished.withLock { $0 = true }
    }

    private static func loss(_ count: Int) -> [UInt8] {
        Array(#"{"level":"warning","cause":"log-lines-lost","count":\#(count)}"#.utf8) + [UInt8(ascii: "\n")]
    }
}

/// The open sink of a ``LogWriter``; used on its thread alone.
struct LogFile {
    private var descriptor: Int32 = -1
    private var path: String?
    private var size = 0
    private var inode: ino_t = 0

    /// Writes a line; what the sink does not take is lost.
    mutating func write(_ line: [UInt8], _ settings: LogSettings, in folder: String) {
        guard let file = settings.file else { return Self.put(line, STDERR_FILENO) }
        let wanted = file.path(in: folder)
        if wanted != path || hasMoved { close() }
        if descriptor < 0 { open(wanted) }
        if size > 0, size + line.count > settings.rotateBytes { rotate(keeping: settings.keep) }
        // A file that cannot be opened: better on standard error than lost.
        guard descriptor >= 0 else { return Self.put(line, STDERR_FILENO) }
        Self.put(line, descriptor)
        size += line.count
    }

    mutating func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
        path = nil
    }

    private var hasMoved: Bool {
        guard descriptor >= 0, let path else { return false }
        var facts = stat()
        return stat(path, &facts) != 0 || facts.st_ino != inode
    }

    private mutating func open(_ file: String) {
        path = file
        // Readable for the owner's group, as log collectors need it; never for everybody.
        descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        var facts = stat()
        guard descriptor >= 0, fstat(descriptor, &facts) == 0 else { return }
        size = Int(facts.st_size)
        inode = facts.st_ino
    }

    // server.log.2 -> server.log.3, server.log.1 -> server.log.2, server.log -> server.log.1
    private mutating func rotate(keeping count: Int) {
        guard let file = path else { return }
        close()
        if count == 0 { unlink(file) }
        for number in stride(from: count - 1, through: 0, by: -1) {
            rename(number == 0 ? file : "\(file).\(number)", "\(file).\(number + 1)")
        }
        open(file)
    }

    private static func put(_ line: [UInt8], _ descriptor: Int32) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}
