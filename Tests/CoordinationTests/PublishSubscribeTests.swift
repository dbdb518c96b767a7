import Coordination
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import TestServers
import Testing

@Suite("Publish and subscribe", .redis, .serialized)
struct PublishSubscribeTests {
    private func with(
        _ implementation: Implementation, _ limits: PublishSubscribeLimits = PublishSubscribeLimits(),
        _ body: @Sendable (any PublishSubscribe) async throws -> Void
    ) async throws {
        switch implementation {
        case .memory: try await body(MemoryPublishSubscribe(limits: limits))
        case .redis: try await RedisTrait.withClient { try await body(RedisPublishSubscribe($0, limits: limits)) }
        }
    }

    @Test("Everybody who listens hears it, in order, and nobody else", arguments: Implementation.allCases)
    func delivery(_ implementation: Implementation) async throws {
        try await with(implementation) { bus in
            try await bus.publish([0], to: "news")
            try await bus.withSubscription(to: ["news", "\u{301}a\0\r\n", "news"]) { first in
                try await bus.withSubscription(to: ["news"]) { second in
                    for number in 0..<100 { try await bus.publish([UInt8(number)], to: "news") }
                    try await bus.publish([255], to: "\u{301}a\0\r\n")
                    try await bus.publish([254], to: "other")
                    for number in 0..<100 {
                        let expected = Subscription.Event.message(channel: "news", payload: [UInt8(number)])
                        #expect(try await first.next() == expected)
                        #expect(try await second.next() == expected)
                    }
                    #expect(try await first.next() == .message(channel: "\u{301}a\0\r\n", payload: [255]))
                    try await bus.publish([1], to: "news")
                    #expect(try await second.next() == .message(channel: "news", payload: [1]))
                }
            }
        }
    }

    @Test("Any bytes arrive as they are; what is too large or has no proper name does not", arguments: Implementation.allCases)
    func payloads(_ implementation: Implementation) async throws {
        try await with(implementation) { bus in
            let name = String(repeating: "n", count: 512)
            try await bus.withSubscription(to: [name]) { subscription in
                for payload in hostilePayloads {
                    try await bus.publish(payload, to: name)
                    #expect(try await subscription.next() == .message(channel: name, payload: payload))
                }
            }
            await #expect(throws: PublishSubscribeFailure.payloadTooLarge) {
                try await bus.publish(Array(repeating: 0, count: 1 << 20 + 1), to: name)
            }
            for name in ["", name + "n"] {
                await #expect(throws: CoordinationNameFailure()) { try await bus.publish([], to: name) }
                await #expect(throws: CoordinationNameFailure()) { try await bus.withSubscription(to: [name]) { _ in } }
            }
            for names in [[], (0...64).map(String.init)] {
                await #expect(throws: PublishSubscribeFailure.channelCountOutOfRange) { try await bus.withSubscription(to: names) { _ in } }
            }
        }
    }

    @Test("A subscriber that is too slow loses the oldest, and is told so", arguments: Implementation.allCases)
    func slowSubscriber(_ implementation: Implementation) async throws {
        try await with(implementation, PublishSubscribeLimits(capacity: 4)) { bus in
            try await bus.withSubscription(to: ["news"]) { slow in
                try await bus.withSubscription(to: ["news"]) { quick in
                    for number in 0..<200 {
                        try await bus.publish([UInt8(number)], to: "news")
                        #expect(try await quick.next() == .message(channel: "news", payload: [UInt8(number)]))
                    }
                }
                // On Redis, both have connections of their own: the last message is there when the slow one's has come too.
                var seen: [Subscription.Event] = []
                repeat { seen.append(try await slow.next()) } while seen.last != .message(channel: "news", payload: [199])
                #expect(seen.contains(.gap) && seen.count < 201)
                let numbers = seen.compactMap { if case .message(_, let payload) = $0 { payload.first } else { nil } }
                #expect(numbers == numbers.sorted())
            }
        }
    }

    @Test("What waits for a subscriber is bounded in bytes, too")
    func bytes() async throws {
        let buffer = SubscriptionBuffer(PublishSubscribeLimits(capacity: 100, capacityBytes: 1000))
        for number in 0..<50 { buffer.offer(.message(channel: "c", payload: Array(repeating: UInt8(number), count: 99))) }
        #expect(buffer.count == 10)
        #expect(try await buffer.next() == .gap)
        #expect(try await buffer.next() == .message(channel: "c", payload: Array(repeating: 40, count: 99)))
        buffer.offer(.message(channel: "c", payload: Array(repeating: 0, count: 2000)))
        #expect(buffer.count == 0)
        buffer.offer(.gap)
        #expect(try await buffer.next() == .gap)
        buffer.offer(.message(channel: "c", payload: []))
        #expect(try await buffer.next() == .message(channel: "c", payload: []))
    }

    @Test("Waiting ends with the task, and one task reads", arguments: Implementation.allCases)
    func cancellation(_ implementation: Implementation) async throws {
        try await with(implementation) { bus in
            try await bus.withSubscription(to: ["news"]) { subscription in
                let (first, second) = (Task { try await subscription.next() }, Task { try await subscription.next() })
                // One of them waits, the other one fails; which one, is open.
                let results = await withTaskGroup(of: Bool.self) { group in
                    for task in [first, second] {
                        group.addTask {
                            if case .failure(let error) = await task.result {
                                first.cancel()
                                second.cancel()
                                return error as? PublishSubscribeFailure == .alreadyReading
                            }
                            return false
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.count(where: \.self) == 1)
                try await bus.publish([1], to: "news")
                #expect(try await subscription.next() == .message(channel: "news", payload: [1]))
            }
            let whole = Task { try await bus.withSubscription(to: ["news"]) { try await $0.next() } }
            whole.cancel()
            await #expect(throws: CancellationError.self) { try await whole.value }
        }
    }

    @Test("Subscriptions are bounded, and make room when they end", arguments: Implementation.allCases)
    func bounds(_ implementation: Implementation) async throws {
        try await with(implementation, PublishSubscribeLimits(maximumSubscriptions: 2)) { bus in
            for _ in 0..<3 {
                try await bus.withSubscription(to: ["a"]) { _ in
                    try await bus.withSubscription(to: ["a"]) { _ in
                        _ = await #expect(throws: TooManyWaiting()) { try await bus.withSubscription(to: ["a"]) { _ in } }
                    }
                }
            }
        }
    }
}
