// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// The shipped assistants over the clinic's REST interface: `replace: { clinic_records: clinic_http }`.
@Suite(.timeLimit(.minutes(1)))
struct ClinicBackendTests {
    /// A system like the clinic's own.
    private static func spring(asPage: Bool = false, status: Int? = nil) throws -> FakeBackend {
        try FakeBackend { call, _ in
            if let status { return .backend(status, #"{"message":"PHI-CANARY stack trace"}"#) }
            guard let body = answer(call) else { return .backend(404, "{}") }
            let isList = body.hasPrefix("[")
            return .backend(200, asPage && isList ? #"{"content":\#(body),"totalPages":1}"# : body)
        }
    }

    private static func answer(_ call: FakeBackend.Call) -> String? {
        let path = String(call.target.dropFirst("/api".count).prefix { $0 != "?" })
        switch (call.method, path) {
        case ("GET", "/doctors"):
            return #"""
                [{"id":"d1","name":"Dr. Heart","specialty":"Cardiology","experience":12,"rating":4.9},
                 {"id":"d2","name":"Dr. Vein","specialty":"Cardiology","experience":7,"rating":4.5}]
                """#
        case ("GET", "/doctors/d1/available-slots"):
            return
                #"[{"id":"s1","date":"2026-03-16","time":"10:00","doctorName":"Dr. Heart"},{"id":"s2","date":"2026-03-17","time":"11:30","doctorName":"Dr. Heart"}]"#
        case ("POST", "/appointments/book"):
            return
                #"{"id":77,"doctorName":"Dr. Heart","appointmentDate":"2026-03-16","appointmentTime":"10:00","status":"BOOKED"}"#
        case ("GET", "/prescriptions/patient/p1"):
            return
                #"[{"id":1,"medicationName":"Metformin","dosage":"500mg","frequency":"Twice daily","secret":"PHI-CANARY"}]"#
        case ("GET", "/appointments/doctor/d1"):
            return
                #"[{"id":5,"patientName":"John Smith","appointmentDate":"2026-03-09","appointmentTime":"11:00","reason":"Routine checkup","status":"BOOKED"}]"#
        case ("GET", "/doctors/d1/patients"):
            return
                #"[{"id":"p9","name":"Jane Doe","age":40,"urgency":"Critical","primaryCondition":"Severe allergic reaction"},{"id":"p8","name":"John Smith","age":50}]"#
        case ("POST", "/prescriptions"): return #"{"id":9}"#
        default: return nil
        }
    }

    private func fixture(_ backend: FakeBackend) async throws -> ClinicFixture {
        let root =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../../bots/server.yaml"
        let server =
            try String(contentsOfFile: root, encoding: .utf8) + "\nreplace: { clinic_records: clinic_http }\n"
        return try await ClinicFixture(
            ["server.yaml": server], environment: ["SPRING_BOOT_BASE_URL": backend.url])
    }

    @Test(arguments: [false, true])
    func `a booking over REST, with the caller's own token`(asPage: Bool) async throws {
        let backend = try Self.spring(asPage: asPage)
        let fixture = try await fixture(backend)
        let token = try fixture.token("p1")
        var answer = try await fixture.say("I need to see a cardiologist next week", token: token)
        #expect(answer["data"]?["doctors"]?.list?.map { $0["name"] } == ["Dr. Heart", "Dr. Vein"])
        for says in ["1", "1", "yes"] where answer["type"] != "appointment_booked" {
            answer = try await fixture.say(says, token: token)
        }
        #expect(answer["type"] == "appointment_booked", "\(answer)")
        let booking = try #require(backend.calls.last)
        #expect(booking.target == "/api/appointments/book")
        #expect(booking.headers["authorization"] == "Bearer " + token)
        #expect(booking.headers["idempotency-key"]?.count == 64)
        #expect(
            booking.body == [
                "slotId": "s1", "doctorId": "d1", "patientId": "p1", "appointmentDate": "2026-03-16",
                "appointmentTime": "10:00", "reason": "Consultation",
            ])
        let slots = try #require(backend.calls.first { $0.target.contains("available-slots") })
        #expect(slots.target == "/api/doctors/d1/available-slots?date=2026-03-16")
    }

    @Test func `prescriptions, the doctor's day, urgent patients and a new prescription over REST`()
        async throws
    {
        let backend = try Self.spring()
        let fixture = try await fixture(backend)
        let patient = try await fixture.say(
            "What are my current medications?", token: try fixture.token("p1"))
        #expect(patient["response"]?.text?.contains("1. Metformin 500mg - Twice daily") == true)
        #expect(!patient.encodedText.contains("PHI-CANARY"))
        let doctor = try fixture.token("d1", role: "DOCTOR")
        let day = try await fixture.say("Show me today's schedule", to: "doctor", token: doctor)
        #expect(day["response"]?.text?.contains("John Smith (Routine checkup)") == true)
        let urgent = try await fixture.say("Show me patients with urgent flags", to: "doctor", token: doctor)
        #expect(
            urgent["response"]?.text?.contains("⚠️ Jane Doe - Severe allergic reaction - Critical") == true)
        #expect(urgent["data"]?["emergency_patients"]?.list?.count == 1)
        var added = try await fixture.say(
            "Prescribe amoxicillin 500mg twice daily for 7 days for patient John Smith", to: "doctor",
            token: doctor)
        if added["type"] != "prescription_added" {
            added = try await fixture.say("yes", to: "doctor", token: doctor)
        }
        #expect(added["type"] == "prescription_added", "\(added)")
        let sent = try #require(backend.calls.last { $0.method == "POST" }?.body)
        #expect(sent["patientId"] == "p8")
        #expect(sent["medicationName"] == "amoxicillin")
        #expect(sent["prescriptionDate"] == "2026-03-09")
    }

    @Test(arguments: [400, 401, 403, 404, 409, 500, 503])
    func `a backend that fails is 200 with type error and 'try again', and its words reach nobody`(
        status: Int
    ) async throws {
        let fixture = try await fixture(try Self.spring(status: status))
        for text in ["What are my current medications?", "show my appointments"] {
            let answer = try await fixture.say(text, token: try fixture.token("p1"))
            #expect(answer["type"] == "error", "\(answer)")
            #expect(answer["response"]?.text?.contains("try again") == true, "\(answer)")
            #expect(!answer.encodedText.contains("PHI-CANARY"))
        }
    }

    @Test func `a backend that is down delays no emergency`() async throws {
        let fixture = try await fixture(try Self.spring(status: 503))
        let answer = try await fixture.say("I'm having severe chest pain", token: try fixture.token("p1"))
        #expect(answer["type"] == "emergency")
    }
}
