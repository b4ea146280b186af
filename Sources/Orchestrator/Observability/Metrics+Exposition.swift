// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

extension Metrics {
    /// The content type of ``exposition()``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All values in Prometheus' text format, version 0.0.4.
    package func exposition() -> String {
        var text = ""
        let counters = [
            turns, emergencies, providerRequests, providerTokens, providerCost, reloads, messages,
            unstoredSafety, webhooks,
        ]
        for family in counters {
            Self.append(family, kind: "counter", to: &text)
        }
        for family in [revision, sockets, handoffs] { Self.append(family, kind: "gauge", to: &text) }
        for family in [turnSeconds, firstTokenSeconds, commitSeconds] { Self.append(family, to: &text) }
        return text
    }

    /// The same totals as one JSON object: metric, then label values joined by `/`.
    package func summary() -> JSON {
        var object = JSONObject()
        let families = [
            turns, emergencies, providerRequests, providerTokens, providerCost, reloads, messages, handoffs,
            sockets, webhooks,
        ]
        for family in families {
            var values = JSONObject()
            for series in family.all {
                values[series.labelValues.joined(separator: "/")] = .integer(series.value)
            }
            object[String(family.name.dropFirst("orchestrator_".count))] = .object(values)
        }
        object["safety_unstored_total"] = .integer(unstoredSafety.value([]) ?? 0)
        return .object(object)
    }

    private static func append(_ family: MetricFamily<Int>, kind: String, to text: inout String) {
        text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(kind)\n"
        for series in family.all {
            text += "\(family.name)\(labels(family.labels, series.labelValues)) \(series.value)\n"
        }
    }

    private static func append(_ family: MetricFamily<DurationCounts>, to text: inout String) {
        text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) histogram\n"
        for series in family.all {
            var below = 0
            for (index, count) in series.value.counts.enumerated() {
                below += count
                let bound = index < DurationCounts.bounds.count ? "\(DurationCounts.bounds[index])" : "+Inf"
                text += "\(family.name)_bucket{le=\"\(bound)\"} \(below)\n"
            }
            text += "\(family.name)_sum \(series.value.sum)\n\(family.name)_count \(below)\n"
        }
    }

    private static func labels(_ names: [String], _ values: [String]) -> String {
        guard !names.isEmpty else { return "" }
        let pairs = zip(names, values).map { "\($0)=\"\(escaped($1))\"" }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    private static func escaped(_ value: String) -> String {
        var out = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(character)
            }
        }
        return out
    }
}
