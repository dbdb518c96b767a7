import OperationsHandlers
import Synchronization

/// Something that a check asks: it works, fails, or says nothing until it is cancelled.
final class Dependency: Sendable {
    enum Mode {
        case works, fails, isSilent
    }

    struct Failure: Error, CustomStringConvertible {
        let description = "a driver's own text"
    }

    private struct State {
        var mode: Mode
        var asked = 0
        var hearing: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ mode: Mode = .works) { state = Mutex(State(mode: mode)) }

    /// How often it was asked.
    var asked: Int { state.withLock { $0.asked } }

    func become(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Returns once it has been asked.
    func whenAsked() async {
        await withCheckedContinuation { hearing in
            let wasAsked = state.withLock { state in
                if state.asked == 0 { state.hearing.append(hearing) }
                return state.asked > 0
            }
            if wasAsked { hearing.resume() }
        }
    }

    func check(_ name: String, isRequired: Bool = true) -> ReadinessCheck {
        ReadinessCheck(name, isRequired: isRequired, reason: "There is no \(name).") { try await self.ask() }
    }

    private func ask() async throws {
        let (mode, hearing) = state.withLock { state in
            defer { state.hearing = [] }
            state.asked += 1
            return (state.mode, state.hearing)
        }
        for hearing in hearing { hearing.resume() }
        switch mode {
        case .works: return
        case .fails: throw Failure()
        case .isSilent: try await Task.sleep(for: .seconds(600))
        }
    }
}
