// SPDX-License-Identifier: Apache-2.0
import CYAML
import Diagnostics

/// libyaml's event parser over bytes in memory; the only place that turns its positions into ours.
final class EventParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// `input` must stay valid for the life of the parser.
    init(_ input: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            preconditionFailure("libyaml has no memory to start")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event; after `streamEnd` the parser must not be asked again.
    func next() throws(ReadingError) -> ParserEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return converted(event)
    }

    private func converted(_ event: yaml_event_t) -> ParserEvent {
        let data = event.data
        var result = ParserEvent(
            kind: kind(of: event), start: position(event.start_mark), end: position(event.end_mark))
        switch event.type {
        case YAML_SCALAR_EVENT:
            (result.anchor, result.tag) = (text(data.scalar.anchor), text(data.scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            (result.anchor, result.tag) = (text(data.sequence_start.anchor), text(data.sequence_start.tag))
        case YAML_MAPPING_START_EVENT:
            (result.anchor, result.tag) = (text(data.mapping_start.anchor), text(data.mapping_start.tag))
        default: break
        }
        return result
    }

    private func kind(of event: yaml_event_t) -> ParserEvent.Kind {
        let data = event.data
        return switch event.type {
        case YAML_STREAM_END_EVENT: .streamEnd
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_SCALAR_EVENT:
            .scalar(
                String(
                    decoding: UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length),
                    as: UTF8.self),
                style(data.scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            .sequenceStart(isFlow: data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            .mappingStart(isFlow: data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_ALIAS_EVENT: .alias(text(data.alias.anchor) ?? "")
        default: .streamStart
        }
    }

    private func style(_ style: yaml_scalar_style_t) -> YAMLNode.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func failure() -> ReadingError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? ""
        if parser.pointee.error == YAML_READER_ERROR {
            return .bytes(offset: parser.pointee.problem_offset, reason: problem)
        }
        let hasContext = parser.pointee.context != nil
        return .syntax(
            SyntaxProblem(
                problem: problem, context: parser.pointee.context.map { String(cString: $0) } ?? "",
                position: position(parser.pointee.problem_mark),
                contextPosition: position(
                    hasContext ? parser.pointee.context_mark : parser.pointee.problem_mark)))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// libyaml counts lines and columns from 0, people from 1.
    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: mark.line + 1, column: mark.column + 1)
    }
}
