// SPDX-License-Identifier: Apache-2.0
import Intents

/// An ISO 8601 date, or date and time, as written: `2026-03-09`, `2026-03-09T10:00`,
/// `2026-03-09T10:00:00.5+01:00`.
///
/// The offset stays apart, because a date without one means something else to each reader.
struct ISODateTime: Sendable, Hashable {
    /// Milliseconds since 1970 read off the wall clock that was written, before the offset is applied.
    var localMilliseconds: Int
    /// Seconds east of UTC; nil when none was written.
    var offset: Int?
    /// False for a date alone.
    var hasTime: Bool

    /// Reads the whole text; nil when any of it is something else, or names a day or time that does not
    /// exist.
    init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2)
        else { return nil }
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        localMilliseconds = date.daysSinceEpoch * 86_400_000
        hasTime = false
        if reader.isAtEnd { return }
        guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let time = reader.timeOfDay() else {
            return nil
        }
        localMilliseconds += time
        hasTime = true
        if reader.isAtEnd { return }
        guard let east = reader.offset(), reader.isAtEnd else { return nil }
        offset = east
    }

    /// The instant, with this offset where none was written.
    func instant(assuming fallback: Int) -> Timestamp {
        Timestamp(milliseconds: localMilliseconds - (offset ?? fallback) * 1000)
    }

    /// `2026-03-09T10:00:00` with or without milliseconds, and what else names its offset.
    static func text(localMilliseconds: Int, milliseconds: Bool, offset: StaticString = "") -> String {
        let days = floor(localMilliseconds, 86_400_000)
        let rest = localMilliseconds - days * 86_400_000
        return DigitWriter.text { writer in
            writer.add(days: days)
            writer.add("T", rest / 3_600_000)
            writer.add(":", rest / 60_000 % 60)
            writer.add(":", rest / 1000 % 60)
            if milliseconds { writer.add(".", rest % 1000, width: 3) }
            writer.add(offset)
        }
    }

    /// `2026-03-09`.
    static func dateText(days: Int) -> String {
        DigitWriter.text { $0.add(days: days) }
    }

    /// `+01:00`; UTC is `+00:00`.
    static func offsetText(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        return DigitWriter.text { writer in
            writer.add(seconds < 0 ? "-" : "+", minutes / 60)
            writer.add(":", minutes % 60)
        }
    }

    /// Division that rounds towards the past, also before 1970.
    static func floor(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}

/// Writes numbers of fixed width, each behind the sign that parts it from the one before, straight into a string.
///
/// A message is told with its time, so this runs for each: joining strings took three times as long.
private struct DigitWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    private init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    /// At most 48 bytes, which is more than the longest year and all that may follow it.
    static func text(_ write: (inout DigitWriter) -> Void) -> String {
        String(unsafeUninitializedCapacity: 48) { bytes in
            var writer = DigitWriter(bytes)
            write(&writer)
            return writer.count
        }
    }

    mutating func add(days: Int) {
        let date = CivilDate(daysSinceEpoch: days)
        if date.year < 0 { add("-") }
        add(date.year.magnitude, width: 4)
        add("-", date.month)
        add("-", date.day)
    }

    mutating func add(_ sign: StaticString, _ value: Int, width: Int = 2) {
        add(sign)
        add(value.magnitude, width: width)
    }

    mutating func add(_ sign: StaticString) {
        for index in 0..<sign.utf8CodeUnitCount { add(sign.utf8Start[index]) }
    }

    private mutating func add(_ value: UInt, width: Int) {
        if width > 1 || value > 9 { add(value / 10, width: width - 1) }
        add(UInt8(ascii: "0") + UInt8(value % 10))
    }

    private mutating func add(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }
}

/// Reads fixed-width digits and single characters from the front of a text.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        guard rest.prefix(width).count == width else { return nil }
        var value = 0
        for byte in rest.prefix(width) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = rest.dropFirst(width)
        return value
    }

    /// Milliseconds since midnight of `10:00`, `10:00:30` or `10:00:30.25`.
    mutating func timeOfDay() -> Int? {
        guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60 else {
            return nil
        }
        var total = (hour * 60 + minute) * 60_000
        guard skip(":") else { return total }
        guard let second = number(2), second < 60 else { return nil }
        total += second * 1000
        guard skip(".") else { return total }
        guard let first = number(1) else { return nil }
        total += first * 100
        for scale in [10, 1] {
            guard let digit = number(1) else { return total }
            total += digit * scale
        }
        while number(1) != nil {}
        return total
    }

    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), hours < 24 else { return nil }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
