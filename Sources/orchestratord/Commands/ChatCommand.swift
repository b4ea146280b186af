// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator

/// A conversation in the terminal, with a store of its own that forgets at exit.
enum ChatCommand: Command {
    static let name = "chat"
    static let summary = "talk to an assistant in the terminal; nothing is kept"
    static let operands = ["ASSISTANT"]
    static let flags: [Arguments.Flag] = [
        .init(name: "as", value: "ROLE", summary: "the role; the assistant's first when left out"),
        .init(
            name: "user", value: "ID",
            summary: "the user id (patient_1 for PATIENT, doctor_1 for DOCTOR, else user_1)"),
    ]

    static func run(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        guard let id = arguments.positional.first else {
            throw UsageError("chat needs the id of an assistant")
        }
        let loaded = try LoadedTree(arguments)
        do throws(StartError) {
            let configuration = try LoadedConfiguration(
                reader: loaded.reader, environment: loaded.environment, allowsRemote: true)
            guard let assistant = configuration.snapshot.assistant(id) else {
                complain(
                    "there is no assistant '\(id)'; there is \(configuration.snapshot.parts.assistants.keys.sorted().joined(separator: ", "))"
                )
                return .usage
            }
            let role = arguments.values["as"] ?? assistant.parts.roles.first ?? ""
            guard assistant.parts.roles.contains(role) else {
                complain(
                    "'\(id)' is not for the role '\(role)'; it is for \(assistant.parts.roles.joined(separator: ", "))"
                )
                return .usage
            }
            let user =
                arguments.values["user"] ?? ["PATIENT": "patient_1", "DOCTOR": "doctor_1"][role] ?? "user_1"
            let service = try await AssistantRuntime.offline(configuration) { loaded.currentEnvironment }
            return await talk(service, assistant, Caller(user: user, role: role))
        } catch {
            complain(error.text)
            return error.kind == .configuration ? .problems : .cannotStart
        }
    }

    private static func talk(_ service: ConversationService, _ assistant: Assistant, _ caller: Caller) async
        -> ExitCode
    {
        complain("\(assistant.parts.name), as \(caller.user) (\(caller.role)). An empty line ends.")
        do throws(ServiceError) {
            let conversation = try await service.begin(
                assistant: assistant.id, caller: caller, channel: "terminal")
            while true {
                output("> ", terminator: "")
                guard let line = readLine(), !line.isEmpty else { return .ok }
                await say(line, in: conversation.id, service, caller)
            }
        } catch {
            complain(error.message)
            return .problems
        }
    }

    // A message that is not taken ends nothing: the next one may be.
    private static func say(
        _ line: String, in conversation: String, _ service: ConversationService, _ caller: Caller
    ) async {
        do throws(ServiceError) {
            for reply in try await service.submit(line, to: conversation, caller: caller).replies {
                output(reply.text)
            }
        } catch {
            complain(error.message)
        }
    }
}
