// SPDX-License-Identifier: Apache-2.0

/// Keys of everything that is called over HTTP, whichever thing it is.
extension MapReader {
    func connectTimeout() -> Located<Duration> {
        value("connect_timeout", .duration, default: "1s", "To connect, TLS included.")
    }

    func privateNetworks() -> [Located<String>] {
        optional(
            "private_networks", .list(.text),
            "Private addresses its name may lead to, as `10.0.0.0/8`; without it none but those of its own `url`."
        ) ?? []
    }

    func certificates() -> Located<String>? {
        optional(
            "certificates", .text,
            "A file of certificates trusted in place of the system's, relative to the folder that holds bots/."
        )
    }
}
