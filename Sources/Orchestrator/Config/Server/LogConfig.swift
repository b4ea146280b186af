// SPDX-License-Identifier: Apache-2.0

/// What is logged, and where.
struct LogConfig: ConfigMap {
    static let title = "'log'"

    let level: Located<String>
    let requests: Located<String>
    let file: Located<String>?
    let rotateBytes: Located<Int>
    let keep: Located<Int>

    init(_ map: MapReader) {
        level = map.value(
            "level", .word(LogLevel.allCases.map(\.rawValue)), default: "info", "Lines below are left out.")
        requests = map.value(
            "requests", .word(LogSettings.Requests.allCases.map(\.rawValue)), default: "sampled",
            "Which requests get a line: `none` but those turned away, `sampled` at most ten a second, `all`.")
        file = map.optional(
            "file", .text,
            "A file, relative to the folder that holds bots/; without it lines go to standard error.")
        rotateBytes = map.value(
            "rotate_bytes", .integer(4_096...17_179_869_184), default: "67108864",
            "The file is begun anew before it grows over so many bytes.")
        keep = map.value("keep", .integer(0...1_000), default: "5", "Old files that stay, as FILE.1 and on.")
    }

    var settings: LogSettings {
        var settings = LogSettings()
        settings.level = LogLevel(rawValue: level.value) ?? settings.level
        settings.requests = LogSettings.Requests(rawValue: requests.value) ?? settings.requests
        settings.file = file.flatMap { $0.value.isEmpty ? nil : $0.value }
        settings.rotateBytes = rotateBytes.value
        settings.keep = keep.value
        return settings
    }
}
