// SPDX-License-Identifier: Apache-2.0

extension ChannelDialect {
    /// The clinic's chat clients: an assistant for patients, one for doctors, and rooms between the two.
    static let clinic = ChannelDialect(
        type: "clinic", keys: ["issuer", "assistants", "serves"], requiredKeys: ["issuer", "assistants"],
        choice: .byRole, limits: .clinic
    ) { name, services in ClinicChannel(name: name, services) }
}

extension Limits {
    /// What its clients are used to: 1,000 characters, 100 requests a minute, a ping every 20 s.
    fileprivate static var clinic: Limits {
        var limits = Limits()
        limits.messageCharacters = 1000
        limits.requests.max = 100
        limits.requests.per = .seconds(60)
        return limits
    }
}
