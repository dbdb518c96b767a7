/// What of a history a model is shown, and what has to be added so that it may be.
enum Conversation {
    /// The calls that no tool's message answers: what a process that ended in the middle of a turn leaves behind.
    ///
    /// Models refuse a conversation in which a call stays unanswered.
    static func unansweredCalls(in messages: [Message]) -> [ToolCall] {
        guard let last = messages.lastIndex(where: { $0.role == .assistant }), !messages[last].toolCalls.isEmpty else { return [] }
        let answered = Set(messages[last...].compactMap(\.toolCallID))
        return messages[last].toolCalls.filter { !answered.contains($0.id) }
    }

    /// The latest messages within both bounds.
    ///
    /// The result starts with a user's message, so that no tool's message lacks its call. When a single turn is longer than the bounds, its
    /// user's message stays, then comes as much of its end as fits.
    static func window(of messages: [Message], maximumCount: Int, maximumBytes: Int) -> ArraySlice<Message> {
        var start = messages.endIndex
        var bytes = 0
        while start > messages.startIndex, messages.endIndex - start < maximumCount {
            bytes += messages[start - 1].size
            if bytes > maximumBytes, start < messages.endIndex { break }
            start -= 1
        }
        if let user = messages[start...].firstIndex(where: { $0.role == .user }) { return messages[user...] }
        let tail = messages[start...].drop { $0.role == .tool }
        guard let user = messages[..<start].last(where: { $0.role == .user }) else { return tail }
        return [user] + tail
    }
}

extension Message {
    /// About how many bytes the message takes in a request.
    var size: Int {
        toolCalls.reduce(into: (content?.utf8.count ?? 0) + 16) { $0 += $1.arguments.utf8.count + $1.name.utf8.count + 32 }
    }
}
