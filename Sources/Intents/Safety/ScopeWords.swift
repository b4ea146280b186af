// SPDX-License-Identifier: Apache-2.0

/// What a word can do to the statement next to it.
///
/// One word may do several things.
struct ScopeRole: OptionSet, Sendable {
    let rawValue: UInt64

    /// Skipped in texts between the words of a phrase: articles, possessives, words of emphasis.
    static let filler = ScopeRole(rawValue: 1 << 0)
    /// Left out of phrases: articles and possessives.
    static let dropped = ScopeRole(rawValue: 1 << 1)
    /// So common that a phrase is better looked for at its other words.
    static let everyday = ScopeRole(rawValue: 1 << 2)
    /// Begins a new thought inside a sentence: `but`.
    static let breaker = ScopeRole(rawValue: 1 << 3)
    /// `no`, `not`, `denies`.
    static let negator = ScopeRole(rawValue: 1 << 4)
    /// May stand between a negator and what it denies: `any signs of`.
    static let negatable = ScopeRole(rawValue: 1 << 5)
    /// Denies what stands before it: `absent`.
    static let negatorAfter = ScopeRole(rawValue: 1 << 6)
    /// Denies a list of things: `no fever or rash`.
    static let listing = ScopeRole(rawValue: 1 << 7)
    static let alternative = ScopeRole(rawValue: 1 << 8)
    static let unable = ScopeRole(rawValue: 1 << 9)
    /// `history of`, `previous`.
    static let past = ScopeRole(rawValue: 1 << 10)
    static let pastLink = ScopeRole(rawValue: 1 << 11)
    static let longUnit = ScopeRole(rawValue: 1 << 12)
    static let childhood = ScopeRole(rawValue: 1 << 13)
    /// Says that it goes on or has come back: `again`, `now`.
    static let present = ScopeRole(rawValue: 1 << 14)
    /// Says that it is over: `gone`, `fine`.
    static let over = ScopeRole(rawValue: 1 << 15)
    static let linking = ScopeRole(rawValue: 1 << 16)
    /// `what if`, `risk of`, `prevent`.
    static let hypothetical = ScopeRole(rawValue: 1 << 17)
    static let hypotheticalLink = ScopeRole(rawValue: 1 << 18)
    /// `what`, `how`: asks, at the beginning of a clause.
    static let asking = ScopeRole(rawValue: 1 << 19)
    /// `explain`, `essay`: teaches, wherever it stands.
    static let teaching = ScopeRole(rawValue: 1 << 20)
    /// `symptoms of`: a subject of teaching, unless somebody has them.
    static let subject = ScopeRole(rawValue: 1 << 21)
    static let auxiliary = ScopeRole(rawValue: 1 << 22)
    static let causing = ScopeRole(rawValue: 1 << 23)
    /// `dangerous`, `hereditary`: what one asks about an illness in general.
    static let quality = ScopeRole(rawValue: 1 << 24)
    /// `prevention`, `clinic`: makes a subject of the words before it.
    static let topic = ScopeRole(rawValue: 1 << 25)
    static let media = ScopeRole(rawValue: 1 << 26)
    static let idiom = ScopeRole(rawValue: 1 << 27)
    static let idiomLink = ScopeRole(rawValue: 1 << 28)
    static let oddity = ScopeRole(rawValue: 1 << 29)
    /// The one who speaks.
    static let speaker = ScopeRole(rawValue: 1 << 30)
    /// One particular person other than the speaker: `he`, `mum`.
    static let person = ScopeRole(rawValue: 1 << 31)
    /// Nobody in particular.
    static let anyone = ScopeRole(rawValue: 1 << 32)
    /// Somebody else, or words that ask about somebody else.
    static let other = ScopeRole(rawValue: 1 << 33)
    static let animal = ScopeRole(rawValue: 1 << 34)
    static let attack = ScopeRole(rawValue: 1 << 35)
    static let thing = ScopeRole(rawValue: 1 << 36)
    static let subjectLink = ScopeRole(rawValue: 1 << 37)
    /// `show`, `list`: asks for records.
    static let query = ScopeRole(rawValue: 1 << 38)
    static let records = ScopeRole(rawValue: 1 << 39)
    /// Calls for help; then nothing is a lesson.
    static let plea = ScopeRole(rawValue: 1 << 40)
    static let having = ScopeRole(rawValue: 1 << 41)
    /// What is taken or done against an illness.
    static let remedy = ScopeRole(rawValue: 1 << 42)

    /// Every word with the union of its roles.
    static let table: [(word: String, role: ScopeRole)] = {
        var order: [String] = []
        var roles: [String: ScopeRole] = [:]
        for (role, list) in words {
            for word in list.utf8.split(separator: 0x20).compactMap({ String($0) }) {
                if roles[word] == nil { order.append(word) }
                roles[word, default: []].insert(role)
            }
        }
        return order.map { ($0, roles[$0] ?? []) }
    }()

    /// The English words of each role.
    ///
    /// `can't` and `won't` are no negators: they belong to symptoms.
    static let words: [(ScopeRole, String)] = [
        (
            .filler,
            "my his her their our your the a an this that some so very really just even all such quite severe severely "
                + "actually literally totally completely absolutely extremely bloody fucking fuckin freaking damn kinda "
                + "pretty proper suddenly still also now terribly awfully too uh um er sudden bit slightly about "
                + "quickly basically currently im"
        ),
        (.dropped, "my his her their our your the a an this that"),
        (
            .everyday,
            "i im ive he hes she shes it its is are was were am be been being have has had having got get getting do "
                + "does did not no cant cannot can wont dont in on of to and or at for with from after since when what "
                + "how me him them they we you up out off down over by into feel feels feeling keep keeps keeping like "
                + "go going gone take took taken want think one two three need said says there really going who if"
        ),
        (.breaker, "but however although though because cos coz except whereas"),
        (
            .negator,
            "no not without denies denied denying deny never dont doesnt didnt isnt arent wasnt werent havent hasnt "
                + "hadnt aint nor neither lacks negative nothing nobody"
        ),
        (.listing, "no without denies denied denying nor neither not"),
        (
            .negatable,
            "got any more sign signs of symptom symptoms evidence history for have having has had get getting feel "
                + "feeling experience experiencing experienced currently acute new further longer kind sort been actually "
                + "suffering from like going want wanting trying to about be severe such some thoughts thought plan "
                + "plans intention ideas planning really in a take taken taking took"
        ),
        (.negatorAfter, "denied absent negative none"),
        (.alternative, "or nor and"),
        (.unable, "cant cannot couldnt unable not dont never"),
        (
            .past,
            "history previous previously prior former recovered recovering survived survivor past after old following "
                + "lost died die passed dies"
        ),
        (
            .pastLink,
            "of from medical family personal minor mild massive major to have get had i up my a an his her away"
        ),
        (.longUnit, "year years yr yrs month months decade decades week weeks"),
        (
            .childhood,
            "kid child young younger little teenager teen small baby toddler school college student childhood kids children teenagers "
                + "pregnant teenage teens"
        ),
        (
            .present,
            "again now still today tonight currently since happening started starting back keeps keep worse "
                + "another ongoing continues continuing recurring"
        ),
        (.over, "gone resolved subsided fine ok okay better stopped normal recovered asleep alright"),
        (.linking, "is was has been were have all its it are"),
        (
            .hypothetical,
            "if case risk risks chance chances prevent preventing prevents avoid avoiding likelihood "
                + "hypothetically suppose might could may prevention"
        ),
        (
            .hypotheticalLink,
            "i he she they you someone somebody anyone we patient person people ever get gets got had start "
                + "starts started getting develop were to of from suffer my baby son daughter dad mum"
        ),
        (.asking, "what whats why how hows which who whos whens where"),
        (
            .teaching,
            "explain define definition describe learn learning leaflet leaflets information info difference list "
                + "tutorial course quiz essay research diagnose diagnosed studying teacher lesson homework meaning "
                + "guideline guidelines teach classes class courses training workshop vaccination vaccinations vaccine vaccines "
                + "jab vaccinated lecture seminar article statistics facts causes treatments myth myths podcast assignment "
                + "understand prevalence epidemiology"
        ),
        (
            .subject,
            "symptom symptoms sign signs cause causes treatment treatments effect effects complication complications "
                + "stage stages type types kind kinds outlook risk factors survival rate rates prognosis diagnosis"
        ),
        (.auxiliary, "is are can could does do would will should did was were"),
        (
            .causing,
            "cause causes causing trigger triggers triggering prevent prevents treat treats treating lead leads mean "
                + "give gives help helps make makes stop affect affects reduce increase detect"
        ),
        (
            .quality,
            "dangerous serious hereditary common fatal contagious curable painful treatable preventable always "
                + "usually often possible likely true safe inherited genetic reversible deadly rare lethal normal harmful infectious "
                + "more inheritable heavier show shows look like hereditary contagious curable survivable"
        ),
        (
            .topic,
            "prevention clinic clinics course courses class classes training awareness rehab rehabilitation leaflet "
                + "leaflets policy review charity specialist nurse unit survivors survivor survival statistics rates rate "
                + "risk risks guidelines guideline protocol test tests kit hazard hazards hotline support research "
                + "foundation association recovery ward insurance poster posters rehabilitation "
                + "squad advice prevention. team day form"
        ),
        (
            .media,
            "movie movies film films novel thriller sitcom musical trailer song songs game games episode series documentary podcast news tv netflix "
                + "lyrics fiction poem book books story stories show scene character chapter anime drama playlist album "
                + "band programme program advert videogame video"
        ),
        (.idiom, "gave give gives giving nearly almost"),
        (.idiomLink, "me him us mini little small damn near freaking bloody had having a got"),
        (
            .oddity,
            "bill bills price prices invoice email total cost costs score news rent quote fee statement balance spider "
                + "exam grade"
        ),
        (.speaker, "i im ive my myself id me we were our"),
        (
            .person,
            "he hes his him she shes her mum mums mom moms dad dads mother father husband wife son daughter baby gran "
                + "grandma grandad grandpa nan brother sister uncle aunt partner boyfriend girlfriend friend mate kid "
                + "toddler newborn these this they theyre theyve"
        ),
        (.anyone, "someone somebody anyone anybody person people you casualty adult victim everyone one"),
        (
            .other,
            "patient patients case cases anyone everyone who people person mr mrs ms he she his her they their them list "
                + "show find search display record records someone prescribe diagnosis diagnose male female man woman boy girl "
                + "has reports presents presented complains complaining admitted which flagged many alert alerts"
        ),
        (
            .animal,
            "dog dogs cat cats puppy puppies kitten kittens rabbit rabbits bunny hamster hamsters horse pony cow calf goat "
                + "sheep lamb pig parrot budgie bird birds chicken hen fish goldfish pet pets tortoise ferret "
                + "gerbil foal duck vet vets veterinary veterinarian pup doggy kitty canary rat"
        ),
        (
            .attack,
            "bite bites bit bitten mauled attacked attack scratched scratch kicked kick sting stung threw knocked jumped "
                + "trampled licked ripped tore savaged latched nipped"
        ),
        (
            .thing,
            "hoover vacuum mower lawnmower dishwasher fridge freezer boiler laptop phone iphone computer pc app apps website site server servers printer screen battery page internet "
                + "wifi router browser account system database network software program keyboard mouse tablet device modem tv "
                + "radiator toilet sink tap plant plants brakes economy market traffic queue machine bot chatbot "
                + "mac windows excel api site portal business company checkout cart page deal talks government shelf deadline paper jam"
        ),
        (
            .subjectLink,
            "is are was has have had been just keeps keep got wont cant isnt not being getting having a an the started "
                + "now still suddenly s went its and really always"
        ),
        (
            .query,
            "show list find search pull print refer add prescribe summarise summarize report display count which any "
                + "audit dose open view get give icd number export draft triage what who patients patient doing note"
        ),
        (
            .records,
            "patient patients case cases diagnosis protocol protocols guideline guidelines icd triage report reports record "
                + "records audit notes chart ward admissions code category adrenaline dose"
        ),
        (.plea, "help please hurry ambulance quick quickly asap urgent 911 999 112 now sos"),
        (
            .remedy,
            "tablet tablets pill pills medicine medicines medication drug drugs jab vaccine injection cream inhaler "
                + "treatment drops diet procedure operation surgery exercise leaflet page"
        ),
        // No role, but scopes go by them: known here, a slip in them is repaired.
        (
            [],
            "afraid aged april asked asking august autumn before boredom born checkup christmas curiosity curious december "
                + "discharged drive driving during earlier easter embarrassment exercising fear february fifties first "
                + "flying followup forties genius happened hello inspiration january july june know last letter long luck "
                + "march midnight mildly minute moving must november october physio question questions reading recognise "
                + "recognize recover responding results scared seeing seems september slight somewhat spring summer talk "
                + "taught tell then thirties until used while winter wondering work worried worry yesterday youth"
        ),
        (.having, "have has having had got showing show shows with get getting developed developing"),
    ]
}
