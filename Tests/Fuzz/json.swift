// SPDX-License-Identifier: Apache-2.0
// Random bytes to the JSON decoder; what it takes must come back the same. Built by run.sh, with the sources of
// WireProtocols in the same module.

/// One input; never anything but 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    guard let value = try? JSON.parse(bytes) else { return 0 }
    let again = try? JSON.parse(value.encoded())
    precondition(again == value, "what was written is read as something else")
    return 0
}
