// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

@Suite struct StoreSettingsTests {
    @Test(arguments: [
        ("memory:", StoreSettings.Place.memory),
        ("sqlite:data/o.db", .sqlite(path: "/srv/data/o.db")),
        ("sqlite:/var/o.db", .sqlite(path: "/var/o.db")),
    ])
    func `a storage url names a place, relative to the folder of the tree`(
        url: String, place: StoreSettings.Place
    ) {
        #expect(StoreSettings(url: url, relativeTo: "/srv")?.place == place)
    }

    @Test(arguments: [
        "", "sqlite:", "sqlite:data/", "sqlite3:o.db", "memory", "memory:x", "mysql://x", "sqlite:a\0b",
    ])
    func `anything else is no storage url`(url: String) {
        #expect(StoreSettings(url: url, relativeTo: "/srv") == nil)
    }
}
