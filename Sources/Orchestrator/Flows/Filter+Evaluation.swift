// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension Filter {
    /// What the filter makes of a value.
    ///
    /// What it does not understand it leaves as it is.
    func apply(to value: JSON, in scope: Scope) -> JSON {
        switch name {
        case .default: value.isNothing ? .string(argument ?? "") : value
        case .count: .integer(value.list?.count ?? (value.isNothing ? 0 : 1))
        case .where: .array(FieldTest(argument ?? "").filter(value.items, in: scope))
        case .first: .array(Array(value.items.prefix(argument.flatMap { Int($0) } ?? 1)))
        case .list: .string(ListPattern(argument ?? "{item}").text(of: value.items, in: scope))
        case .join: .string(joined(value.items.map(scope.text(of:)).filter { !$0.isEmpty }))
        default: value.isNull ? .null : text(of: value, scope)
        }
    }

    private func text(of value: JSON, _ scope: Scope) -> JSON {
        let text: String? =
            switch name {
            case .date:
                argument.flatMap { DatePattern($0, in: scope.time) }.map { $0.text(of: value) }
                    ?? DateText(time: scope.time).date(value, timeOfDay: argument != "day")
            case .time: DateText(time: scope.time).timeOfDay(value)
            case .upper: scope.text(of: value).uppercased()
            case .lower: scope.text(of: value).lowercased()
            case .capital: capitalised(scope.text(of: value))
            case .title: titled(scope.text(of: value))
            case .money: value.amount.map { money($0, sign: argument ?? "") }
            default: nil
            }
        return text.map(JSON.string) ?? value
    }

    // A word goes before the last item alone, any other separator everywhere: "a, b or c", "a / b / c".
    private func joined(_ texts: [String]) -> String {
        let separator = argument ?? " and "
        guard separator.contains(where: \.isLetter), let last = texts.last, texts.count > 1 else {
            return texts.joined(separator: separator)
        }
        return texts.dropLast().joined(separator: ", ") + separator + last
    }
}

/// The text with its first letter in upper case.
func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

/// An id as a heading: `internal_medicine` is `Internal Medicine`.
private func titled(_ text: String) -> String {
    text.split { $0 == "_" || $0 == " " }.map { capitalised(String($0)) }.joined(separator: " ")
}

/// `£1,234.50`; a negative amount is `-£5.00`.
private func money(_ amount: Double, sign: String) -> String {
    guard amount.magnitude < 1e15 else { return sign + String(amount) }
    let cents = Int((amount.magnitude * 100).rounded())
    let digits = String(cents / 100)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
        grouped.append(digit)
    }
    let rest = cents % 100
    return (amount < 0 && cents > 0 ? "-" : "") + sign + grouped + "." + (rest < 10 ? "0\(rest)" : "\(rest)")
}

extension JSON {
    /// The items of a list; a single value is a list of one, nothing an empty one.
    var items: [JSON] { list ?? (isNothing ? [] : [self]) }
}
