import CodegenModel

extension ServiceComparison {
    mutating func bodies(_ old: RequestBody?, _ new: RequestBody?, _ operation: Context) {
        let context = operation.at(.field("requestBody"))
        switch (old, new) {
        case (nil, nil): return
        case (_?, nil):
            add(.bodyRemoved, "\(context.name) has no request body any more", context, flipped((.unclassified, .compatible), context))
        case (nil, let new?):
            let kind = new.isRequired ? "required request body" : "request body"
            add(
                .bodyAdded, "\(context.name) has a new \(kind)", context,
                flipped((new.isRequired ? .breaking : .compatible, .unclassified), context))
        case (let old?, let new?):
            let requirement = context.at(.field("required"))
            if !old.isRequired, new.isRequired {
                add(.bodyRequired, "the body of \(context.name) became required", requirement, flipped((.breaking, .compatible), context))
            }
            if old.isRequired, !new.isRequired {
                add(.bodyOptional, "the body of \(context.name) became optional", requirement, flipped((.compatible, .breaking), context))
            }
            contents(
                old.contents, new.contents, subject: "the body of \(context.name)", flow: context.request, context,
                removed: (.breaking, .compatible), added: (.compatible, .breaking))
        }
    }

    private mutating func contents(
        _ old: [Content], _ new: [Content], subject: String, flow: ValueFlow, _ context: Context,
        removed: (Change.Impact, Change.Impact), added: (Change.Impact, Change.Impact)
    ) {
        for content in old {
            let place = context.at(.content(content.mediaType))
            guard let other = new.first(where: { $0.fullMediaType == content.fullMediaType }) else {
                add(.mediaTypeRemoved, "\(subject) is not \(content.fullMediaType) any more", place, flipped(removed, context))
                continue
            }
            compare(content, other, subject, flow, place)
        }
        for content in new where !old.contains(where: { $0.fullMediaType == content.fullMediaType }) {
            let place = context.at(.content(content.mediaType))
            add(.mediaTypeAdded, "\(subject) can be \(content.fullMediaType)", place, flipped(added, context))
        }
    }

    private mutating func compare(_ old: Content, _ new: Content, _ subject: String, _ flow: ValueFlow, _ context: Context) {
        let place = context.at(.schema).place(subject, flow)
        switch (old.kind, new.kind) {
        case (.json(let old), .json(let new)), (.jsonLines(let old), .jsonLines(let new)), (.jsonSequence(let old), .jsonSequence(let new)):
            types.compare(old, new, at: place)
        case (.form(let old, let oldEncoding), .form(let new, let newEncoding)):
            if oldEncoding != newEncoding { encodingChanged(subject, context) }
            types.compare(old, new, at: place)
        case (.eventStream(let old, let oldEnd), .eventStream(let new, let newEnd)):
            if oldEnd != newEnd { encodingChanged(subject, context) }
            types.compare(old, new, at: place)
        case (.multipart(let old), .multipart(let new)):
            if Self.encodings(old, of: new) != Self.encodings(new, of: old) { encodingChanged(subject, context) }
            types.compare(Self.object(old), Self.object(new), at: place)
        default:
            // Text or bytes, whole or as they come: nothing more is known of them.
            guard old.kind.isTyped || new.kind.isTyped else { return }
            add(.typeChanged, "\(subject) as \(new.mediaType) has another type", context.at(.schema), (.breaking, .breaking))
        }
    }

    private mutating func encodingChanged(_ subject: String, _ context: Context) {
        add(.encodingChanged, "\(subject) is written another way", context.at(.field("encoding")), (.breaking, .breaking))
    }

    /// A multipart body as the object that its parts are properties of.
    private static func object(_ type: MultipartType) -> ObjectType {
        let properties = type.parts.map { part in
            let value: TypeUse =
                switch part.kind {
                case .text(let use), .json(let use): use
                case .file: TypeUse(.external("file"))
                }
            let use = part.isRepeated ? TypeUse(.array(value), constraints: part.constraints) : value
            return Property(name: part.name, swiftName: part.swiftName, type: use, isRequired: part.isRequired)
        }
        return ObjectType(properties: properties, additional: type.isClosed ? .forbidden : .ignored)
    }

    /// How the parts are written that both have.
    private static func encodings(_ type: MultipartType, of other: MultipartType) -> [[String]] {
        let names = Set(other.parts.map(\.name))
        return type.parts.filter { names.contains($0.name) }.sorted { $0.name < $1.name }.map { part in
            let isJSON = if case .json = part.kind { true } else { false }
            return [part.name, isJSON ? "json" : "", part.contentType ?? ""] + part.requiredHeaders
        }
    }

    // MARK: Responses

    mutating func responses(_ old: [Response], _ new: [Response], _ operation: Context) {
        let context = operation.at(.field("responses"))
        for response in old {
            let status = Self.words(response.status)
            let words = "the \(status) response of \(context.name)"
            let place = context.at(.field(status))
            guard let other = new.first(where: { $0.status == response.status }) else {
                add(
                    .responseRemoved, "\(words) is no more", place,
                    flipped((Self.isSuccess(response.status) ? .breaking : .compatible, .unclassified), context))
                continue
            }
            contents(
                response.contents, other.contents, subject: words, flow: context.response, place, removed: (.breaking, .compatible),
                added: (.compatible, .unclassified))
            headers(response.headers, other.headers, words, place.at(.field("headers")))
        }
        for response in new where !old.contains(where: { $0.status == response.status }) {
            let isCovered = old.contains { Self.covers($0.status, response.status) }
            let impact: Change.Impact = isCovered ? .compatible : Self.isSuccess(response.status) ? .breaking : .unclassified
            let status = Self.words(response.status)
            add(
                .responseAdded, "\(context.name) has a new \(status) response", context.at(.field(status)),
                flipped((impact, .compatible), context))
        }
    }

    private mutating func headers(_ old: [ResponseHeader], _ new: [ResponseHeader], _ subject: String, _ context: Context) {
        for header in old {
            let words = "the header `\(header.name)` of \(subject)"
            let place = context.at(.field(header.name))
            guard let other = new.first(where: { $0.name.lowercased() == header.name.lowercased() }) else {
                add(
                    .headerRemoved, "\(words) is no more", place,
                    flipped((header.isRequired ? .breaking : .compatible, .compatible), context))
                continue
            }
            if header.isRequired != other.isRequired {
                let kind: ChangeKind = other.isRequired ? .headerAdded : .headerRemoved
                let impact: (Change.Impact, Change.Impact) = other.isRequired ? (.compatible, .breaking) : (.breaking, .compatible)
                let message = "\(words) became \(other.isRequired ? "required" : "optional")"
                add(kind, message, place.at(.field("required")), flipped(impact, context))
            }
            types.compare(header.type, other.type, at: place.at(.schema).place(words, context.response))
        }
        for header in new where !old.contains(where: { $0.name.lowercased() == header.name.lowercased() }) {
            add(
                .headerAdded, "\(subject) has a new header `\(header.name)`", context.at(.field(header.name)),
                flipped((.compatible, header.isRequired ? .breaking : .compatible), context))
        }
    }

    private static func words(_ status: Response.Status) -> String {
        switch status {
        case .code(let code): String(code)
        case .range(let hundreds): "\(hundreds)XX"
        case .default: "default"
        }
    }

    private static func isSuccess(_ status: Response.Status) -> Bool {
        switch status {
        case .code(let code): (200..<300).contains(code)
        case .range(let hundreds): hundreds == 2
        case .default: false
        }
    }

    private static func covers(_ lhs: Response.Status, _ rhs: Response.Status) -> Bool {
        switch (lhs, rhs) {
        case (.default, _): true
        case (.range(let hundreds), .code(let code)): code / 100 == hundreds
        default: false
        }
    }
}

extension Content.Kind {
    fileprivate var isTyped: Bool {
        switch self {
        case .json, .form, .eventStream, .jsonLines, .jsonSequence, .multipart: true
        case .text, .binary, .byteStream, .textEventStream, .multipartStream: false
        }
    }
}
