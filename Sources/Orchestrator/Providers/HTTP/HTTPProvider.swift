// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// A provider at the other end of an HTTP connection, whatever dialect it speaks.
struct HTTPProvider: Provider {
    /// The name it is configured under.
    let name: String
    let canContinue: Bool
    let dialect: any VendorDialect
    let exchange: VendorExchange

    /// A provider of these settings that speaks this dialect.
    init(_ settings: ProviderSettings, _ dialect: any VendorDialect, client: HTTPClient, clock: any WallClock)
    {
        name = settings.name
        self.dialect = dialect
        canContinue = ProviderType.named(settings.type)?.capabilities.contains(.resume) ?? false
        exchange = VendorExchange(settings: settings, client: client, clock: clock)
    }

    func answer(
        _ request: ProviderRequest, stream: AnswerStream
    ) async throws(ProviderError) -> ProviderAnswer {
        var reading = VendorReading(reader: dialect.reader(), stream: stream, provider: name)
        try await exchange.run(dialect.call(for: request), into: &reading)
        return try reading.answer()
    }
}
