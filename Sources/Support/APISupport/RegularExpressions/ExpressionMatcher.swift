/// Looks for a match of a program in one text.
///
/// Time is at most the product of the program's and the text's length, and is counted: each look at a state for a character is a step.
struct ExpressionMatcher {
    private let program: ExpressionProgram
    private let text: [UInt32]
    /// For each automaton that looks ahead or behind, the positions where it finds something.
    private var found: [[Bool]] = []
    private var steps: Int
    /// The states before the next character, and whether the automaton has come to its end there.
    private var states: [Int] = []
    private var isMatched = false
    /// When a state was last entered.
    private var visits: [UInt32] = []
    private var visit: UInt32 = 0
    private var pending: [Int] = []

    /// Whether some part of `text` matches; nil when it would take more than `steps`, which are counted down.
    static func match(_ program: ExpressionProgram, _ text: String, steps: inout Int) -> Bool? {
        var matcher = ExpressionMatcher(program: program, text: text.unicodeScalars.map(\.value), steps: steps)
        let result = matcher.match()
        steps = matcher.steps
        return matcher.steps < 0 ? nil : result
    }

    private init(program: ExpressionProgram, text: [UInt32], steps: Int) {
        self.program = program
        self.text = text
        self.steps = steps
    }

    private mutating func match() -> Bool {
        for look in program.looks {
            var positions = [Bool](repeating: false, count: text.count + 1)
            run(look) { position in
                positions[position] = true
                return false
            }
            guard steps >= 0 else { return false }
            found.append(positions)
        }
        var isFound = false
        run(program.main) { _ in
            isFound = true
            return true
        }
        return isFound
    }

    /// Runs an automaton that may begin at every position. `report` is told where it ends, and says whether that is enough.
    private mutating func run(_ automaton: ExpressionProgram.Automaton, _ report: (Int) -> Bool) {
        let instructions = automaton.instructions
        let isReversed = automaton.isReversed
        visits = [UInt32](repeating: 0, count: instructions.count)
        visit = 0
        states.removeAll(keepingCapacity: true)
        var current: [Int] = []
        var position = isReversed ? text.count : 0
        begin(at: position, instructions)
        while true {
            if isMatched, report(position) { return }
            if isReversed ? position == 0 : position == text.count { return }
            swap(&current, &states)
            states.removeAll(keepingCapacity: true)
            let scalar = isReversed ? text[position - 1] : text[position]
            position += isReversed ? -1 : 1
            nextVisit()
            isMatched = false
            for state in current {
                guard case .set(let set) = instructions[state] else { continue }
                steps -= 1
                if program.sets[set].contains(scalar) { enter(state + 1, at: position, instructions) }
            }
            if !automaton.isAnchored { enter(0, at: position, instructions) }
            guard steps >= 0 else { return }
            if automaton.isAnchored, states.isEmpty, !isMatched { return }
        }
    }

    private mutating func begin(at position: Int, _ instructions: [ExpressionProgram.Instruction]) {
        nextVisit()
        isMatched = false
        enter(0, at: position, instructions)
    }

    private mutating func nextVisit() {
        // A text is far shorter than the counter goes.
        visit &+= 1
    }

    /// Enters a state, and all that follow from it without a character.
    private mutating func enter(_ state: Int, at position: Int, _ instructions: [ExpressionProgram.Instruction]) {
        pending.append(state)
        while let state = pending.popLast() {
            steps -= 1
            guard visits[state] != visit else { continue }
            visits[state] = visit
            switch instructions[state] {
            case .set: states.append(state)
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .start: if position == 0 { pending.append(state + 1) }
            case .end: if position == text.count { pending.append(state + 1) }
            case .boundary(let isNegated): if isBoundary(position) != isNegated { pending.append(state + 1) }
            case .look(let look, let isNegated): if found[look][position] != isNegated { pending.append(state + 1) }
            case .match: isMatched = true
            }
        }
    }

    private func isBoundary(_ position: Int) -> Bool {
        let before = position > 0 && ScalarSet.isWordCharacter(text[position - 1])
        let after = position < text.count && ScalarSet.isWordCharacter(text[position])
        return before != after
    }
}
