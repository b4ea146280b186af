// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

struct RequestLimiterTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let limit: RequestLimit = {
        var limit = RequestLimit()
        limit.max = 3
        limit.per = .seconds(60)
        return limit
    }()

    @Test func `each answer says what is left and when there is all of it again`() {
        let limiter = RequestLimiter()
        #expect(limiter.admit("a", limit, now: start) == .admitted(.init(limit: 3, remaining: 2, reset: 61)))
        #expect(
            limiter.admit("a", limit, now: start + .seconds(30))
                == .admitted(.init(limit: 3, remaining: 1, reset: 31)))
        _ = limiter.admit("a", limit, now: start + .seconds(30))
        #expect(
            limiter.admit("a", limit, now: start + .seconds(30))
                == .refused(.init(limit: 3, remaining: 0, reset: 31)))
    }

    @Test func `one more than the limit is refused with the time to wait`() {
        let limiter = RequestLimiter()
        for _ in 0..<3 { #expect(limiter.admit("a", limit, now: start).isAdmitted) }
        #expect(limiter.admit("a", limit, now: start).wait == 61)
        #expect(limiter.admit("b", limit, now: start).isAdmitted)
    }

    @Test func `the last window fades as the present one passes`() {
        let limiter = RequestLimiter()
        for _ in 0..<3 { _ = limiter.admit("a", limit, now: start) }
        #expect(limiter.admit("a", limit, now: start + .seconds(60)).wait == 61)
        #expect(limiter.admit("a", limit, now: start + .seconds(75)).isAdmitted)
        #expect(limiter.admit("a", limit, now: start + .seconds(75)).wait == 46)
        #expect(limiter.admit("a", limit, now: start + .seconds(300)).isAdmitted)
    }

    @Test func `a flood limit is a multiple of the limit`() {
        let limiter = RequestLimiter()
        let admitted = (0..<100).filter { _ in limiter.admit("a", limit, factor: 20, now: start).isAdmitted
        }
        #expect(admitted.count == 60)
    }

    @Test func `keys beyond the most share one count`() {
        let limiter = RequestLimiter(maxKeys: 2)
        for key in ["a", "b"] { #expect(limiter.admit(key, limit, now: start).isAdmitted) }
        let admitted = (0..<10).filter { limiter.admit("new \($0)", limit, now: start).isAdmitted }
        #expect(admitted.count == 3)
        #expect(limiter.admit("a", limit, now: start).isAdmitted)
    }

    @Test func `another length or a clock stepping back begins anew`() {
        let limiter = RequestLimiter()
        for _ in 0..<4 { _ = limiter.admit("a", limit, now: start) }
        var other = limit
        other.per = .seconds(10)
        #expect(limiter.admit("a", other, now: start).isAdmitted)
        #expect(limiter.admit("a", other, now: start - .seconds(5)).isAdmitted)
    }
}

extension RequestLimiter.Decision {
    fileprivate var isAdmitted: Bool { wait == nil }

    fileprivate var wait: Int? {
        if case .refused(let quota) = self { quota.reset } else { nil }
    }
}
