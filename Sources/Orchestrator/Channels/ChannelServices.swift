// SPDX-License-Identifier: Apache-2.0

package import Transport
package import WireProtocols

/// What a channel is wired to.
package struct ChannelServices: Sendable {
    /// What the server runs on.
    package var snapshots: SnapshotStore
    /// Conversations.
    package var service: ConversationService
    /// Every socket of the process; the same one is the service's `alerts`.
    package var sockets: SocketDirectory
    /// Asked by `/ready`: throws when the store would take no write.
    package var store: any ConversationStore
    /// Reload, status and diagnostics.
    package var admin: any AdminControl
    /// What time it is.
    package var clock: any WallClock = SystemWallClock()
    /// What is counted.
    package var metrics = Metrics()
    /// Where rejections are told.
    package var log: any LogSink = SilentLog()
    /// Up, ready, stale.
    package var health = Health()
    /// Keys of visitors' tokens.
    package var visitors = VisitorKey()
    /// Files of conversations; nil takes none.
    package var files: FileStore?
    /// Whose tokens and keys prove nothing any more.
    package var directory = AccountDirectory(store: MemoryStore())
    /// People's accounts; nil for none.
    package var accounts: Accounts?
    /// Changes what channels let their staff change; nil changes nothing.
    package var live: LiveSettings?
    /// Calls the services that a channel passes things on to.
    package var client = HTTPClient()
    /// What opens the demo page; nil keeps it closed whatever the configuration says.
    package var demo: DemoAccess?

    /// Channels on these parts, with the machine's clock and no log.
    package init(
        snapshots: SnapshotStore, service: ConversationService, sockets: SocketDirectory,
        store: any ConversationStore, admin: any AdminControl
    ) {
        self.snapshots = snapshots
        self.service = service
        self.sockets = sockets
        self.store = store
        self.admin = admin
    }
}

/// What operators may ask of the server beyond conversations.
package protocol AdminControl: Sendable {
    /// Reads the configuration again; a dry run serves nothing new. The answer says what came of it.
    func reload(dryRun: Bool) async -> JSON
    /// The revision being served and the last changes.
    func status() async -> JSON
    /// What is wrong or doubtful in the files.
    func diagnostics() async -> JSON
}
