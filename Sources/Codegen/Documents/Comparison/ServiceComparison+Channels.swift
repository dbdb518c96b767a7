import CodegenModel

extension ServiceComparison {
    // MARK: WebSocket channels

    mutating func channels(_ old: [Channel], _ new: [Channel]) {
        for channel in old {
            let place = ChangePlace(anchor: .key(channel.position))
            guard let other = new.first(where: { $0.id == channel.id }) else {
                add(.channelRemoved, "the channel `\(channel.id)` is no more", old: place, new: nil, (.breaking, .compatible))
                continue
            }
            let context = Context(name: "the channel `\(channel.id)`", old: place, new: ChangePlace(anchor: .key(other.position)))
            address(channel.address, other.address, context)
            parameters(channel.parameters, other.parameters, paths: (channel.address, other.address), context)
            messages(channel.received.messages, other.received.messages, isSent: false, context)
            messages(channel.sent.messages, other.sent.messages, isSent: true, context)
            requests(channel.requests, other.requests, context)
            closeCodes(channel.closeCodes, other.closeCodes, context.at(.field("x-close-codes")))
            security(channel.security, other.security, context)
        }
        for channel in new where !old.contains(where: { $0.id == channel.id }) {
            let place = ChangePlace(anchor: .key(channel.position))
            add(.channelAdded, "the channel `\(channel.id)` is new", old: nil, new: place, (.compatible, .breaking))
        }
    }

    private mutating func address(_ old: String?, _ new: String?, _ context: Context) {
        guard old.map(PathTemplate.shape) != new.map(PathTemplate.shape) else { return }
        let message = "\(context.name) is at \(new ?? "no fixed address"), not \(old ?? "an address known at run time")"
        add(.channelMoved, message, context.at(.field("address")), (.breaking, .breaking))
    }

    private mutating func closeCodes(_ old: [CloseCode], _ new: [CloseCode], _ context: Context) {
        let codes = (Set(old.map(\.code)), Set(new.map(\.code)))
        for code in codes.0.subtracting(codes.1).sorted() {
            let message = "\(context.name) is not closed with \(code) any more"
            add(.closeCodeRemoved, message, context.at(.field(String(code))), (.compatible, .compatible))
        }
        for code in codes.1.subtracting(codes.0).sorted() {
            add(
                .closeCodeAdded, "\(context.name) can be closed with \(code)", context.at(.field(String(code))),
                (.unclassified, .compatible))
        }
    }

    /// The operation of that key, in the files of a channel.
    private func operation(_ id: String, _ name: String, old: SourcePosition, new: SourcePosition) -> Context {
        let steps: [ChangePlace.Step] = [.field("operations"), .field(id)]
        return Context(
            name: name, old: ChangePlace(anchor: .file(of: old), steps: steps), new: ChangePlace(anchor: .file(of: new), steps: steps))
    }

    private mutating func requests(_ old: [ChannelRequest], _ new: [ChannelRequest], _ channel: Context) {
        let positions = (channel.old.anchor.position, channel.new.anchor.position)
        for request in old {
            let name = "`\(request.id)` of \(channel.name)"
            let context = operation(request.id, name, old: positions.0, new: positions.1).at(.field("reply"))
            guard let other = new.first(where: { $0.id == request.id && $0.requester == request.requester }) else {
                replyRemoved(context, isAskedByClient: request.requester == .client)
                continue
            }
            let names = (Set(request.reply.messages.map(\.name)), Set(other.reply.messages.map(\.name)))
            if names.0 != names.1 { replyChanged("\(name) is answered by other messages", context.at(.field("messages"))) }
            if request.correlation != other.correlation { replyChanged("\(name) is paired with its reply another way", context) }
        }
        for request in new where !old.contains(where: { $0.id == request.id && $0.requester == request.requester }) {
            let context = operation(request.id, "`\(request.id)` of \(channel.name)", old: positions.0, new: positions.1)
            replyAdded(context.at(.field("reply")), isAskedByClient: request.requester == .client)
        }
    }

    // MARK: Replies

    private mutating func replyRemoved(_ context: Context, isAskedByClient: Bool) {
        let impact: (Change.Impact, Change.Impact) = isAskedByClient ? (.breaking, .compatible) : (.compatible, .breaking)
        add(.replyRemoved, "\(context.name) is not answered any more", context, impact)
    }

    private mutating func replyAdded(_ context: Context, isAskedByClient: Bool) {
        let impact: (Change.Impact, Change.Impact) = isAskedByClient ? (.compatible, .breaking) : (.breaking, .compatible)
        add(.replyAdded, "\(context.name) is answered now", context, impact)
    }

    private mutating func replyChanged(_ message: String, _ context: Context) {
        add(.replyChanged, message, context, (.breaking, .breaking))
    }

    // MARK: Brokers

    mutating func events(_ old: Service, _ new: Service) {
        for channel in old.eventChannels {
            let place = ChangePlace(anchor: .key(channel.position))
            guard let other = new.eventChannels.first(where: { $0.id == channel.id }) else {
                add(.channelRemoved, "the channel `\(channel.id)` is no more", old: place, new: nil, (.breaking, .compatible))
                continue
            }
            let context = Context(name: "the channel `\(channel.id)`", old: place, new: ChangePlace(anchor: .key(other.position)))
            address(channel.address, other.address, context)
            protocols(channel.protocols, other.protocols, context)
            parameters(
                channel.parameters.map(\.parameter), other.parameters.map(\.parameter),
                paths: (channel.address ?? "", other.address ?? ""), context)
            operations(on: channel, and: other, old, new)
        }
        for channel in new.eventChannels where !old.eventChannels.contains(where: { $0.id == channel.id }) {
            let place = ChangePlace(anchor: .key(channel.position))
            add(.channelAdded, "the channel `\(channel.id)` is new", old: nil, new: place, (.compatible, .breaking))
        }
    }

    private mutating func protocols(_ old: [String], _ new: [String], _ context: Context) {
        // Without servers a document leaves open how its channels are reached.
        guard !old.isEmpty, !new.isEmpty, Set(old) != Set(new) else { return }
        let message = "\(context.name) is reached over \(new.joined(separator: ", ")), not \(old.joined(separator: ", "))"
        let isLess = !Set(new).isSuperset(of: old)
        let isMore = !Set(old).isSuperset(of: new)
        add(.channelMoved, message, context.at(.field("servers")), (isLess ? .breaking : .compatible, isMore ? .breaking : .compatible))
    }

    private mutating func operations(on oldChannel: EventChannel, and newChannel: EventChannel, _ old: Service, _ new: Service) {
        let before = old.eventOperations.filter { $0.channel == oldChannel.typeName }
        let after = new.eventOperations.filter { $0.channel == newChannel.typeName }
        func isSame(_ lhs: EventOperation, _ rhs: EventOperation) -> Bool { lhs.id == rhs.id && lhs.action == rhs.action }
        func context(_ id: String) -> Context {
            operation(id, "the operation `\(id)`", old: oldChannel.position, new: newChannel.position)
        }
        for operation in before {
            let context = context(operation.id)
            guard let other = after.first(where: { isSame($0, operation) }) else {
                add(.operationRemoved, "\(context.name) is no more", old: context.old, new: nil, (.breaking, .compatible))
                continue
            }
            messages(operation.messages.messages, other.messages.messages, isSent: operation.action == .send, context)
            replies(of: operation, other, context)
        }
        for operation in after where !before.contains(where: { isSame($0, operation) }) {
            let context = context(operation.id)
            add(.operationAdded, "\(context.name) is new", old: nil, new: context.new, (.compatible, .breaking))
        }
    }

    private mutating func replies(of old: EventOperation, _ new: EventOperation, _ operation: Context) {
        // What the application receives is asked by others.
        let isAskedByClient = new.action == .receive
        let context = operation.at(.field("reply"))
        switch (old.reply, new.reply) {
        case (nil, nil): return
        case (_?, nil): replyRemoved(context, isAskedByClient: isAskedByClient)
        case (nil, _?): replyAdded(context, isAskedByClient: isAskedByClient)
        case (let old?, let new?):
            messages(old.messages.messages, new.messages.messages, isSent: isAskedByClient, context)
            if (old.address, old.addressLocation) != (new.address, new.addressLocation) {
                replyChanged("the reply of \(context.name) goes to another address", context)
            }
            if old.correlation != new.correlation { replyChanged("\(context.name) is paired with its reply another way", context) }
        }
    }

    // MARK: Messages

    private mutating func messages(
        _ old: [Message], _ new: [Message], isSent: Bool, _ context: Context
    ) {
        let action = isSent ? "sends" : "receives"
        let flow: ValueFlow = isSent ? .response : .request
        for message in old {
            guard let other = new.first(where: { $0.name == message.name }) else {
                let impact = ValueEffect.narrower.impact(flow)
                add(.messageRemoved, "\(context.name) \(action) no `\(message.name)` any more", place(of: message, context), impact)
                continue
            }
            compare(message, other, flow, place(of: message, context), "the message `\(message.name)` of \(context.name)")
        }
        for message in new where !old.contains(where: { $0.name == message.name }) {
            let impact = ValueEffect.wider.impact(flow)
            add(.messageAdded, "\(context.name) \(action) a new `\(message.name)`", place(of: message, context), impact)
        }
    }

    /// The message in the channel's list, which an operation refers to.
    private func place(of message: Message, _ context: Context) -> Context {
        let isOperation = if case .file = context.old.anchor { true } else { false }
        let channel = isOperation ? context.at(.field("channel")) : context
        return channel.at(.field("messages")).at(.field(message.name))
    }

    private mutating func compare(_ old: Message, _ new: Message, _ flow: ValueFlow, _ context: Context, _ words: String) {
        if old.contentType != new.contentType {
            let message = "\(words) is \(new.contentType), not \(old.contentType)"
            add(.encodingChanged, message, context.at(.field("contentType")), (.breaking, .breaking))
        }
        types.compare(old.payload, new.payload, at: context.at(.field("payload")).place(words, flow))
        let headers = context.at(.field("headers"))
        switch (old.headers, new.headers) {
        case (nil, nil): return
        case (let old?, let new?): types.compare(old, new, at: headers.place("the headers of \(words)", flow))
        case (nil, let new?):
            let effect: ValueEffect = types.hasRequiredMember(new, isNew: true) ? .narrower : .same
            add(.headerAdded, "\(words) has headers", headers, effect.impact(flow))
        case (let old?, nil):
            let effect: ValueEffect = types.hasRequiredMember(old, isNew: false) ? .wider : .same
            add(.headerRemoved, "\(words) has no headers any more", headers, effect.impact(flow))
        }
    }
}
