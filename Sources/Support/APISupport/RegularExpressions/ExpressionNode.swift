/// The tree of a regular expression. What groups capture and which match is preferred does not matter: it only matters whether there is one.
indirect enum ExpressionNode: Sendable {
    case empty
    /// A character of a set, by its index.
    case set(Int)
    case sequence([ExpressionNode])
    case alternatives([ExpressionNode])
    case repetition(ExpressionNode, minimum: Int, maximum: Int?)
    case start
    case end
    /// `\b`; negated, `\B`.
    case boundary(isNegated: Bool)
    /// `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`.
    case look(ExpressionNode, isAhead: Bool, isNegated: Bool)

    /// Can match at the start of the text only.
    var isAnchored: Bool {
        switch self {
        case .start: true
        case .sequence(let nodes): nodes.first?.isAnchored ?? false
        case .alternatives(let nodes): nodes.allSatisfy(\.isAnchored)
        case .repetition(let node, let minimum, _): minimum > 0 && node.isAnchored
        case .empty, .set, .end, .boundary, .look: false
        }
    }
}

/// Why a text is no regular expression, or none that is supported.
struct ExpressionError: Error, Equatable {
    let reason: String
    /// ECMA-262 allows it.
    var isUnsupported = false
}
