/// Which way values of a type travel, as seen from the old document's two sides.
struct ValueFlow: OptionSet, Hashable {
    let rawValue: Int

    /// From clients to servers.
    static let request = ValueFlow(rawValue: 1)
    /// From servers to clients.
    static let response = ValueFlow(rawValue: 2)

    /// The other way round: a webhook's receiver is the client of the API.
    var reversed: ValueFlow {
        switch self {
        case .request: .response
        case .response: .request
        default: self
        }
    }

    var words: String {
        switch self {
        case .request: "in requests"
        case .response: "in responses"
        default: "in requests and responses"
        }
    }
}

/// What a change does to the values that are allowed.
enum ValueEffect {
    /// Fewer values: who writes the old ones is refused.
    case narrower
    /// More values: who reads by the old document does not know them.
    case wider
    /// Neither contains the other.
    case other
    /// The same values, written and read alike.
    case same
    /// Nothing is refused, but the meaning may be another.
    case unclear

    func impact(_ flow: ValueFlow) -> (clients: Change.Impact, servers: Change.Impact) {
        switch self {
        case .other: return (.breaking, .breaking)
        case .same: return (.compatible, .compatible)
        case .unclear: return (.unclassified, .unclassified)
        case .narrower:
            return (flow.contains(.request) ? .breaking : .compatible, flow.contains(.response) ? .breaking : .compatible)
        case .wider:
            return (flow.contains(.response) ? .breaking : .compatible, flow.contains(.request) ? .breaking : .compatible)
        }
    }
}
