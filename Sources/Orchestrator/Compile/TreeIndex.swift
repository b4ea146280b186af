// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// All names that are global in a tree (DESIGN 3, rule 1), with what they stand for.
struct TreeIndex {
    var server: (config: ServerConfig, file: String)?
    var roles = Symbols<RoleConfig>("role")
    var channels = Symbols<ChannelConfig>("channel")
    var issuers = Symbols<IssuerConfig>("issuer")
    var providers = Symbols<ProviderConfig>("provider")
    var routes = Symbols<RouteConfig>("route")
    var prices: [Named<PriceConfig>] = []
    var queues = Symbols<QueueConfig>("queue")
    var collections = Symbols<CollectionConfig>("collection")
    var sets = Symbols<KnowledgeSetConfig>("knowledge set")
    var libraries = Symbols<(config: LibraryConfig, file: DecodedFile)>("library")
    var assistants = Symbols<(config: AssistantConfig, file: DecodedFile)>("assistant")
    var tests: [(TestsConfig, DecodedFile)] = []
    var overlays: [OverlayConfig] = []
    /// Floors compiled before.
    var floors = SafetyFloors()
    /// Libraries used in place of others.
    var replacements: [String: String] = [:]

    init(_ files: [DecodedFile], _ findings: inout LinkFindings) {
        for file in files {
            switch file.config {
            case .server(let config): add(config, file.path, &findings)
            case .routing(let config):
                config.providers.forEach { providers.declare($0.name, $0.value, &findings) }
                config.routes.forEach { routes.declare($0.name, $0.value, &findings) }
                prices += config.prices
            case .library(let config):
                libraries.declare(config.id, (config, file), &findings)
                config.queues.forEach { queues.declare($0.name, $0.value, &findings) }
            case .assistant(let config): assistants.declare(config.id, (config, file), &findings)
            case .records(let config):
                config.collections.forEach { collections.declare($0.name, $0.value, &findings) }
            case .knowledge(let config): config.sets.forEach { sets.declare($0.name, $0.value, &findings) }
            case .overlay(let config): overlays.append(config)
            case .tests(let config): tests.append((config, file))
            case nil: break
            }
        }
    }

    private mutating func add(_ config: ServerConfig, _ path: String, _ findings: inout LinkFindings) {
        if let first = server {
            let (extra, kept) = path.hasSuffix("/server.yaml") ? (first.file, path) : (path, first.file)
            findings.error(
                "server-twice", at: .top(of: extra), "the tree has two server files",
                help: "keep one of them", related: [.init(.top(of: kept), "the other one")])
        }
        if server == nil || path.hasSuffix("/server.yaml") { server = (config, path) }
        for role in config.roles where roles[role.name.value] == nil {
            roles.declare(role.name, role.value, &findings)
        }
        for issuer in config.auth?.issuers ?? [] where issuers[issuer.name.value] == nil {
            issuers.declare(issuer.name, issuer.value, &findings)
        }
        for channel in config.channels where channels[channel.name.value] == nil {
            channels.declare(channel.name, channel.value, &findings)
        }
        replacements = Dictionary(config.replace.map { ($0.name.value, $0.value.value) }) { first, _ in first
        }
    }

    /// The library that stands behind a name in `use`, after `replace`.
    func library(_ name: Located<String>, for user: String, _ findings: inout LinkFindings) -> (
        config: LibraryConfig, file: DecodedFile
    )? {
        if let replacement = replacements[name.value], let library = libraries[replacement] { return library }
        return libraries.resolve(name, for: user, &findings)
    }
}
