// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Reads YAML into a tree in which every key and value has its place.
public enum YAMLReader {
    /// The tree of one file and all that is wrong with its form; the tree is nil when the file cannot be read through.
    ///
    /// A file that is not YAML yields exactly one finding. A repeated key, a tag or a merge key is left out of the
    /// tree and reported, so that the rest of the file is still checked. An aliased value keeps the place of its anchor.
    public static func read(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .init()
    ) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
        bytes.withUnsafeBufferPointer { all in
            let hasMark = all.starts(with: [0xEF, 0xBB, 0xBF])
            let text = UnsafeBufferPointer(rebasing: all[(hasMark ? 3 : 0)...])
            let check = ByteCheck(bytes: text, file: file)
            if let problem = check.problem(limits: limits) { return (nil, [problem]) }
            return build(text, check: check, limits: limits)
        }
    }

    private static func build(
        _ text: UnsafeBufferPointer<UInt8>, check: ByteCheck, limits: YAMLLimits
    ) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
        var builder = TreeBuilder(file: check.file, limits: limits)
        do {
            let root = try builder.build(from: EventParser(text))
            return (root, builder.finishedDiagnostics())
        } catch {
            return (nil, [diagnostic(for: error, text, check: check)])
        }
    }

    private static func diagnostic(
        for error: ReadingError, _ text: UnsafeBufferPointer<UInt8>, check: ByteCheck
    ) -> Diagnostic {
        switch error {
        case .bytes(let offset, let reason): check.problem(at: offset, reason: reason)
        case .syntax(let problem):
            SyntaxExplainer(source: SourceText(file: check.file, bytes: text)).explain(problem)
        case .refused(let diagnostic): diagnostic
        }
    }
}
