// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension ServerLinker {
    /// The policy for pages of other origins that `cors` asks for.
    static func cors(_ origins: [Located<String>], _ findings: inout LinkFindings) -> CORSPolicy {
        let origins = origins.filter { !$0.value.isEmpty }
        if origins.contains(where: { $0.value == "*" }) { return CORSPolicy(.any) }
        var listed: Set<String> = []
        for origin in origins {
            guard let exact = CORSPolicy.origin(origin.value) else {
                findings.error(
                    "origin-malformed", at: origin.range, "'\(origin.value)' is not an origin",
                    help: "write it as a browser's address bar begins, without a path: https://example.org")
                continue
            }
            listed.insert(exact)
        }
        return CORSPolicy(listed.isEmpty ? .none : .listed(listed))
    }

    /// The proxies that `listen.trusted_proxies` names.
    func proxies(_ findings: inout LinkFindings) -> TrustedProxies {
        var ranges: [AddressRange] = []
        for proxy in config.listen?.trustedProxies ?? [] where !proxy.value.isEmpty {
            guard let range = AddressRange(proxy.value) else {
                findings.error(
                    "proxy-malformed", at: proxy.range,
                    "'\(proxy.value)' is not an address or a range of them",
                    help: "write 10.0.0.7, 10.0.0.0/8 or ::1")
                continue
            }
            ranges.append(range)
        }
        return TrustedProxies(ranges)
    }
}

extension ServerLinker {
    // Files are found by their conversation alone, on whichever listener they are asked for.
    static func checkDirectory(of channel: Named<ChannelConfig>, _ findings: inout LinkFindings) {
        guard let directory = channel.value.limits?.upload?.directory else { return }
        findings.error(
            "upload-directory", at: directory.range,
            "the channel '\(channel.name.value)' cannot have a folder for files of its own",
            help: "write the folder under 'limits' of the server: limits: { upload: { directory: uploads } }")
    }
}
