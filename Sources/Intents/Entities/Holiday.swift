// SPDX-License-Identifier: Apache-2.0

/// When a holiday is in a year.
enum Holiday {
    /// The same date each year.
    case fixed(month: Int, day: Int)
    /// The n-th weekday of a month, counted from its end if negative.
    case weekday(Int, nth: Int, month: Int)
    /// So many days after Easter Sunday of the western churches.
    case easter(Int)

    func date(in year: Int) -> CivilDate? {
        switch self {
        case .fixed(let month, let day): return CivilDate(year: year, month: month, day: day)
        case .easter(let days): return Self.easterSunday(year)?.adding(days: days)
        case .weekday(let weekday, let nth, let month):
            guard let first = CivilDate(year: year, month: month, day: 1) else { return nil }
            if nth > 0 { return first.adding(days: (weekday - first.weekday + 7) % 7 + 7 * (nth - 1)) }
            let last = first.adding(months: 1).adding(days: -1)
            return last.adding(days: -((last.weekday - weekday + 7) % 7) + 7 * (nth + 1))
        }
    }

    /// The Gregorian computus in its anonymous form (Meeus, Astronomical Algorithms, chapter 8).
    private static func easterSunday(_ year: Int) -> CivilDate? {
        let (golden, century, rest) = (year % 19, year / 100, year % 100)
        let shifted =
            (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - shifted - rest % 4) % 7
        let correction = (golden + 11 * shifted + 22 * weekday) / 451
        let sum = shifted + weekday - 7 * correction + 114
        return CivilDate(year: year, month: sum / 31, day: sum % 31 + 1)
    }

    static let byName: [String: Holiday] = {
        var byName: [String: Holiday] = [:]
        for (names, rule) in table {
            for name in names.split(separator: ",") {
                byName[name.trimmingPrefix(" ").description] = rule
            }
        }
        return byName
    }()

    // The names as words are folded: without apostrophes.
    private static let table: [(String, Holiday)] = [
        ("christmas, xmas, christmas day, xmas day", .fixed(month: 12, day: 25)),
        ("christmas eve, xmas eve", .fixed(month: 12, day: 24)),
        ("boxing day, st stephens day", .fixed(month: 12, day: 26)),
        ("new years eve, new year eve, nye, hogmanay", .fixed(month: 12, day: 31)),
        ("new years day, new year day, new years", .fixed(month: 1, day: 1)),
        ("epiphany, three kings day", .fixed(month: 1, day: 6)),
        ("groundhog day", .fixed(month: 2, day: 2)),
        ("valentines day, valentines, valentine day, valentine", .fixed(month: 2, day: 14)),
        ("st davids day", .fixed(month: 3, day: 1)),
        ("st patricks day, saint patricks day, st patrick day, paddys day", .fixed(month: 3, day: 17)),
        ("april fools, april fools day", .fixed(month: 4, day: 1)),
        ("earth day", .fixed(month: 4, day: 22)), ("st georges day", .fixed(month: 4, day: 23)),
        ("may day", .fixed(month: 5, day: 1)), ("cinco de mayo", .fixed(month: 5, day: 5)),
        ("juneteenth", .fixed(month: 6, day: 19)), ("canada day", .fixed(month: 7, day: 1)),
        ("independence day", .fixed(month: 7, day: 4)), ("bastille day", .fixed(month: 7, day: 14)),
        ("halloween, halloween day", .fixed(month: 10, day: 31)),
        ("all saints day", .fixed(month: 11, day: 1)),
        ("guy fawkes night, bonfire night", .fixed(month: 11, day: 5)),
        ("veterans day, remembrance day, armistice day", .fixed(month: 11, day: 11)),
        ("st andrews day", .fixed(month: 11, day: 30)),
        (
            "mlk day, mlk, martin luther king day, martin luther kings day", .weekday(1, nth: 3, month: 1)
        ),
        ("presidents day, washingtons birthday", .weekday(1, nth: 3, month: 2)),
        ("mothers day", .weekday(7, nth: 2, month: 5)),
        ("memorial day", .weekday(1, nth: -1, month: 5)),
        ("fathers day", .weekday(7, nth: 3, month: 6)),
        ("labor day, labour day", .weekday(1, nth: 1, month: 9)),
        ("columbus day, indigenous peoples day", .weekday(1, nth: 2, month: 10)),
        ("thanksgiving, thanksgiving day", .weekday(4, nth: 4, month: 11)),
        ("spring bank holiday", .weekday(1, nth: -1, month: 5)),
        ("summer bank holiday, august bank holiday", .weekday(1, nth: -1, month: 8)),
        ("easter, easter sunday, easter day", .easter(0)), ("easter monday, easter mon", .easter(1)),
        ("good friday", .easter(-2)), ("maundy thursday, holy thursday", .easter(-3)),
        ("palm sunday", .easter(-7)), ("ash wednesday", .easter(-46)),
        ("shrove tuesday, pancake day, pancake tuesday, mardi gras", .easter(-47)),
        ("ascension day", .easter(39)), ("pentecost, whit sunday", .easter(49)),
        ("whit monday, pentecost monday", .easter(50)), ("corpus christi", .easter(60)),
    ]
}
