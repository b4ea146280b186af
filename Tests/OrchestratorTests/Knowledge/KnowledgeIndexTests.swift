// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

@Suite struct KnowledgeIndexTests {
    private let index: KnowledgeIndex

    init() throws {
        index = try KnowledgeIndex([
            KnowledgeDocument(source: "knowledge/faq.md", text: faq),
            KnowledgeDocument(
                source: "knowledge/tests.txt", text: "A fasting blood test needs eight hours without food.\n"),
        ])
    }

    @Test(arguments: [
        ("what are your opening hours?", "knowledge/faq.md#1"),
        ("When are you open on Saturdays", "knowledge/faq.md#1"),
        ("where can I park", "knowledge/faq.md#2"), ("is there parking for my car", "knowledge/faq.md#2"),
        ("how do I cancel an appointment", "knowledge/faq.md#3"),
        ("do you take insurance?", "knowledge/faq.md#4"),
        ("should I eat before a blood test", "knowledge/tests.txt#1"), ("CAFÉ", "knowledge/faq.md#5"),
    ])
    func `a question finds the passage that answers it`(question: String, id: String) throws {
        #expect(try index.search(question, limit: 3).first?.id == id)
    }

    @Test(arguments: [
        "who won the football match yesterday", "what is the capital of France", "tell me a joke", "",
        "what is it?",
        "how do I get a mortgage for a house in the hills", "🚨",
        "write a poem about appointments in the style of Blake",
    ])
    func `a question about something else finds nothing`(question: String) throws {
        #expect(try index.search(question, limit: 3) == [])
    }

    @Test func `a passage carries its source, its headings and a score up to one`() throws {
        let passage = try #require(try index.search("parking", limit: 1).first)
        #expect(passage.source == "knowledge/faq.md")
        #expect(passage.heading == "Your visit > Parking")
        #expect(passage.text == "There are free spaces behind the building.")
        #expect(passage.score == 1)
    }

    @Test func `no more passages come than are asked for, the best first`() throws {
        let found = try index.search("appointment insurance parking", limit: 2)
        #expect(found.count <= 2)
        #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
        #expect(try index.search("parking", limit: 0) == [])
    }

    @Test(arguments: [
        "parking\" OR \"1", "parking AND NOT", "NEAR(parking)", "heading:parking", "parking*", "(parking",
        "^parking",
        "parking -", "'; DROP TABLE passages; --parking", "parking\0",
    ])
    func `nothing a user types is query syntax`(question: String) throws {
        _ = try index.search(question, limit: 3)
        #expect(try index.search("parking", limit: 1).first?.id == "knowledge/faq.md#2")
    }

    @Test func `an index of nothing finds nothing`() throws {
        #expect(try KnowledgeIndex([]).search("parking", limit: 3) == [])
    }

    @Test func `many may search at once`() async throws {
        let index = index
        let found = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<100 { group.addTask { try? index.search("parking", limit: 1).first?.id } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(found == ["knowledge/faq.md#2"])
    }
}

private let faq = """
    ---
    title: ignored
    ---
    <!-- SPDX-License-Identifier: Apache-2.0 -->
    # Your visit

    ## Opening hours

    We are open Monday to Friday from 8 to 18, on Saturday from 9 to 12.

    ## Parking

    There are free spaces behind the building.

    ## Appointments ##

    You can cancel or move an appointment up to a day before.

    Insurance and costs
    -------------------
    We accept all large insurers.

    # Café

    Coffee and cake.
    """
