// SPDX-License-Identifier: Apache-2.0
enum TokenCommand: Command {
    static let name = "token"
    static let summary = "stub"
    static let flags: [Arguments.Flag] = []
    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode { .ok }
}
