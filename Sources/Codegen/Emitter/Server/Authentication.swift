import CodegenModel

/// The security of an operation or a channel.
struct Authentication {
    /// Alternatives that ask for a credential.
    let alternatives: [SecurityRequirement]
    /// One alternative is an empty requirement: anonymous callers are let in.
    let isOptional: Bool

    init(_ requirements: [SecurityRequirement]) {
        alternatives = requirements.filter { !$0.schemes.isEmpty }
        isOptional = alternatives.count < requirements.count
    }

    /// The type of the handler's `principal`; nil when nobody is asked who they are.
    func principalType(_ api: APIContext) -> String? {
        guard !alternatives.isEmpty else { return nil }
        return api.supportType("Principal") + (isOptional ? "?" : "")
    }
}

extension SourceFile {
    /// Writes the statement that finds out the caller: `let principal = …`. Nothing when the operation is open.
    mutating func authenticate(_ requirements: [SecurityRequirement]) {
        let authentication = Authentication(requirements)
        guard let type = authentication.principalType(api) else { return }
        let function = authentication.isOptional ? "authenticateOptionally" : "authenticate"
        line("let principal: \(type) = try await \(api.supportType("ServerCall")).\(function)(")
        indented { file in
            file.line("[")
            file.indented { file in
                for alternative in authentication.alternatives { file.authenticationClosure(alternative) }
            }
            file.line(authentication.isOptional ? "]" : "],")
            if !authentication.isOptional {
                file.line("challenges: \(SwiftLiteral.strings(file.challenges(authentication)))")
            }
        }
        line(")")
    }

    private mutating func authenticationClosure(_ alternative: SecurityRequirement) {
        line("{ () async throws -> \(api.supportType("Principal"))? in")
        indented { file in
            let calls = alternative.schemes.map { scheme in
                let label = SwiftLiteral.label(scheme.swiftName)
                let scopes = SwiftLiteral.strings(scheme.scopes)
                return "try await self.security.authenticate(\(label): request, scopes: \(scopes), context: context)"
            }
            if calls.count == 1 { return file.line("return \(calls[0])") }
            // All schemes of an alternative must hold; the first one says who the caller is.
            file.line("guard let principal = \(calls[0]) else { return nil }")
            for call in calls.dropFirst() { file.line("guard \(call) != nil else { return nil }") }
            file.line("return principal")
        }
        line("},")
    }

    /// The challenges of `WWW-Authenticate` (RFC 9110 §11.6.1), one for each HTTP authentication scheme.
    private func challenges(_ authentication: Authentication) -> [String] {
        var result: [String] = []
        let names = Set(authentication.alternatives.flatMap(\.schemes).map(\.swiftName))
        for scheme in api.service.securitySchemes where names.contains(scheme.swiftName) {
            switch scheme.kind {
            case .bearer: result.append("Bearer")
            case .basic: result.append("Basic realm=\"\(api.options.moduleName)\", charset=\"UTF-8\"")
            case .apiKey: break
            }
        }
        return result
    }
}
