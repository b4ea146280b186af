// SPDX-License-Identifier: Apache-2.0
// Random text to the safety floor, whole and as the second half of a statement; the span must lie in the text, and a text
// must be heard the same when it is heard again. Built by run.sh, with the sources of the normaliser and the floor in the
// same module; patterns are left out, since RE2 reads them.

/// Stands for a compiled pattern: it matches nowhere.
public final class Pattern: Sendable, Hashable {
    struct Match { let span: Range<Int> }
    /// The same object.
    public static func == (left: Pattern, right: Pattern) -> Bool { left === right }
    /// Nothing to tell two apart by.
    public func hash(into hasher: inout Hasher) {}
    func matches(in text: String) -> [Match] { [] }
}

private let floor = SafetyFloor(
    families: [
        SafetyFamily(
            id: "a", level: .emergency,
            phrases: [
                "chest pain", "<cant> <breathe>", "took ... <8+> pills|tablets", "heart + racing|stopped",
                "see <end>",
            ],
            exceptions: ["pain of ... love"], grave: true),
        SafetyFamily(
            id: "b", level: .possible, phrases: ["emergency", "🆘", "been? shot"],
            allOf: [["baby"], ["fever"]]),
    ], lists: ["cant": ["cant", "can not"], "breathe": ["breathe", "breath"]])
private let language = LanguageCheck(languages: ["en"])

/// One input; never anything but 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    let found = floor.check(text)
    check(found, text)
    precondition(floor.check(text) == found, "heard differently the second time")
    check(floor.check(text, after: String(text.reversed())), text)
    _ = language.isForeign(text)
    return 0
}

private func check(_ finding: SafetyFinding?, _ text: String) {
    guard let span = finding?.span else { return }
    precondition(span.lowerBound >= 0 && span.lowerBound < span.upperBound, "an empty span")
    precondition(span.upperBound <= text.unicodeScalars.count, "a span beyond the text")
}
