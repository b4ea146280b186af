// SPDX-License-Identifier: Apache-2.0

package import Transport

/// Another system that is told what happens in conversations.
package struct Webhook: Sendable {
    /// The webhook's name.
    package var name: String
    /// Where it is told.
    package var url: String
    /// What signs it, newest first; each makes a signature.
    package var keys: [Secret]
    /// What it is told of.
    package var events: Set<WebhookEvent.Kind>
    /// For one attempt.
    package var timeout = Duration.seconds(5)
    /// For one connection.
    package var connectTimeout = Duration.seconds(1)
    /// After so many that failed it is given up.
    package var attempts = 10
    /// So much waits; then the oldest is given up.
    package var backlog = 1000
    /// Where it may be.
    package var destinations = AllowedDestinations.any
    /// Certificates trusted in place of the system's, relative to the folder that holds `bots/`.
    package var certificates: String?

    /// A webhook of that name and address.
    package init(name: String, url: String, keys: [Secret], events: Set<WebhookEvent.Kind>) {
        (self.name, self.url, self.keys, self.events) = (name, url, keys, events)
    }
}
