// SPDX-License-Identifier: Apache-2.0

extension ChannelDialect {
    /// Our own API.
    static let native = ChannelDialect(
        type: "native", keys: ["issuer", "assistants", "serves"], limits: Limits()
    ) { name, services in NativeChannel(services, name: name) }
}
