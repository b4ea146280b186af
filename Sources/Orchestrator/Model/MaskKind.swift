// SPDX-License-Identifier: Apache-2.0

/// What is left out of texts that go to a provider.
package enum MaskKind: String, Sendable, Hashable, CaseIterable {
    case email, phone, card
    /// Numbers that stand for a person: social security, NHS, IBAN, medical records.
    case identity

    /// The word in its placeholder: `[EMAIL_1]`.
    var label: String { rawValue.uppercased() }
}
