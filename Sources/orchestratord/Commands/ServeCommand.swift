// SPDX-License-Identifier: Apache-2.0
enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "stub"
    static let flags: [Arguments.Flag] = []
    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode { .ok }
}
