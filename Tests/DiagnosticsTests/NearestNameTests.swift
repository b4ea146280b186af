// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Testing

struct NearestNameTests {
    /// Keys as they stand beside each other in an assistant, a step and a server file.
    private static let families: [[String]] = [
        [
            "kind", "version", "id", "roles", "use", "persona", "languages", "intents", "flows", "responses",
            "otherwise", "escalate", "human", "tools", "safety", "entities", "timezone", "settings",
            "about_others",
        ],
        [
            "say", "ask", "confirm", "choose", "call", "if", "then", "else", "end", "alert", "handoff", "set",
            "clear", "repeat_while", "default", "list", "each", "attempts", "otherwise", "sensitive",
            "listen", "slot",
        ],
        [
            "kind", "version", "environment", "demo", "listen", "storage", "roles", "auth", "channels",
            "limits",
            "reload", "host", "port", "issuers", "trusted_proxies", "max_bytes", "directory", "watch", "gate",
            "settle",
        ],
    ]

    @Test(arguments: families)
    func `single slips in keys are put right`(keys: [String]) {
        var right = 0
        var all = 0
        var wrong: [String] = []
        for key in keys {
            for typo in Self.slips(of: key) where !keys.contains(typo) {
                all += 1
                if nearestName(to: typo, in: keys) == key {
                    right += 1
                } else {
                    wrong.append("\(typo)->\(key)")
                }
            }
        }
        #expect(Double(right) / Double(all) >= 0.97, "\(right) of \(all); \(wrong.prefix(40))")
    }

    /// Every letter left out, doubled, swapped with the next, replaced by or preceded by some others.
    private static func slips(of key: String) -> Set<String> {
        let letters = Array(key)
        var result: Set<String> = []
        for index in letters.indices {
            var less = letters
            less.remove(at: index)
            if !less.isEmpty { result.insert(String(less)) }
            for other in "aeinrstxz_" where other != letters[index] {
                result.insert(String(letters[..<index] + [other] + letters[(index + 1)...]))
                result.insert(String(letters[...index] + [other] + letters[(index + 1)...]))
            }
            if index + 1 < letters.count {
                var swapped = letters
                swapped.swapAt(index, index + 1)
                result.insert(String(swapped))
            }
        }
        return result.subtracting([key])
    }

    @Test func `case, dashes, prefixes and two slips in a long name are seen through`() {
        #expect(nearestName(to: "Roles", in: ["rules", "roles"]) == "roles")
        #expect(nearestName(to: "live_chat", in: ["live-chat", "live-chat-ai"]) == "live-chat")
        #expect(nearestName(to: "opnai", in: ["openai", "claude"]) == "openai")
        #expect(nearestName(to: "respnosse", in: ["responses", "reload"]) == "responses")
        #expect(nearestName(to: "env", in: ["environment", "demo"]) == "environment")
        #expect(nearestName(to: "assistant_id", in: ["assistant", "channel"]) == "assistant")
    }

    @Test func `nothing is suggested for what resembles nothing`() {
        #expect(nearestName(to: "pizza", in: ["roles", "say", "ask"]) == nil)
        #expect(nearestName(to: "", in: ["a"]) == nil)
        #expect(nearestName(to: "roles", in: ["roles"]) == nil)
        #expect(nearestName(to: String(repeating: "x", count: 1_000_000), in: ["x"]) == nil)
    }

    @Test func `the order of the candidates does not matter`() {
        #expect(nearestName(to: "cat", in: ["bat", "hat", "rat"]) == "bat")
        #expect(nearestName(to: "cat", in: ["rat", "hat", "bat"]) == "bat")
    }
}
