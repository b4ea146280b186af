// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let cxx: [CXXSetting] = [.unsafeFlags(["-std=c++20", "-O2", "-fvisibility=hidden"])]

let package = Package(
    name: "orchestratord",
    products: [.executable(name: "orchestratord", targets: ["orchestratord"])],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "CBeast", cxxSettings: cxx,
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto"), .linkedLibrary("stdc++")]),
        .target(
            name: "CRE2", cxxSettings: cxx, linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .target(name: "Diagnostics", swiftSettings: swift),
        .target(name: "YAMLTree", dependencies: ["CYAML", "Diagnostics"], swiftSettings: swift),
        .target(
            // Optimised in debug builds too: its own tests take 1.6 s so, 10.6 s otherwise.
            name: "Intents", dependencies: ["CRE2"],
            swiftSettings: swift + [.unsafeFlags(["-O"], .when(configuration: .debug))],
            linkerSettings: [.linkedLibrary("m")]),
        // The standard library's rounding calls into libm, which nothing else here would link.
        .target(name: "WireProtocols", swiftSettings: swift, linkerSettings: [.linkedLibrary("m")]),
        .target(name: "Transport", dependencies: ["CBeast", "CCurl", "WireProtocols"], swiftSettings: swift),
        .target(
            name: "Orchestrator",
            dependencies: [
                "CCrypt", "COpenSSL", "CRE2", "CSQLite", "Diagnostics", "Intents", "Transport",
                "WireProtocols",
                "YAMLTree",
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "orchestratord",
            dependencies: ["Diagnostics", "Orchestrator", "Transport", "WireProtocols", "YAMLTree"],
            swiftSettings: swift),
        .executableTarget(
            name: "transport-bench", dependencies: ["Transport"], path: "Benchmarks/TransportServer",
            swiftSettings: swift),
        .executableTarget(
            name: "turn-bench", dependencies: ["Intents", "Orchestrator"], path: "Benchmarks/TurnPipeline",
            swiftSettings: swift),
        .executableTarget(
            name: "protocol-echo", dependencies: ["Transport", "WireProtocols"], path: "Tests/ProtocolEcho",
            swiftSettings: swift),
        .target(
            name: "OrchestratorTesting",
            dependencies: [
                "Diagnostics", "Intents", "Orchestrator", "Transport", "WireProtocols", "YAMLTree",
            ],
            swiftSettings: swift),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: swift),
        .testTarget(name: "YAMLTreeTests", dependencies: ["Diagnostics", "YAMLTree"], swiftSettings: swift),
        .testTarget(name: "IntentsTests", dependencies: ["Intents"], swiftSettings: swift),
        .testTarget(name: "WireProtocolsTests", dependencies: ["WireProtocols"], swiftSettings: swift),
        .testTarget(
            name: "TransportTests", dependencies: ["Transport", "WireProtocols"], swiftSettings: swift),
        .testTarget(
            name: "OrchestratorTests",
            dependencies: [
                "CSQLite", "Diagnostics", "Intents", "Orchestrator", "OrchestratorTesting", "Transport",
                "WireProtocols", "YAMLTree",
            ],
            swiftSettings: swift),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)
