// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Puts the parser's events together into a tree and reports what the product does not allow in it.
struct TreeBuilder {
    private let file: String
    private let limits: YAMLLimits
    private var frames: [OpenCollection] = []
    private var root: YAMLNode?
    private var anchors = AnchorTable()
    private var diagnostics: [Diagnostic] = []
    private var nodes = 0
    private var last: ParserEvent?

    /// A file of nothing but repeated keys must not cost more to report than to read.
    private static let maxDiagnostics = 100

    init(file: String, limits: YAMLLimits) {
        self.file = file
        self.limits = limits
    }

    /// Reads to the end and returns the tree; throws what stops it.
    mutating func build(from parser: EventParser) throws(ReadingError) -> YAMLNode? {
        var documents = 0
        while true {
            let event = try next(from: parser)
            last = event
            switch event.kind {
            case .streamStart, .documentEnd: continue
            case .streamEnd: return try finished()
            case .documentStart:
                documents += 1
                if documents > 1 { throw severalDocuments(event) }
            default: try add(event)
            }
        }
    }

    /// What was found besides the tree, with anchors that nothing uses.
    func finishedDiagnostics() -> [Diagnostic] {
        diagnostics
            + anchors.unused.prefix(TreeBuilder.maxDiagnostics).map { name, range in
                Diagnostic(
                    .warning, code: "yaml-anchor-unused", at: range, "nothing uses the anchor '&\(name)'",
                    help: "a text that begins with '&' needs quotes; an anchor is used with '*\(name)'")
            }
    }

    private func next(from parser: EventParser) throws(ReadingError) -> ParserEvent {
        do {
            return try parser.next()
        } catch {
            guard case .syntax(var problem) = error else { throw error }
            problem.last = last
            problem.openBracket = frames.last { $0.isFlow }?.start
            throw .syntax(problem)
        }
    }

    private mutating func add(_ event: ParserEvent) throws(ReadingError) {
        switch event.kind {
        case .scalar(let text, let style):
            try count(at: event)
            checkTag(event)
            let node = YAMLNode(.scalar(text, style), at: scalarRange(event, text, style))
            define(event.anchor, node, nodes: 1, height: 0, at: event.start)
            place(node, nodes: 1, height: 0, end: event.end)
        case .sequenceStart(let isFlow): try open(event, isMapping: false, isFlow: isFlow)
        case .mappingStart(let isFlow): try open(event, isMapping: true, isFlow: isFlow)
        case .sequenceEnd, .mappingEnd: close(event)
        case .alias(let name): try expand(name, event)
        default: preconditionFailure("a stream event inside a document")
        }
    }

    private mutating func open(_ event: ParserEvent, isMapping: Bool, isFlow: Bool) throws(ReadingError) {
        try count(at: event)
        checkTag(event)
        guard frames.count < limits.depth else { throw tooDeep(at: range(event)) }
        frames.append(
            OpenCollection(
                isMapping: isMapping, isFlow: isFlow, start: event.start, anchor: event.anchor, end: event.end
            ))
    }

    private mutating func close(_ event: ParserEvent) {
        let frame = frames.removeLast()
        // A block ends where its last value ends; libyaml says where the next line begins.
        let end = frame.isFlow ? event.end : frame.end
        let node = YAMLNode(frame.content, at: SourceRange(file: file, start: frame.start, end: end))
        define(frame.anchor, node, nodes: frame.nodes, height: frame.height, at: frame.start)
        place(node, nodes: frame.nodes, height: frame.height, end: end)
    }

    private mutating func expand(_ name: String, _ event: ParserEvent) throws(ReadingError) {
        let range = range(event)
        if frames.contains(where: { $0.anchor == name }) {
            throw stopped("yaml-alias-loop", range, "'*\(name)' stands inside the very value it repeats")
        }
        guard let anchored = anchors.use(name) else {
            let known = nearestName(to: name, in: anchors.names).map { "did you mean '*\($0)'? " } ?? ""
            throw stopped(
                "yaml-alias-unknown", range, "'*\(name)' repeats a value that no '&\(name)' above names",
                help: known + "a text that begins with '*' needs quotes")
        }
        guard anchors.expandedNodes + anchored.nodes <= limits.aliasNodes else {
            throw stopped(
                "yaml-alias-limit", range,
                "with '*\(name)', aliases repeat more than \(limits.aliasNodes) values",
                help: "write the values out, or move them to one place that the others name")
        }
        guard frames.count + anchored.height <= limits.depth else { throw tooDeep(at: range) }
        anchors.expandedNodes += anchored.nodes
        place(anchored.node, nodes: anchored.nodes, height: anchored.height, end: event.end)
    }

    private mutating func place(_ node: YAMLNode, nodes: Int, height: Int, end: SourcePosition) {
        guard !frames.isEmpty else {
            root = node
            return
        }
        let top = frames.count - 1
        frames[top].nodes += nodes
        frames[top].height = max(frames[top].height, height + 1)
        frames[top].end = end
        if let problem = frames[top].append(node), diagnostics.count < TreeBuilder.maxDiagnostics {
            diagnostics.append(problem)
        }
    }

    private mutating func define(
        _ anchor: String?, _ node: YAMLNode, nodes: Int, height: Int, at start: SourcePosition
    ) {
        guard let anchor else { return }
        let end = SourcePosition(line: start.line, column: start.column + 1 + anchor.unicodeScalars.count)
        let range = SourceRange(file: file, start: start, end: end)
        anchors.define(anchor, AnchoredValue(node: node, nodes: nodes, height: height, range: range))
    }

    private mutating func count(at event: ParserEvent) throws(ReadingError) {
        nodes += 1
        guard nodes > limits.nodes else { return }
        throw stopped(
            "yaml-node-limit", range(event), "this file holds more than \(limits.nodes) keys and values",
            help: "split it into several files: every file of the folder is read")
    }

    private mutating func checkTag(_ event: ParserEvent) {
        guard let tag = event.tag, diagnostics.count < TreeBuilder.maxDiagnostics else { return }
        let short = tag.hasPrefix("tag:yaml.org,2002:") ? "!!" + tag.dropFirst(18) : tag
        diagnostics.append(
            Diagnostic(
                code: "yaml-tag", at: range(event), "'\(short)' is read as a tag, and tags are not used here",
                help: "a text that begins with '!' needs quotes; a tag can be deleted"))
    }

    private func finished() throws(ReadingError) -> YAMLNode? {
        if let root, root.range.start < root.range.end || root.text != "" { return root }
        throw stopped(
            "yaml-empty", .top(of: file), "this file is empty", help: "begin with 'kind:', or delete the file"
        )
    }

    private func severalDocuments(_ event: ParserEvent) -> ReadingError {
        stopped(
            "yaml-documents", range(event), "a second document begins here; a file holds one",
            help: "delete the '---' line, or move what follows into a file of its own")
    }

    private func tooDeep(at range: SourceRange) -> ReadingError {
        stopped("yaml-depth", range, "lists and maps stand inside each other more than \(limits.depth) deep")
    }

    private func stopped(
        _ code: String, _ range: SourceRange, _ message: String, help: String? = nil
    ) -> ReadingError {
        .refused(Diagnostic(code: code, at: range, message, help: help))
    }

    private func range(_ event: ParserEvent) -> SourceRange {
        SourceRange(file: file, start: event.start, end: event.end)
    }

    /// Where the text itself stands: libyaml lets the range begin at the anchor before it.
    private func scalarRange(_ event: ParserEvent, _ text: String, _ style: YAMLNode.Style) -> SourceRange {
        var range = range(event)
        if event.anchor != nil, style == .plain, range.start.line == range.end.line {
            range.start.column = range.end.column - text.unicodeScalars.count
        }
        return range
    }
}
