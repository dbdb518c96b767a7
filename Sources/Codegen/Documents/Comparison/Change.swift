public import CodegenModel

/// A difference between two versions of an interface.
public struct Change: Sendable, Hashable {
    /// What a change does to one side that is not changed with the other.
    public enum Impact: String, Sendable, Comparable {
        case breaking, unclassified, compatible

        private var rank: Int { self == .breaking ? 0 : self == .unclassified ? 1 : 2 }
        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
    }

    public var kind: ChangeKind
    public var message: String
    /// What changed in the old document, or the nearest thing around it that is there; nil for a whole operation or channel that is not.
    public var old: SourcePosition?
    /// The same in the new document.
    public var new: SourcePosition?
    /// To clients of the old document that call a server of the new one.
    public var clients: Impact
    /// To servers of the old document that clients of the new one call.
    public var servers: Impact
}

/// The kinds of differences, each with a stable name that `codelab-codegen explain` knows.
public enum ChangeKind: String, Sendable, CaseIterable {
    case operationRemoved = "operation-removed"
    case operationAdded = "operation-added"
    case operationRenamed = "operation-renamed"
    case operationDeprecated = "operation-deprecated"
    case parameterRemoved = "parameter-removed"
    case parameterAdded = "parameter-added"
    case parameterRequired = "parameter-required"
    case parameterOptional = "parameter-optional"
    case bodyRemoved = "body-removed"
    case bodyAdded = "body-added"
    case bodyRequired = "body-required"
    case bodyOptional = "body-optional"
    case mediaTypeRemoved = "media-type-removed"
    case mediaTypeAdded = "media-type-added"
    case responseRemoved = "response-removed"
    case responseAdded = "response-added"
    case headerRemoved = "header-removed"
    case headerAdded = "header-added"
    case securityTightened = "security-tightened"
    case securityLoosened = "security-loosened"
    case typeChanged = "type-changed"
    case typeRenamed = "type-renamed"
    case nullAllowed = "null-allowed"
    case nullRefused = "null-refused"
    case constraintTightened = "constraint-tightened"
    case constraintLoosened = "constraint-loosened"
    case constraintChanged = "constraint-changed"
    case propertyRemoved = "property-removed"
    case propertyAdded = "property-added"
    case propertyRequired = "property-required"
    case propertyOptional = "property-optional"
    case additionalPropertiesRefused = "additional-properties-refused"
    case additionalPropertiesAllowed = "additional-properties-allowed"
    case enumValueRemoved = "enum-value-removed"
    case enumValueAdded = "enum-value-added"
    case alternativeRemoved = "alternative-removed"
    case alternativeAdded = "alternative-added"
    case defaultChanged = "default-changed"
    case encodingChanged = "encoding-changed"
    case channelRemoved = "channel-removed"
    case channelAdded = "channel-added"
    case channelMoved = "channel-moved"
    case messageRemoved = "message-removed"
    case messageAdded = "message-added"
    case replyRemoved = "reply-removed"
    case replyAdded = "reply-added"
    case replyChanged = "reply-changed"
    case closeCodeRemoved = "close-code-removed"
    case closeCodeAdded = "close-code-added"

    /// One sentence: when it breaks whom.
    public var summary: String {
        switch self {
        case .operationRemoved: "An operation is no more; its callers break."
        case .operationAdded: "There is a new operation; servers that do not have it break its callers."
        case .operationRenamed: "An `operationId` changed: the same requests, another name in generated code."
        case .operationDeprecated: "An operation became deprecated; nothing breaks."
        case .parameterRemoved: "A parameter is no more; what clients send in it is ignored."
        case .parameterAdded: "There is a new parameter; a required one breaks clients, which do not send it."
        case .parameterRequired: "A parameter became required; clients that leave it out break."
        case .parameterOptional: "A parameter became optional; servers that need it break."
        case .bodyRemoved: "An operation has no request body any more."
        case .bodyAdded: "An operation has a request body now; a required one breaks clients."
        case .bodyRequired: "A request body became required; clients that leave it out break."
        case .bodyOptional: "A request body became optional; servers that need it break."
        case .mediaTypeRemoved: "A media type is no more; who sends or reads only that breaks."
        case .mediaTypeAdded: "There is a new media type; in a request it breaks servers that do not read it."
        case .responseRemoved: "A response is no more; clients that wait for a success of that status break."
        case .responseAdded: "There is a new response; a success that clients do not know breaks them."
        case .headerRemoved: "A header of a response or a message is no more; who needs it breaks."
        case .headerAdded: "There is a new header of a response or a message; a required one breaks who does not send it."
        case .securityTightened: "An operation asks for more than before; clients without it are refused."
        case .securityLoosened: "An operation asks for less than before; servers still ask for it."
        case .typeChanged: "A value has another type; both sides break where it is read."
        case .typeRenamed: "A schema has another name: the same values, another name in generated code."
        case .nullAllowed: "A value may be null; who reads it and does not expect that breaks."
        case .nullRefused: "A value must not be null any more; who still writes null is refused."
        case .constraintTightened: "A constraint is narrower; who writes values that it leaves out is refused."
        case .constraintLoosened: "A constraint is wider; who reads and checks by the old one breaks."
        case .constraintChanged: "A pattern, a format or a condition is another one; neither side can know which values are refused."
        case .propertyRemoved: "A property is no more; who needs it breaks."
        case .propertyAdded: "There is a new property; a required one breaks who does not write it."
        case .propertyRequired: "A property became required; who does not write it is refused."
        case .propertyOptional: "A property became optional; who reads it and needs it breaks."
        case .additionalPropertiesRefused: "Undeclared properties are refused now; who writes some breaks."
        case .additionalPropertiesAllowed: "Undeclared properties are allowed now; who refuses them breaks."
        case .enumValueRemoved: "An enum lost a value; who writes it is refused."
        case .enumValueAdded: "An enum has a new value; who reads it and does not know it breaks, unless the enum is open."
        case .alternativeRemoved: "A union lost an alternative; who writes it is refused."
        case .alternativeAdded: "A union has a new alternative; who reads it and does not know it breaks."
        case .defaultChanged: "An absent value means another one now; nothing is refused, but both sides may mean different things."
        case .channelRemoved: "A channel is no more; its clients break."
        case .channelAdded: "There is a new channel; servers that do not have it break its clients."
        case .encodingChanged: "The same values are written another way (style, encoding, content type); both sides break."
        case .channelMoved: "A channel or an operation is at another address or behind another protocol; both sides break."
        case .messageRemoved: "A message is no more; who sends it is refused."
        case .messageAdded: "There is a new message; who receives it and does not know it breaks."
        case .replyRemoved: "Requests are not answered any more; who waits for the reply breaks."
        case .replyAdded: "Requests are answered now; who waits for the reply breaks when the other side does not send it yet."
        case .replyChanged: "A reply goes elsewhere, or is paired with its request another way; both sides break."
        case .closeCodeRemoved: "A connection is not closed with a code any more; nothing breaks."
        case .closeCodeAdded: "A connection can be closed with a new code, which old clients do not know."
        }
    }
}
