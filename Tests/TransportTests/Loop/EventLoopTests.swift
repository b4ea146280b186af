// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1)))
struct EventLoopTests {
    private actor Witness {
        func isOn(_ loop: EventLoop) -> Bool { loop.isCurrent }
    }

    private final class Order: Sendable {
        private let state = Mutex<[String]>([])
        var words: [String] { state.withLock { $0 } }
        /// Asks for the executor that its task prefers, as code of another module may.
        @concurrent func note(_ word: String) async { state.withLock { $0.append(word) } }
    }

    private func withLoop(_ body: (EventLoop) async throws -> Void) async rethrows {
        let group = EventLoopGroup(loops: 1)
        group.start()
        try await body(group.next())
        await group.stop()
    }

    @Test func `tasks and actors that prefer a loop run on its thread`() async {
        await withLoop { loop in
            #expect(!loop.isCurrent)
            #expect(await Task(executorPreference: loop) { loop.isCurrent }.value)
            let witness = Witness()
            #expect(await Task(executorPreference: loop) { await witness.isOn(loop) }.value)
            let stays = Task(executorPreference: loop) {
                try? await Task.sleep(for: .milliseconds(1))
                return loop.isCurrent
            }
            #expect(await stays.value)
        }
    }

    @Test func `calls that do not wait keep their turn on the loop`() async {
        await withLoop { loop in
            let order = Order()
            let first = Task(executorPreference: loop) {
                let second = Task(executorPreference: loop) { await order.note("second") }
                for _ in 0..<3 { await order.note("first") }
                await second.value
            }
            await first.value
            #expect(order.words == ["first", "first", "first", "second"])
        }
    }

    @Test func `a timer fires on the loop, a cancelled one never`() async {
        await withLoop { loop in
            let fired = Signal()
            let order = Mutex<[Int]>([])
            let never = loop.after(.milliseconds(10)) { order.withLock { $0.append(0) } }
            loop.after(.milliseconds(30)) {
                order.withLock { $0.append(loop.isCurrent ? 2 : -1) }
                fired.set()
            }
            loop.after(.zero) { order.withLock { $0.append(1) } }
            never.cancel()
            await fired.wait()
            #expect(order.withLock { $0 } == [1, 2])
        }
    }

    @Test func `sleeping ends at once when cancelled`() async {
        await withLoop { loop in
            let sleeper = Task {
                do { try await loop.sleep(for: .seconds(3600)) } catch { return true }
                return false
            }
            sleeper.cancel()
            #expect(await sleeper.value)
            await #expect(throws: Never.self) { try await loop.sleep(for: .milliseconds(1)) }
        }
    }

    @Test func `loops take turns`() {
        let group = EventLoopGroup(loops: 2)
        let order = (0..<4).map { _ in group.next() === group.loops[0] }
        #expect(order == [true, false, true, false])
    }

    @Test func `what is left when the threads stop still finishes`() async {
        let group = EventLoopGroup(loops: 1)
        group.start()
        let (release, task) = (Signal(), group.next())
        let left = Task(executorPreference: task) {
            await release.wait()
            return 7
        }
        await group.stop()
        release.set()
        #expect(await left.value == 7)
    }
}
