// SPDX-License-Identifier: Apache-2.0

import Intents
import Testing

@testable import Orchestrator

struct DeclaredEntitiesTests {
    @Test func `an entity of no slot does not take the words of one that has a slot`() async {
        var (talk, _) = Clinic.talk()
        talk.assistant = Clinic.assistant {
            $0.entities["a_date"] = EntityDefinition(name: "a_date", kind: .datetime(prefer: .future))
        }
        #expect(await talk.say("I need to see a cardiologist next week") == [Clinic.listing])
    }
}
