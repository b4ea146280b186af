// SPDX-License-Identifier: Apache-2.0

/// `tls:` of a listener.
struct TLSConfig: ConfigMap {
    static let title = "'tls'"

    let certificate: Located<String>
    let key: Located<String>

    init(_ map: MapReader) {
        certificate = map.required(
            "certificate", .text,
            "A PEM file with the certificate, then those above it; relative to the folder that holds bots/.")
        key = map.required(
            "key", .text,
            "A PEM file with its key, without a password; relative to the folder that holds bots/."
        )
    }

    /// Where to find the two.
    var files: TLSFiles {
        TLSFiles(
            certificate: certificate.value, key: key.value, certificateRange: certificate.range,
            keyRange: key.range)
    }
}
