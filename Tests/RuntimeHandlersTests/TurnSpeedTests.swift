import APISupport
import FoundationEssentials
import RuntimeAPI
import RuntimeHandlers
import SQLiteInfrastructure
import Testing

@Suite("The runtime's own share of a turn", .timeLimit(.minutes(1)))
struct TurnSpeedTests {
    /// A generous bound for debug builds on loaded machines; it catches polling and quadratic work, not percents.
    @Test("A text turn with an instantaneous model takes milliseconds, storing it in a file included")
    func textTurn() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-runtime-\(UUID().uuidString)")
        let database = try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path)
        defer {
            do {
                try database.close()
                try FileManager.default.removeItem(at: folder)
            } catch {
                Issue.record(error)
            }
        }
        let count = 50
        let answers = Array(repeating: ScriptedModelClient.Answer.text("One ", "two ", "three."), count: count)
        try await RuntimeHarness.run(answers, repository: try SQLiteSessionRepository(database)) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            var durations: [Duration] = []
            for _ in 0..<count {
                let start = ContinuousClock.now
                try await runtime.say("Go.", into: session)
                #expect(try await reader.turn().last?.type == "turn_completed")
                durations.append(ContinuousClock.now - start)
            }
            let median = durations.sorted()[count / 2]
            print("A text turn in the runtime: median \(median)")
            #expect(median < .milliseconds(50))
        }
    }
}
