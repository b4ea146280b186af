// SPDX-License-Identifier: Apache-2.0
enum StatusCommand: Command {
    static let name = "status"
    static let summary = "stub"
    static let flags: [Arguments.Flag] = []
    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode { .ok }
}
