// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Answers in the shapes of OpenAI's chat completions.
struct CompletionPayload: Sendable {
    let id: String
    let created: Int
    let model: String

    /// A whole answer.
    func whole(_ answer: TurnAnswer, question: String) -> JSON {
        let message: JSON = ["role": "assistant", "content": .string(Self.text(answer)), "refusal": .null]
        return [
            "id": .string(id), "object": "chat.completion", "created": .integer(created),
            "model": .string(model),
            "choices": [
                [
                    "index": 0, "message": message, "logprobs": .null,
                    "finish_reason": .string(Self.reason(answer)),
                ]
            ],
            "usage": Self.usage(answer, question: question),
        ]
    }

    /// A piece of one; the first names the role.
    func chunk(_ text: String, isFirst: Bool) -> JSON {
        let delta: JSON =
            isFirst ? ["role": "assistant", "content": .string(text)] : ["content": .string(text)]
        return chunk(delta, reason: nil)
    }

    /// The last piece.
    func end(_ answer: TurnAnswer) -> JSON { chunk([:], reason: Self.reason(answer)) }

    /// What it took, behind the last piece.
    func usageChunk(_ answer: TurnAnswer, question: String) -> JSON {
        var chunk = chunk([:], reason: nil).members ?? JSONObject()
        chunk["choices"] = []
        chunk["usage"] = Self.usage(answer, question: question)
        return .object(chunk)
    }

    private func chunk(_ delta: JSON, reason: String?) -> JSON {
        [
            "id": .string(id), "object": "chat.completion.chunk", "created": .integer(created),
            "model": .string(model),
            "choices": [
                [
                    "index": 0, "delta": delta, "logprobs": .null,
                    "finish_reason": reason.map { .string($0) } ?? .null,
                ]
            ],
        ]
    }

    /// All that was answered, as one text.
    static func text(_ answer: TurnAnswer) -> String {
        answer.replies.map { $0.text }.joined(separator: "\n\n")
    }

    // A client must be able to tell that an answer is not whole.
    private static func reason(_ answer: TurnAnswer) -> String {
        answer.replies.contains(where: \.partial) ? "length" : "stop"
    }

    private static func usage(_ answer: TurnAnswer, question: String) -> JSON {
        var tokens = TokenUsage(input: 0, output: 0)
        for usage in answer.replies.compactMap(\.usage) {
            tokens.input += usage["input_tokens"]?.int ?? 0
            tokens.output += usage["output_tokens"]?.int ?? 0
        }
        if tokens.input + tokens.output == 0 {
            tokens = .estimate(
                questionBytes: question.utf8.count, answerBytes: text(answer).utf8.count)
        }
        return [
            "prompt_tokens": .integer(tokens.input), "completion_tokens": .integer(tokens.output),
            "total_tokens": .integer(tokens.input + tokens.output),
        ]
    }

    /// A model, which is an assistant.
    static func model(_ assistant: Assistant) -> JSON {
        [
            "id": .string(assistant.id), "object": "model", "created": 0, "owned_by": "orchestratord",
        ]
    }
}
