/// A file name pattern: `*` and `?` within a name, `**` over folders, `[a-z]`, `[!x]`, `{swift,md}`.
///
/// A pattern without `/` is for the name alone (`*.swift` finds any depth), one with `/` for the path from the folder the tool was given.
/// Matching takes at most pattern length × path length steps for each alternative; there is no pattern that takes longer.
struct Glob: Sendable {
    private enum Token: Equatable {
        case scalar(Unicode.Scalar)
        case anyScalar
        case anyName
        case anyPath
        /// `**/`: no folder or any folders, each with its slash.
        case anyFolders
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    static let maximumLength = 256
    /// `{a,b}{c,d}` multiplies: a bound on what comes out.
    static let maximumAlternatives = 64

    private let alternatives: [[Token]]
    private let isForName: Bool

    init(_ pattern: String) throws(ToolFailure) {
        guard !pattern.isEmpty, pattern.utf8.count <= Self.maximumLength else {
            throw ToolFailure(.invalidArguments, "a file pattern has 1 to \(Self.maximumLength) bytes")
        }
        isForName = !pattern.utf8.contains(UInt8(ascii: "/"))
        var expanded: [[Unicode.Scalar]] = [[]]
        var rest = Array(pattern.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            var choices: [[Unicode.Scalar]] = [[scalar]]
            if scalar == "{", let close = rest.firstIndex(of: "}") {
                choices = rest[..<close].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
                rest = rest[(close + 1)...]
            }
            expanded = expanded.flatMap { prefix in choices.map { prefix + $0 } }
            guard expanded.count <= Self.maximumAlternatives else {
                throw ToolFailure(.invalidArguments, "the file pattern stands for more than \(Self.maximumAlternatives) alternatives")
            }
        }
        alternatives = expanded.map(Self.tokens)
    }

    /// - Parameters:
    ///   - path: from the workspace folder.
    ///   - folder: the folder the tool was given, `.` for the workspace.
    func matches(_ path: String, relativeTo folder: String) -> Bool {
        var subject = path[...]
        if isForName {
            if let slash = subject.lastIndex(of: "/") { subject = subject[subject.index(after: slash)...] }
        } else if folder != ".", subject.hasPrefix(folder + "/") {
            subject = subject.dropFirst(folder.count + 1)
        }
        let scalars = Array(subject.unicodeScalars)
        return alternatives.contains { Self.matches($0, scalars) }
    }

    private static func tokens(_ pattern: [Unicode.Scalar]) -> [Token] {
        var tokens: [Token] = []
        var rest = pattern[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "?": tokens.append(.anyScalar)
            case "*" where rest.first == "*":
                rest.removeFirst()
                let isFolders = rest.first == "/"
                if isFolders { rest.removeFirst() }
                tokens.append(isFolders ? .anyFolders : .anyPath)
            case "*": tokens.append(.anyName)
            case "[":
                if let (set, after) = set(rest) {
                    tokens.append(set)
                    rest = after
                } else {
                    tokens.append(.scalar(scalar))
                }
            default: tokens.append(.scalar(scalar))
            }
        }
        return tokens
    }

    /// A set after its `[`; nil when it never ends, and `[` is an ordinary character.
    private static func set(_ text: ArraySlice<Unicode.Scalar>) -> (Token, ArraySlice<Unicode.Scalar>)? {
        var rest = text
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let scalar = rest.popFirst() {
            if scalar == "]", !ranges.isEmpty { return (.set(ranges, isNegated: isNegated), rest) }
            if rest.first == "-", let upper = rest.dropFirst().first, upper != "]", upper >= scalar {
                ranges.append(scalar...upper)
                rest = rest.dropFirst(2)
            } else {
                ranges.append(scalar...scalar)
            }
        }
        return nil
    }

    private static func matches(_ tokens: [Token], _ subject: [Unicode.Scalar]) -> Bool {
        // reachable[j]: the tokens so far can have consumed the first j scalars.
        var reachable = [Bool](repeating: false, count: subject.count + 1)
        reachable[0] = true
        for token in tokens {
            var next = [Bool](repeating: false, count: subject.count + 1)
            var reachedBefore = false
            for index in 0...subject.count {
                switch token {
                case .anyFolders:
                    next[index] = reachable[index] || (reachedBefore && subject[index - 1] == "/")
                    reachedBefore = reachedBefore || reachable[index]
                case .anyPath, .anyName:
                    let goesOn = index > 0 && next[index - 1] && (token == .anyPath || subject[index - 1] != "/")
                    next[index] = reachable[index] || goesOn
                default:
                    next[index] = index > 0 && reachable[index - 1] && consumes(token, subject[index - 1])
                }
            }
            reachable = next
        }
        return reachable[subject.count]
    }

    private static func consumes(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
        switch token {
        case .scalar(let expected): return scalar == expected
        case .anyScalar: return scalar != "/"
        case .set(let ranges, let isNegated): return scalar != "/" && ranges.contains { $0.contains(scalar) } != isNegated
        case .anyName, .anyPath, .anyFolders: return false
        }
    }
}
