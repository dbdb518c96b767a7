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

    /// The Swift names of the schemes, each once, in the order in which they are met.
    var schemes: [String] {
        var seen: Set<String> = []
        return alternatives.flatMap(\.schemes).map(\.swiftName).filter { seen.insert($0).inserted }
    }

    /// Alternatives that differ in more than their scopes, as the schemes that each of them asks for.
    var combinations: [[String]] {
        var seen: Set<[String]> = []
        return alternatives.map { $0.schemes.map(\.swiftName) }.filter { seen.insert($0).inserted }
    }

    /// Whether one scheme alone says who is calling: its principal is handed over as it is.
    var isSingle: Bool { schemes.count == 1 }

    /// The type of the handler's `principal`; nil when nobody is asked who they are.
    /// - Parameters:
    ///   - owner: The namespace that declares `Caller`.
    ///   - prefix: What stands in front of the principals' types: nothing inside the handler's protocol, `Handler.` in the server.
    func principalType(of owner: String, prefix: String = "") -> String? {
        guard !alternatives.isEmpty else { return nil }
        return callerType(of: owner, prefix: prefix) + (isOptional ? "?" : "")
    }

    func callerType(of owner: String, prefix: String) -> String {
        let principals = schemes.map { prefix + Self.principal($0) }
        return isSingle ? principals[0] : "\(owner).Caller<\(principals.joined(separator: ", "))>"
    }

    /// The associated type of a scheme's principal: `BearerAuthPrincipal` for `bearerAuth`.
    static func principal(_ scheme: String) -> String {
        Namer.type(Namer.unescaped(scheme) + " principal")
    }

    /// The case of an alternative: `bearerAuth`, `bearerAuthAndKey`.
    static func caseName(_ combination: [String]) -> String {
        guard combination.count > 1 else { return combination[0] }
        let words = combination.map(Namer.unescaped)
        return words[0] + words.dropFirst().map { "And" + $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension SourceFile {
    /// Writes the associated types of the principals that `security` gives, for a handler's protocol.
    mutating func declarePrincipals(_ security: [[SecurityRequirement]]) {
        for scheme in Self.schemes(security) {
            line("/// Who is calling, as the security scheme `\(Namer.unescaped(scheme))` finds out.")
            line("associatedtype \(Authentication.principal(scheme)): Sendable = \(api.supportType("Principal"))")
        }
    }

    /// The schemes of several operations or channels, sorted.
    static func schemes(_ security: [[SecurityRequirement]]) -> [String] {
        Set(security.flatMap { Authentication($0).schemes }).sorted()
    }

    /// Writes the type of an operation's caller where several schemes say who it is: an enum with a case an alternative, or a struct where
    /// several must hold together.
    mutating func declareCaller(_ security: [SecurityRequirement]) {
        let authentication = Authentication(security)
        guard authentication.schemes.count > 1 else { return }
        let generics = authentication.schemes.map { "\(Authentication.principal($0)): \(api.standardType("Sendable"))" }
        let head = "Caller<\(generics.joined(separator: ", "))>: \(api.standardType("Sendable"))"
        let combinations = authentication.combinations
        line("")
        guard combinations.count > 1 else {
            line("/// Who is calling: every scheme that the operation asks for has said so.")
            block("\(api.modifier)struct \(head)") { file in
                let members = combinations[0].map { (name: SwiftLiteral.identifier($0), type: Authentication.principal($0)) }
                for member in members { file.line("\(file.api.modifier)var \(member.name): \(member.type)") }
                file.declareMemberwiseInit(members)
            }
            return
        }
        line("/// Who is calling, by the alternative of the operation's security that holds.")
        block("\(api.modifier)enum \(head)") { file in
            for combination in combinations {
                let values = combination.map { scheme in
                    combination.count == 1
                        ? Authentication.principal(scheme) : "\(SwiftLiteral.label(scheme)): \(Authentication.principal(scheme))"
                }
                file.line("case \(SwiftLiteral.identifier(Authentication.caseName(combination)))(\(values.joined(separator: ", ")))")
            }
        }
    }

    /// Writes the statement that finds out the caller: `let principal = …`. Nothing when the operation is open.
    /// - Parameter owner: The namespace that declares `Caller`.
    mutating func authenticate(_ requirements: [SecurityRequirement], of owner: String) {
        let authentication = Authentication(requirements)
        guard let type = authentication.principalType(of: owner, prefix: "Handler.") else { return }
        let function = authentication.isOptional ? "authenticateOptionally" : "authenticate"
        line("let principal: \(type) = try await \(api.supportType("ServerCall")).\(function)(")
        indented { file in
            file.line("[")
            file.indented { file in
                for alternative in authentication.alternatives { file.authenticationClosure(alternative, authentication, owner) }
            }
            file.line("],")
            file.line("challenges: \(SwiftLiteral.strings(file.challenges(authentication)))")
        }
        line(")")
    }

    private mutating func authenticationClosure(_ alternative: SecurityRequirement, _ authentication: Authentication, _ owner: String) {
        line("{ () async throws -> \(authentication.callerType(of: owner, prefix: "Handler."))? in")
        indented { file in
            let calls = alternative.schemes.map { scheme in
                let label = SwiftLiteral.label(scheme.swiftName)
                let scopes = SwiftLiteral.strings(scheme.scopes)
                return "try await self.security.authenticate(\(label): request, scopes: \(scopes), context: context)"
            }
            if authentication.isSingle { return file.line("return \(calls[0])") }
            let combination = alternative.schemes.map(\.swiftName)
            for (index, call) in calls.enumerated() { file.line("guard let principal\(index + 1) = \(call) else { return nil }") }
            let values = combination.enumerated().map { index, scheme in
                let isLabelled = combination.count > 1 || authentication.combinations.count == 1
                return (isLabelled ? "\(SwiftLiteral.label(scheme)): " : "") + "principal\(index + 1)"
            }
            let name = authentication.combinations.count == 1 ? "init" : SwiftLiteral.identifier(Authentication.caseName(combination))
            file.line("return .\(name)(\(values.joined(separator: ", ")))")
        }
        line("},")
    }

    /// The challenges of `WWW-Authenticate` (RFC 9110 §11.6.1): one for each HTTP authentication scheme; where there is none, one for each
    /// API key, since an answer 401 must have one. What a `Bearer` challenge may tell is in RFC 6750 §3.
    private func challenges(_ authentication: Authentication) -> [String] {
        let realm = "realm=\"\(api.options.moduleName)\""
        var schemes: [String: SecurityScheme] = [:]
        for scheme in api.service.securitySchemes { schemes[scheme.swiftName] = scheme }
        var standard: [String] = []
        var keys: [String] = []
        for use in authentication.alternatives.flatMap(\.schemes) {
            switch schemes[use.swiftName]?.kind {
            case .bearer?:
                let scopes = use.scopes.filter(Self.isScopeToken).joined(separator: " ")
                standard.append("Bearer \(realm)" + (scopes.isEmpty ? "" : ", scope=\"\(scopes)\""))
            case .basic?: standard.append("Basic \(realm), charset=\"UTF-8\"")
            case .http(let scheme)?: standard.append("\(scheme) \(realm)")
            case .apiKey(let location, let name)? where Self.isScopeToken(name):
                keys.append("APIKey \(realm), in=\"\(location.rawValue)\", name=\"\(name)\"")
            case .apiKey?, .mutualTLS?, nil: break
            }
        }
        var seen: Set<String> = []
        return (standard.isEmpty ? keys : standard).filter { seen.insert($0).inserted }
    }

    /// RFC 6749 §3.3: only such scopes, and other texts, can stand in a challenge.
    private static func isScopeToken(_ scope: String) -> Bool {
        scope.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
