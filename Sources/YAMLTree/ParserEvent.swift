// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// One step of the parser: what begins, ends or stands at a place of the file.
struct ParserEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case scalar(String, YAMLNode.Style)
        case sequenceStart(isFlow: Bool)
        case sequenceEnd
        case mappingStart(isFlow: Bool)
        case mappingEnd
        case alias(String)
    }

    let kind: Kind
    let start: SourcePosition
    let end: SourcePosition
    var anchor: String?
    var tag: String?
}

/// Why the parser stopped, in libyaml's words and with places counted from 1.
struct SyntaxProblem {
    let problem: String
    let context: String
    let position: SourcePosition
    let contextPosition: SourcePosition
    /// The last event before the problem: what the author had written when it went wrong.
    var last: ParserEvent?
    /// Where the innermost list or map in brackets that is still open began.
    var openBracket: SourcePosition?
}

/// Why a file cannot be read any further.
enum ReadingError: Error {
    /// The bytes are not text: the offset of the first wrong one.
    case bytes(offset: Int, reason: String)
    /// The text is not YAML.
    case syntax(SyntaxProblem)
    /// The YAML asks for more than is allowed.
    case refused(Diagnostic)
}
