/// A regular expression compiled: instructions of an automaton, and one more automaton for each place that looks ahead or behind.
///
/// An automaton is in all of its states at once (Thompson's construction), so that a text is passed once, whatever is in it. A place that looks
/// ahead is decided for all positions beforehand, by an automaton of the reversed expression that passes the text from its end.
struct ExpressionProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes a character of a set.
        case set(Int)
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case boundary(isNegated: Bool)
        case look(Int, isNegated: Bool)
        case match
    }

    struct Automaton: Sendable {
        var instructions: [Instruction] = []
        /// Passes the text from its end.
        var isReversed = false
        /// Need not be begun anywhere but at the start of the text.
        var isAnchored = false
    }

    /// Of all automata of a program together.
    static let mostInstructions = 50_000

    private(set) var main = Automaton()
    /// Those that others ask for before these.
    private(set) var looks: [Automaton] = []
    let sets: [ScalarSet]
    private var count = 0

    init(_ source: String) throws(ExpressionError) {
        let (node, sets) = try ExpressionParser.parse(source)
        self.sets = sets
        main = try automaton(node, isReversed: false)
        main.isAnchored = node.isAnchored
    }

    private mutating func automaton(_ node: ExpressionNode, isReversed: Bool) throws(ExpressionError) -> Automaton {
        var automaton = Automaton(isReversed: isReversed)
        try add(node, to: &automaton)
        try append(.match, to: &automaton)
        return automaton
    }

    private mutating func append(_ instruction: Instruction, to automaton: inout Automaton) throws(ExpressionError) {
        count += 1
        guard count <= Self.mostInstructions else {
            throw ExpressionError(reason: "its counted repetitions make more than \(Self.mostInstructions) states", isUnsupported: true)
        }
        automaton.instructions.append(instruction)
    }

    private mutating func add(_ node: ExpressionNode, to automaton: inout Automaton) throws(ExpressionError) {
        switch node {
        case .empty: break
        case .set(let set): try append(.set(set), to: &automaton)
        case .sequence(let nodes):
            for node in automaton.isReversed ? nodes.reversed() : nodes { try add(node, to: &automaton) }
        case .alternatives(let branches): try addAlternatives(branches, to: &automaton)
        case .repetition(let node, let minimum, let maximum):
            try addRepetition(node, minimum: minimum, maximum: maximum, to: &automaton)
        case .start: try append(.start, to: &automaton)
        case .end: try append(.end, to: &automaton)
        case .boundary(let isNegated): try append(.boundary(isNegated: isNegated), to: &automaton)
        case .look(let node, let isAhead, let isNegated):
            let look = try self.automaton(node, isReversed: isAhead)
            looks.append(look)
            try append(.look(looks.count - 1, isNegated: isNegated), to: &automaton)
        }
    }

    private mutating func addAlternatives(_ branches: [ExpressionNode], to automaton: inout Automaton) throws(ExpressionError) {
        var exits: [Int] = []
        for branch in branches.dropLast() {
            let split = automaton.instructions.count
            try append(.split(split + 1, 0), to: &automaton)
            try add(branch, to: &automaton)
            exits.append(automaton.instructions.count)
            try append(.jump(0), to: &automaton)
            automaton.instructions[split] = .split(split + 1, automaton.instructions.count)
        }
        if let last = branches.last { try add(last, to: &automaton) }
        for exit in exits { automaton.instructions[exit] = .jump(automaton.instructions.count) }
    }

    private mutating func addRepetition(
        _ node: ExpressionNode, minimum: Int, maximum: Int?, to automaton: inout Automaton
    ) throws(ExpressionError) {
        for _ in 0..<minimum {
            let start = automaton.instructions.count
            try add(node, to: &automaton)
            // What takes no instruction is the same however often it is there.
            if automaton.instructions.count == start { return }
        }
        guard let maximum else {
            let loop = automaton.instructions.count
            try append(.split(loop + 1, 0), to: &automaton)
            try add(node, to: &automaton)
            try append(.jump(loop), to: &automaton)
            automaton.instructions[loop] = .split(loop + 1, automaton.instructions.count)
            return
        }
        var exits: [Int] = []
        for _ in minimum..<maximum {
            exits.append(automaton.instructions.count)
            try append(.split(0, 0), to: &automaton)
            try add(node, to: &automaton)
        }
        for exit in exits { automaton.instructions[exit] = .split(exit + 1, automaton.instructions.count) }
    }
}
