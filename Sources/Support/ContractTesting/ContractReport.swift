/// What a run of derived cases found, and which declared responses it has seen.
public struct ContractReport: Sendable {
    /// One answer that is not as the spec says.
    public struct Finding: Sendable, CustomStringConvertible {
        public var operationID: String
        public var caseName: String
        public var message: String

        public var description: String {
            "\(operationID.isEmpty ? "(no operation)" : operationID) · \(caseName): \(message)"
        }
    }

    /// A response that an operation declares.
    public struct DeclaredResponse: Sendable, Hashable, CustomStringConvertible {
        public var operationID: String
        /// `404`, `4XX` or `default`.
        public var status: String

        public var description: String { "\(operationID) \(status)" }
    }

    /// How many requests were sent.
    public internal(set) var caseCount = 0
    public internal(set) var findings: [Finding] = []
    public internal(set) var declared: Set<DeclaredResponse> = []
    public internal(set) var seen: Set<DeclaredResponse> = []

    /// Declared responses that no case met: what is left to tests of its own.
    public var unseen: [DeclaredResponse] {
        declared.subtracting(seen).sorted { ($0.operationID, $0.status) < ($1.operationID, $1.status) }
    }

    /// Operations that were never answered with a success.
    public var operationsWithoutSuccess: [String] {
        let successful = Set(seen.filter { $0.status.hasPrefix("2") || $0.status.hasPrefix("3") }.map(\.operationID))
        return Set(declared.map(\.operationID)).subtracting(successful).sorted()
    }
}
