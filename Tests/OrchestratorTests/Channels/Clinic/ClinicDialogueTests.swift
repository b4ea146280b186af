// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

@testable import Orchestrator

/// The dialogues of the clinic's README, and what its clients read of the answers.
@Suite(.timeLimit(.minutes(1)))
struct ClinicDialogueTests {
    @Test func `S1.20 a cardiologist next week: how many were found, who they are, and what to press`()
        async throws
    {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        let answer = try await fixture.say("I need to see a cardiologist next week", token: token)
        #expect(answer["type"] == "doctor_selection")
        let doctors = try #require(answer["data"]?["doctors"]?.list)
        #expect(doctors.count > 1)
        #expect(answer["response"]?.text?.contains("\(doctors.count)") == true)
        #expect(answer["response"]?.text?.lowercased().contains("cardiolog") == true)
        let actions = try #require(answer["actions"]?.list)
        #expect(actions.filter { $0["type"] == "select_doctor" }.count <= 3)
        #expect(actions.first?["type"] == "select_doctor")
        #expect(actions.first?["value"] == doctors.first?["id"])
        #expect(actions.last?["type"] == "any_doctor")
    }

    @Test(arguments: [
        "I want to book an appointment with a cardiologist", "Hello, I need help booking an appointment",
    ])
    func `S1.21, S1.28 booking begins`(text: String) async throws {
        let fixture = try await ClinicFixture()
        let answer = try await fixture.say(text, token: try fixture.token())
        let types: [JSON] = [
            "doctor_selection", "specialization_request", "booking_start", "datetime_selection",
        ]
        #expect(types.contains(answer["type"] ?? .null), "\(answer)")
    }

    @Test func `S1.2 a booking is finished without ever naming the conversation`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        var answer = try await fixture.say("I need to see a cardiologist next week", token: token)
        for _ in 0..<6 where answer["type"] != "appointment_booked" {
            let says: String =
                switch answer["type"]?.text {
                case "doctor_selection", "datetime_selection": "1"
                default: "yes"
                }
            answer = try await fixture.say(says, token: token)
        }
        #expect(answer["type"] == "appointment_booked", "\(answer)")
    }

    @Test func `S1.6, S1.22 medications: a numbered list`() async throws {
        let fixture = try await ClinicFixture()
        let answer = try await fixture.say("What are my current medications?", token: try fixture.token())
        #expect(answer["type"] == "prescriptions_list")
        #expect(answer["response"]?.text?.hasPrefix("📋 Your Current Prescriptions:\n1. ") == true)
        #expect(answer["data"]?["prescriptions"]?.list?.isEmpty == false)
    }

    @Test func `S1.10, S1.23 an emergency comes before everything else`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        _ = try await fixture.say("I need to see a cardiologist next week", token: token)
        let answer = try await fixture.say("I'm having severe chest pain", token: token)
        #expect(answer["type"] == "emergency")
        let text = try #require(answer["response"]?.text)
        for part in ["🚨 EMERGENCY DETECTED 🚨", "Call Emergency Services: 911"] {
            #expect(text.contains(part))
        }
        let actions = try #require(answer["actions"]?.list)
        #expect(actions.first { $0["type"] == "call_emergency" }?["value"] == "911")
        #expect(
            Set(actions.compactMap { $0["type"]?.text }) == [
                "call_emergency", "book_urgent", "find_urgent_care",
            ])
    }

    @Test func `an emergency is answered when too many messages came before it`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        var status = 200
        for _ in 0..<101 {
            status = try await fixture.ask("POST", "/chat/patient", token: token, body: ["message": "hello"])
                .status
        }
        #expect(status == 429)
        let answer = try await fixture.say("I'm having severe chest pain", token: token)
        #expect(answer["type"] == "emergency")
    }

    @Test(arguments: ["Show me today's schedule", "Show me today's appointments"])
    func `S1.11, S1.24, S1.25 the doctor's day`(text: String) async throws {
        let fixture = try await ClinicFixture()
        let answer = try await fixture.say(
            text, to: "doctor", token: try fixture.token("doctor_1", role: "DOCTOR"))
        #expect(answer["type"] == "appointments_schedule")
        let said = try #require(answer["response"]?.text)
        #expect(said.contains("📅 Your Appointment Schedule\n🔥 Today's Appointments:\n⏰ "))
        #expect(answer["data"]?["today_appointments"]?.list?.isEmpty == false)
    }

    @Test func `S1.16, S1.26 a prescription in one sentence`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token("doctor_1", role: "DOCTOR", name: "Dr. Sarah Smith")
        var answer = try await fixture.say(
            "Prescribe amoxicillin 500mg twice daily for 7 days for patient John Smith", to: "doctor",
            token: token)
        if answer["type"] != "prescription_added" {
            answer = try await fixture.say("yes", to: "doctor", token: token)
        }
        #expect(answer["type"] == "prescription_added", "\(answer)")
        let said = try #require(answer["response"]?.text)
        for part in [
            "✅ Prescription Added Successfully", "Patient: John Smith", "Medication: amoxicillin 500mg",
        ] {
            #expect(said.contains(part))
        }
        #expect(answer["data"]?["prescription"]?["medication"] == "amoxicillin")
    }

    @Test func `S1.19, S1.27 patients with urgent flags`() async throws {
        let fixture = try await ClinicFixture()
        let answer = try await fixture.say(
            "Show me patients with urgent flags", to: "doctor",
            token: try fixture.token("doctor_1", role: "DOCTOR"))
        #expect(answer["type"] == "emergency_alerts")
        #expect(answer["response"]?.text?.contains("🚨 Emergency Patients Alert\n⚠️ Jane Doe - ") == true)
        #expect(answer["data"]?["emergency_patients"]?.list?.isEmpty == false)
    }
}
