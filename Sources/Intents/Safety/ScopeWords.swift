// SPDX-License-Identifier: Apache-2.0

/// What a word can do to the statement next to it.
///
/// One word may do several things.
struct ScopeRole: OptionSet {
    let rawValue: UInt32

    /// Skipped in texts between the words of a phrase: articles, possessives, intensifiers.
    static let filler = ScopeRole(rawValue: 1 << 0)
    /// Left out of phrases: articles and possessives.
    static let dropped = ScopeRole(rawValue: 1 << 28)
    /// `no`, `not`, `denies`.
    static let negator = ScopeRole(rawValue: 1 << 1)
    /// May stand between a negator and what it denies: `any signs of`.
    static let negatable = ScopeRole(rawValue: 1 << 2)
    /// Denies what stands before it: `ruled out`.
    static let negatorAfter = ScopeRole(rawValue: 1 << 3)
    /// `history of`, `previous`.
    static let past = ScopeRole(rawValue: 1 << 4)
    static let pastLink = ScopeRole(rawValue: 1 << 5)
    static let over = ScopeRole(rawValue: 1 << 6)
    static let amount = ScopeRole(rawValue: 1 << 7)
    static let longUnit = ScopeRole(rawValue: 1 << 8)
    /// `what if`, `risk of`, `prevent`.
    static let hypothetical = ScopeRole(rawValue: 1 << 9)
    static let hypotheticalLink = ScopeRole(rawValue: 1 << 10)
    /// `what are`, `explain`.
    static let education = ScopeRole(rawValue: 1 << 11)
    static let educationLink = ScopeRole(rawValue: 1 << 12)
    static let media = ScopeRole(rawValue: 1 << 13)
    static let mediaLink = ScopeRole(rawValue: 1 << 14)
    static let idiom = ScopeRole(rawValue: 1 << 15)
    static let idiomLink = ScopeRole(rawValue: 1 << 16)
    static let fright = ScopeRole(rawValue: 1 << 17)
    /// The one who speaks.
    static let speaker = ScopeRole(rawValue: 1 << 18)
    /// Somebody else, or words that ask about somebody else.
    static let other = ScopeRole(rawValue: 1 << 19)
    static let article = ScopeRole(rawValue: 1 << 20)
    static let unable = ScopeRole(rawValue: 1 << 21)
    static let listing = ScopeRole(rawValue: 1 << 22)
    static let alternative = ScopeRole(rawValue: 1 << 23)
    static let childhood = ScopeRole(rawValue: 1 << 24)
    static let saw = ScopeRole(rawValue: 1 << 25)
    static let oddity = ScopeRole(rawValue: 1 << 26)
    static let linking = ScopeRole(rawValue: 1 << 27)

    /// The English words of each role.
    ///
    /// `can't` and `won't` are no negators: they belong to symptoms.
    static let words: [(ScopeRole, String)] = [
        (
            .filler,
            "my his her their our your the a an this that some so very really just even all such quite severe"
        ),
        (.dropped, "my his her their our your the a an this that"),
        (
            .negator,
            "no not without denies denied denying deny never dont doesnt didnt isnt arent wasnt havent hasnt hadnt "
                + "aint nor neither lacks negative nothing"
        ),
        (.listing, "no without denies denied denying nor neither"),
        (
            .negatable,
            "any more sign signs of symptom symptoms evidence history for have having has had get getting feel "
                + "feeling experience experiencing experienced currently acute new further longer kind sort been actually "
                + "suffering from like going want wanting trying to about be severe such some"
        ),
        (.negatorAfter, "denied absent negative none"),
        (.past, "history previous prior former recovered recovering survived survivor past"),
        (.pastLink, "of from medical family personal minor mild massive major to have get had i"),
        (.over, "about around over almost nearly approximately back some roughly like more than"),
        (
            .amount,
            "a an one two three four five six seven eight nine ten few couple of several many fifteen twenty thirty"
        ),
        (.longUnit, "year years yr yrs month months decade decades week weeks"),
        (
            .hypothetical,
            "if case risk risks chance chances prevent preventing prevents avoid avoiding likelihood "
                + "hypothetically suppose"
        ),
        (
            .hypotheticalLink,
            "i he she they you someone somebody anyone we patient person people ever get gets got had start "
                + "starts started getting develop were to of from"
        ),
        (
            .education,
            "what whats explain define definition describe learn learning article leaflet information difference "
                + "list tutorial course quiz essay research diagnose"
        ),
        (
            .educationLink,
            "symptom symptoms sign signs cause causes treatment treatments effect effects complication "
                + "complications of for and between on common early first warning main typical stage stages type types kind "
                + "kinds info possible meaning word term is are does about risk factor factors other"
        ),
        (
            .media,
            "movie movies film films novel song game episode series documentary podcast news article tv netflix lyrics "
                + "fiction poem"
        ),
        (
            .mediaLink,
            "about where with in on called titled of someone who character guy has had have having dies from named "
                + "was is show"
        ),
        (.idiom, "gave give gives giving"),
        (.idiomLink, "me him us mini little small damn near freaking bloody"),
        (.saw, "saw got read heard opened looked checked found see"),
        (
            .oddity,
            "bill bills price prices invoice email total cost costs score news rent quote fee statement balance spider "
                + "exam grade"
        ),
        (.speaker, "i im ive my myself id"),
        (
            .other,
            "patient patients case cases anyone everyone who people person mr mrs ms he she his her they their them list "
                + "show find search display record records someone prescribe diagnosis diagnose male female man woman boy girl "
                + "has reports presents presented complains complaining admitted which flagged many alert alerts"
        ),
        (.article, "my his her their our your the a an this that in"),
        (.unable, "cant cannot couldnt unable not dont never"),
        (.alternative, "or nor"),
        (
            .childhood,
            "kid child young younger little teenager teen small baby toddler school college student"
        ),
        (.linking, "is was has been were have all"),
    ]

    /// Every word with the union of its roles.
    static let table: [(word: String, role: ScopeRole)] = {
        var order: [String] = []
        var roles: [String: ScopeRole] = [:]
        for (role, list) in words {
            for word in list.split(separator: " ").map(String.init) {
                if roles[word] == nil { order.append(word) }
                roles[word, default: []].insert(role)
            }
        }
        return order.map { ($0, roles[$0] ?? []) }
    }()
}
