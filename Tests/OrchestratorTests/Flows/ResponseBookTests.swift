// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct ResponseBookTests {
    let scope = Scope(
        ["found": [["id": "a", "name": "Ann"], ["id": "b", "name": "Bo"], ["id": "c", "name": "Cy"]]],
        time: .monday)

    private func book(_ responses: [String: Response], pinned: [String: Response]? = nil) -> ResponseBook {
        ResponseBook(
            current: assistant { $0.responses = responses },
            pinned: pinned.map { old in assistant { $0.responses = old } })
    }

    private func say(_ name: String, _ book: ResponseBook) -> String {
        var random = SeededGenerator("test")
        return book.reply(.named(name), in: scope, random: &random).text
    }

    @Test
    func `a name is looked for in the current assistant, in the pinned one, and among the built-in ones`() {
        let book = book(
            ["a": Response([template("new")]), "cancelled": Response([template("Stopped.")])],
            pinned: ["a": Response([template("old")]), "b": Response([template("old b")])])
        #expect(say("a", book) == "new")
        #expect(say("b", book) == "old b")
        #expect(say("cancelled", book) == "Stopped.")
        #expect(say("backend_down", book) == "Sorry, that did not work. Please try again in a moment.")
        #expect(say("no_such_name", book) == "Sorry, something went wrong.")
    }

    @Test func `the same seed chooses the same wording and every wording is chosen by some seed`() {
        let response = Response([template("one"), template("two"), template("three")])
        let book = book(["a": response])
        let said = (0..<40).map { seed -> String in
            var random = SeededGenerator("c1/\(seed)")
            return book.reply(.named("a"), in: scope, random: &random).text
        }
        var again = SeededGenerator("c1/7")
        #expect(book.reply(.named("a"), in: scope, random: &again).text == said[7])
        #expect(Set(said) == ["one", "two", "three"])
    }

    @Test func `buttons are repeated for each item and data keeps its types`() {
        let response = Response(
            [template("Found ${found | count}.\n")], type: "doctor_selection",
            buttons: [
                .init(
                    type: "select", label: template("${item.name}"), value: value("${item.id}"),
                    each: template("${found}"), limit: 2),
                .init(type: "any", label: template("Any"), value: nil),
            ], data: .object([.init(name: "doctors", value: value("${found}"))]))
        var random = SeededGenerator("test")
        let reply = book([:]).reply(.inline(response), in: scope, random: &random)
        let expected = Reply(
            text: "Found 3.", type: "doctor_selection",
            buttons: [
                ["type": "select", "label": "Ann", "value": "a"],
                ["type": "select", "label": "Bo", "value": "b"],
                ["type": "any", "label": "Any"],
            ],
            data: [
                "doctors": [
                    ["id": "a", "name": "Ann"], ["id": "b", "name": "Bo"], ["id": "c", "name": "Cy"],
                ]
            ])
        #expect(reply == expected)
    }

    @Test func `a message that shows a sensitive slot is marked`() {
        var random = SeededGenerator("test")
        let book = book([:])
        func isMarked(_ source: String) -> Bool {
            book.reply(text(source), in: scope, random: &random, sensitive: ["card"]).isSensitive
        }
        #expect(isMarked("Card ${slots.card}"))
        #expect(isMarked("All: ${slots}"))
        #expect(!isMarked("Size ${slots.size}"))
    }

    @Test(arguments: BuiltinResponse.names) func `every built-in response says something`(_ name: String) {
        #expect(!say(name, book([:])).isEmpty)
    }
}
