// SPDX-License-Identifier: Apache-2.0
// Random bytes to the YAML reader and its traps, and what they find to the renderer. Built by run.sh, with the sources
// of Diagnostics and YAMLTree in the same module.

/// One input; never anything but 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let source = SourceText(file: "bots/fuzz.yaml", bytes: bytes)
    var (root, diagnostics) = YAMLReader.read(bytes, file: "bots/fuzz.yaml")
    if let root { diagnostics += YAMLTraps.check(root, source.text) }
    _ = DiagnosticRenderer(sources: [source]).text(diagnostics)
    for diagnostic in diagnostics {
        precondition(diagnostic.range.start.line >= 1 && diagnostic.range.start.column >= 1)
    }
    return 0
}
