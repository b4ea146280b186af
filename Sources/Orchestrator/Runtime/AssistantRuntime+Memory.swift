// SPDX-License-Identifier: Apache-2.0
import Transport

extension AssistantRuntime {
    /// How many sockets must have left.
    private static let crowd = 1000
    private static let memoryRound = Duration.seconds(10)

    /// Gives memory back to the system after a crowd has left, until the task is cancelled.
    ///
    /// glibc keeps freed memory that lies below some in use: of 10,000 sockets most of what they took.
    static func returnMemory(after sockets: SocketDirectory) async {
        var seen = 0
        while !Task.isCancelled {
            let departures = sockets.departures
            if departures - seen >= crowd {
                EventLoopGroup.returnFreedMemory()
                seen = departures
            }
            try? await Task.sleep(for: memoryRound)
        }
    }
}
