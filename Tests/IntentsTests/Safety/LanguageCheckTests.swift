// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

struct LanguageCheckTests {
    private let english = LanguageCheck(languages: ["en"])

    @Test(arguments: [
        "me duele mucho el pecho y no puedo respirar", "j'ai très mal à la poitrine",
        "ich habe starke Schmerzen in der Brust",
        "ho un forte dolore al petto", "estou com muita dor no peito", "ik heb veel pijn op de borst",
        "у меня болит грудь", "胸が痛い", "我胸口痛", "가슴이 아파요", "صدري يؤلمني", "मुझे सीने में दर्द है",
        "πονάει το στήθος μου",
        "เจ็บหน้าอก", "göğsüm çok ağrıyor yardım", "bardzo boli mnie klatka piersiowa proszę pomoc",
    ])
    func `another language is told`(_ text: String) { #expect(english.isForeign(text), "\(text)") }

    @Test(arguments: [
        "", "ok", "José García", "hola", "I need an appointment", "book me with Dr. Müller-Lüdenscheidt",
        "der", "ciao bella", "déjà vu at the café", "amoxicillin 500mg", "👍👍", "12345", "asdf qwer zxcv",
        "my chest hurts mi amor", "Wie geht's, I need a doctor for my son today", "que sera sera",
    ])
    func `short, mixed and English text is not`(_ text: String) {
        #expect(!english.isForeign(text), "\(text)")
    }

    @Test func `a listed language is none other`() {
        let both = LanguageCheck(languages: ["en", "es"])
        #expect(!both.isForeign("me duele mucho el pecho y no puedo respirar"))
        #expect(both.isForeign("ich habe starke Schmerzen in der Brust"))
        #expect(!LanguageCheck(languages: ["ja"]).isForeign("胸が痛い"))
    }

    @Test func `an unknown Latin language makes no Latin text foreign`() {
        #expect(!LanguageCheck(languages: ["is"]).isForeign("ich habe starke Schmerzen in der Brust"))
        #expect(LanguageCheck(languages: ["is"]).isForeign("у меня болит грудь"))
    }

    @Test func `a megabyte is looked at in part`() {
        #expect(english.isForeign(String(repeating: "грудь ", count: 100_000)))
    }
}
