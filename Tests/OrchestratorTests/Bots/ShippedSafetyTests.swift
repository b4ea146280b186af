// SPDX-License-Identifier: Apache-2.0
import Foundation
import Intents
import Orchestrator
import Testing

/// The shipped families against frozen lists: what must never be missed, and what must never alarm.
///
/// Both files may grow; a line that is taken away is a promise that is broken.
struct ShippedSafetyTests {
    private let floor: SafetyFloor

    init() throws {
        let parts = try #require(ShippedBotsTests.Tree(path: "bots").compile().parts)
        floor = try #require(parts.assistants["patient"]).safety
    }

    static func lines(_ name: String) -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        let path = root + "/../../Fixtures/understanding/safety/\(name).txt"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("# ") }
    }

    @Test func `what must never be missed is an emergency`() {
        let lines = Self.lines("must_never_miss")
        #expect(lines.count >= 700)
        for line in lines where floor.check(line)?.level != .emergency {
            Issue.record("no emergency: \(line)")
        }
    }

    @Test func `what is harmless raises nothing`() {
        let lines = Self.lines("benign_traps")
        #expect(lines.count >= 500)
        for line in lines {
            guard let finding = floor.check(line) else { continue }
            Issue.record("\(finding.family): \(line)")
        }
    }

    @Test(arguments: ["emergencies", "benign"])
    func `every word of a statement may be cut off anywhere without a trap`(_ name: String) {
        for line in Self.lines("test/\(name)").prefix(120) {
            let scalars = Array(line.unicodeScalars)
            for end in scalars.indices {
                var text = String.UnicodeScalarView()
                text.append(contentsOf: scalars[..<end])
                guard let span = floor.check(String(text))?.span else { continue }
                #expect(span.lowerBound >= 0 && span.upperBound <= end && !span.isEmpty)
            }
        }
    }

    @Test(arguments: [
        "a ", "took ", "my chest ", "pain ", "no ", "<", "\u{301}", "pill 40 ", "q", "i cant ", "🆘",
    ])
    func `hostile text takes linear time`(_ unit: String) {
        let clock = ContinuousClock()
        func time(_ bytes: Int) -> Duration {
            let text = String(repeating: unit, count: bytes / unit.utf8.count)
            return clock.measure { _ = floor.check(text) }
        }
        _ = time(10_000)
        let (small, large) = (time(60_000), time(480_000))
        #expect(large < small * 40 + .milliseconds(200), "\(unit): \(small) for 60 kB, \(large) for 480 kB")
    }
}
