// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Orchestrator

struct LogWriterTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "log-\(RandomID.uuid())"
    ).path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func settings(rotateBytes: Int = 1 << 20, keep: Int = 2) -> LogSettings {
        var settings = LogSettings()
        settings.file = "server.log"
        settings.rotateBytes = rotateBytes
        settings.keep = keep
        return settings
    }

    private func text(_ name: String = "server.log") -> String? {
        FileManager.default.contents(atPath: folder + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    private func line(_ number: Int) -> [UInt8] { Array("line \(number)\n".utf8) }

    @Test func `lines stand in the file in their order once the writer is closed`() throws {
        let writer = LogWriter(settings(), folder: folder)
        try writer.start()
        (0..<1_000).forEach { writer.write(line($0)) }
        writer.close()
        #expect(text() == (0..<1_000).map { "line \($0)\n" }.joined())
        #expect(writer.lost == 0)
    }

    @Test func `a file that is full is begun anew and so many old ones stay`() {
        var file = LogFile()
        for number in 0..<8 { file.write(line(number), settings(rotateBytes: 14), in: folder) }
        file.close()
        #expect(text() == "line 6\nline 7\n")
        #expect(text("server.log.1") == "line 4\nline 5\n")
        #expect(text("server.log.2") == "line 2\nline 3\n")
        #expect(text("server.log.3") == nil)
    }

    @Test func `a file that somebody moved or removed is made again`() throws {
        var file = LogFile()
        file.write(line(1), settings(), in: folder)
        try FileManager.default.moveItem(atPath: folder + "/server.log", toPath: folder + "/old.log")
        file.write(line(2), settings(), in: folder)
        try FileManager.default.removeItem(atPath: folder + "/server.log")
        file.write(line(3), settings(), in: folder)
        file.close()
        #expect(text("old.log") == "line 1\n")
        #expect(text() == "line 3\n")
    }

    @Test func `lines that a stopped sink does not take are counted and the writer goes on`() {
        let writer = LogWriter(settings(), folder: folder, maxLines: 10)
        (0..<25).forEach { writer.write(line($0)) }
        #expect(writer.lost == 15)
    }

    @Test func `after a loss the log says how many lines are missing`() throws {
        let writer = LogWriter(settings(), folder: folder, maxLines: 2)
        (0..<5).forEach { writer.write(line($0)) }
        try writer.start()
        writer.close()
        #expect(
            text() == "line 0\nline 1\n"
                + #"{"level":"warning","cause":"log-lines-lost","count":3}"# + "\n")
    }

    @Test func `a folder that is not there loses nothing but the file`() {
        var file = LogFile()
        var elsewhere = settings()
        elsewhere.file = "nowhere/server.log"
        file.write(Array("".utf8), elsewhere, in: folder)
        file.write(line(1), settings(), in: folder)
        file.close()
        #expect(text() == "line 1\n")
    }
}
