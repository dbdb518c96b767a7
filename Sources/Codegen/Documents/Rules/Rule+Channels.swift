import CodegenModel

extension Rule {
    static let channelUnused = Rule(
        "channel-unused", "A channel is named by an operation.", severity: .warning,
        explanation: "Nobody sends or receives its messages: types are generated for them, and nothing else."
    )
    static let transportMissing = Rule(
        "transport-missing", "A channel's protocol is one that the generated code speaks.", severity: .warning,
        explanation: """
            WebSockets are spoken by the generated code itself. For any other protocol it has the messages, a publisher and a dispatcher, which
            work through the port `APISupport.EventTransport`: the application brings what speaks the protocol. `transports: [name]` in
            codegen.yaml says that it does, and leaves channels of other protocols out.
            """
    )
    static let exampleInvalid = Rule(
        "example-invalid", "An example is a value that its schema allows.", severity: .warning, help: "correct the example, or the schema",
        explanation:
            "Readers copy examples. What is compared: types, const, enum, required and unknown members, lengths, bounds, and items."
    )
    static let headersNotCarried = Rule(
        "headers-not-carried", "Headers of a message travel.",
        explanation: """
            A WebSocket frame is a payload and nothing else. With `x-message-envelope` on the channel each frame is an object that holds the
            headers in one member and the payload in another.
            """
    )
    static let correlationMissing = Rule(
        "correlation-missing", "A reply says which request it answers.", severity: .warning,
        explanation: "Without a `correlationId` replies are taken in the order of the requests, so one that is lost shifts all that follow."
    )
    static let correlationConflict = Rule(
        "correlation-conflict", "All messages of an operation carry their correlation id at one place.",
        help: "give them the same `correlationId`", explanation: "The id is looked up before it is known which of the messages it is."
    )
    static let messageLocation = Rule(
        "message-location", "A location is a runtime expression.",
        explanation: "`$message.header#/…` or `$message.payload#/…`, with a JSON pointer (AsyncAPI 3.0, Runtime Expression)."
    )
    static let locationUndeclared = Rule(
        "location-undeclared", "A location leads to a member that the message declares.", severity: .warning,
        help: "declare it, or correct the location", explanation: "A message that lacks the member cannot be correlated."
    )
    static let closeCode = Rule(
        "close-code", "A declared close code is one for applications.",
        explanation: "RFC 6455 §7.4.2 gives 3000 to 3999 to libraries and 4000 to 4999 to applications; the others have a meaning already."
    )

    /// The rules of AsyncAPI's channels.
    static let channelRules = [
        channelUnused, transportMissing, exampleInvalid, headersNotCarried, correlationMissing, correlationConflict, messageLocation,
        locationUndeclared, closeCode,
    ]
}
