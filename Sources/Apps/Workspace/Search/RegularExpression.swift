/// A regular expression for searching lines, matched by simulating its automaton: the time is at most pattern size × line length.
///
/// A backtracking engine would let a model's pattern (`(a+)+$`) stop the user's machine. What such engines add and an automaton cannot
/// do (back references, look-around) is refused by name. Otherwise the syntax is ECMA-262's: alternation, groups, classes, `* + ? {m,n}`
/// (lazy ones match the same lines), `^ $ \b \B \d \w \s . \t \xHH \uHHHH`.
struct RegularExpression: Sendable {
    enum Instruction: Sendable {
        case consume(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case lineStart
        case lineEnd
        case wordBoundary(isNegated: Bool)
        case match
    }

    private let program: [Instruction]
    private let isCaseSensitive: Bool

    init(_ pattern: String, isCaseSensitive: Bool) throws(ToolFailure) {
        var parser = RegularExpressionParser(pattern)
        let node = try parser.parse()
        var compiler = Compiler()
        try compiler.emit(node)
        program = compiler.program + [.match]
        self.isCaseSensitive = isCaseSensitive
    }

    /// The offset, in scalars, at which a match starts; nil when the line has none.
    func firstMatch(in line: [Unicode.Scalar]) -> Int? {
        var current = Threads(size: program.count)
        var next = Threads(size: program.count)
        for position in 0...line.count {
            // A match may start anywhere; threads that started earlier come first.
            if let start = add(0, start: position, at: position, of: line, to: &current) { return start }
            guard position < line.count else { return nil }
            next.removeAll()
            for thread in current.list {
                guard case .consume(let set) = program[thread.state], contains(set, line[position]) else { continue }
                if let start = add(thread.state + 1, start: thread.start, at: position + 1, of: line, to: &next) { return start }
            }
            swap(&current, &next)
        }
        return nil
    }

    private func contains(_ set: ScalarSet, _ scalar: Unicode.Scalar) -> Bool {
        if set.contains(scalar.value) { return true }
        guard !isCaseSensitive else { return false }
        let properties = scalar.properties
        for variant in [properties.lowercaseMapping, properties.uppercaseMapping] where variant.unicodeScalars.count == 1 {
            if let folded = variant.unicodeScalars.first, set.contains(folded.value) { return true }
        }
        return false
    }

    /// Adds a state and all that it reaches without consuming; returns the start when that includes the match.
    private func add(_ state: Int, start: Int, at position: Int, of line: [Unicode.Scalar], to threads: inout Threads) -> Int? {
        var pending = [state]
        while let state = pending.popLast() {
            guard threads.insert(state, start: start) else { continue }
            switch program[state] {
            case .match: return start
            case .consume: continue
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .lineStart: if position == 0 { pending.append(state + 1) }
            case .lineEnd: if position == line.count { pending.append(state + 1) }
            case .wordBoundary(let isNegated):
                let before = position > 0 && ScalarSet.word.contains(line[position - 1].value)
                let after = position < line.count && ScalarSet.word.contains(line[position].value)
                if (before != after) != isNegated { pending.append(state + 1) }
            }
        }
        return nil
    }

    /// The states the automaton is in, each once, in order of preference.
    private struct Threads {
        private(set) var list: [(state: Int, start: Int)] = []
        private var isMember: [Bool]

        init(size: Int) {
            isMember = [Bool](repeating: false, count: size)
        }

        mutating func insert(_ state: Int, start: Int) -> Bool {
            guard !isMember[state] else { return false }
            isMember[state] = true
            list.append((state, start))
            return true
        }

        mutating func removeAll() {
            for thread in list { isMember[thread.state] = false }
            list.removeAll(keepingCapacity: true)
        }
    }

    private struct Compiler {
        static let maximumSize = 4_000
        var program: [Instruction] = []

        mutating func emit(_ node: RegularExpressionParser.Node) throws(ToolFailure) {
            guard program.count < Self.maximumSize else {
                throw ToolFailure(.invalidArguments, "the regular expression is too large; make its repetitions smaller")
            }
            switch node {
            case .empty: break
            case .set(let set): program.append(.consume(set))
            case .assertion(let instruction): program.append(instruction)
            case .sequence(let nodes):
                for node in nodes { try emit(node) }
            case .alternatives(let nodes):
                try emitAlternatives(nodes)
            case .repetition(let node, let minimum, let maximum):
                for _ in 0..<minimum { try emit(node) }
                if let maximum {
                    try emitOptional(node, count: maximum - minimum)
                } else {
                    let split = program.count
                    program.append(.split(split + 1, 0))
                    try emit(node)
                    program.append(.jump(split))
                    program[split] = .split(split + 1, program.count)
                }
            }
        }

        private mutating func emitAlternatives(_ nodes: [RegularExpressionParser.Node]) throws(ToolFailure) {
            var ends: [Int] = []
            for (index, node) in nodes.enumerated() {
                let split = program.count
                let isLast = index == nodes.count - 1
                if !isLast { program.append(.split(split + 1, 0)) }
                try emit(node)
                guard !isLast else { break }
                ends.append(program.count)
                program.append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            for end in ends { program[end] = .jump(program.count) }
        }

        private mutating func emitOptional(_ node: RegularExpressionParser.Node, count: Int) throws(ToolFailure) {
            var splits: [Int] = []
            for _ in 0..<count {
                splits.append(program.count)
                program.append(.split(program.count + 1, 0))
                try emit(node)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }
}

/// Unicode scalars by ranges.
struct ScalarSet: Sendable, Equatable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    static let digit = ScalarSet(ranges: [0x30...0x39])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet(ranges: [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
        0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    static let any = ScalarSet(ranges: [0...0x10FFFF])

    static func scalar(_ scalar: Unicode.Scalar) -> ScalarSet { ScalarSet(ranges: [scalar.value...scalar.value]) }

    func contains(_ value: UInt32) -> Bool {
        ranges.contains { $0.contains(value) } != isNegated
    }

    var complement: ScalarSet { ScalarSet(ranges: ranges, isNegated: !isNegated) }

    /// The same set without negation, to be part of another one.
    var plainRanges: [ClosedRange<UInt32>] {
        guard isNegated else { return ranges }
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return result
    }
}
