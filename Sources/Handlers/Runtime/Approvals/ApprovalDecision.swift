import APISupport

/// What the user decided about a tool call.
struct ApprovalDecision: Sendable, Equatable {
    enum Kind: String, Sendable {
        case approve
        case edit
        case reject
    }

    let kind: Kind
    /// With ``Kind/edit``, the arguments to use.
    let arguments: JSONObject?
    /// What to tell the model.
    let feedback: String?

    init(_ kind: Kind, arguments: JSONObject? = nil, feedback: String? = nil) {
        self.kind = kind
        self.arguments = arguments
        self.feedback = feedback
    }
}
