// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension Mailbox {
    /// Typing that is not repeated for so long has stopped.
    static let typingLasts = Duration.seconds(10)
    /// Typing that goes on is told this often at most.
    static let typingPause = Duration.seconds(3)

    /// One person who types.
    struct Typist {
        var toldAt: Timestamp
        var until: Timestamp
    }

    /// Notes that someone types or has stopped, and tells the others what is news; true when it has to be watched for
    /// its end.
    func type(_ on: Bool, by user: String, at now: Timestamp) -> Bool {
        let (isNews, isFirst) = state.withLock { state -> (Bool, Bool) in
            let known = state.typists[user]
            guard on else {
                state.typists[user] = nil
                return (known != nil, false)
            }
            let isNews = known.map { now - $0.toldAt >= Self.typingPause } ?? true
            state.typists[user] = Typist(
                toldAt: isNews ? now : known?.toldAt ?? now, until: now + Self.typingLasts)
            return (isNews, known == nil)
        }
        if isNews { publish(.typing(user: user, on: on)) }
        return isFirst
    }

    /// Ends typing that was not repeated; how long to wait for what may end next, nil when nobody types.
    func endTyping(of user: String, at now: Timestamp) -> Duration? {
        let rest: Duration? = state.withLock { state in
            guard let typist = state.typists[user] else { return nil }
            guard typist.until <= now else { return typist.until - now }
            state.typists[user] = nil
            return .zero
        }
        guard let rest, rest == .zero else { return rest }
        publish(.typing(user: user, on: false))
        return nil
    }
}

extension ConversationService {
    /// Tells the others that someone is typing.
    ///
    /// Nothing is stored. It ends when they write, leave, or do not repeat it for ten seconds.
    package func typing(_ on: Bool, in id: String, caller: Caller) async throws(ServiceError) {
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        guard mailbox.type(on, by: caller.user, at: settings.clock.now()) else { return }
        watchTyping(of: caller.user, in: mailbox)
    }

    /// Someone has written or left.
    func stopTyping(_ user: String, in mailbox: Mailbox) {
        _ = mailbox.type(false, by: user, at: settings.clock.now())
    }

    // Ends when the typing has; the mailbox stays in memory until then.
    private func watchTyping(of user: String, in mailbox: Mailbox) {
        let mailbox = directory.checkOutResident(mailbox.id) ?? mailbox
        Task { [settings, directory] in
            var rest: Duration? = Mailbox.typingLasts
            while let wait = rest {
                guard (try? await settings.delay.wait(wait)) != nil else { break }
                rest = mailbox.endTyping(of: user, at: settings.clock.now())
            }
            directory.checkIn(mailbox)
        }
    }
}
