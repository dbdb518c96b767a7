import CodegenModel

/// Collects the security schemes that operations and channels use, over all documents.
final class SecurityModeler {
    private let diagnostics: DiagnosticCollector
    private var scope = NameScope()
    private var used: [String: SecurityScheme] = [:]

    init(diagnostics: DiagnosticCollector) { self.diagnostics = diagnostics }

    /// Sorted by name.
    var schemes: [SecurityScheme] { used.values.sorted { $0.name < $1.name } }

    /// The alternatives of `security`.
    func requirements(_ objects: [SecurityRequirementObject], schemes: [String: SecuritySchemeObject]) -> [SecurityRequirement] {
        objects.map { object in
            SecurityRequirement(
                schemes: object.schemes.compactMap { scheme in
                    let declared = schemes[scheme.name] ?? assumed(scheme, schemes)
                    if let scopes = declared.declaredScopes {
                        for asked in scheme.scopes where !scopes.contains(asked.name) {
                            diagnostics.report(
                                .securityUndeclared, "`\(scheme.name)` declares no scope `\(asked.name)`", at: asked.position,
                                help: NearName.of(asked.name, among: scopes.sorted()).map { "did you mean `\($0)`?" }
                            )
                        }
                    }
                    return SecurityRequirement.Scheme(
                        swiftName: use(declared, at: scheme.position), scopes: scheme.scopes.map(\.name)
                    )
                }
            )
        }
    }

    /// A scheme that is used but not declared. Leaving it out would open the operation; a token is what most schemes ask for.
    private func assumed(_ scheme: SecurityRequirementObject.Scheme, _ schemes: [String: SecuritySchemeObject]) -> SecuritySchemeObject {
        diagnostics.report(
            .securityAssumed, "there is no security scheme `\(scheme.name)`; a bearer token is asked for", at: scheme.position,
            help: NearName.of(scheme.name, among: schemes.keys.sorted()).map { "did you mean `\($0)`?" }
        )
        return SecuritySchemeObject(name: scheme.name, kind: .bearer, description: nil, declaredScopes: nil)
    }

    /// Notes the use of a scheme and gives its Swift name.
    private func use(_ scheme: SecuritySchemeObject, at position: SourcePosition) -> String {
        if let known = used[scheme.name] {
            if known.kind != scheme.kind {
                diagnostics.report(
                    .securityConflict, "another document declares the security scheme `\(scheme.name)` otherwise", at: position,
                    help: "give one of the two another name"
                )
            }
            return known.swiftName
        }
        let swiftName = scope.claim(Namer.member(scheme.name))
        used[scheme.name] = SecurityScheme(name: scheme.name, swiftName: swiftName, kind: scheme.kind, description: scheme.description)
        return swiftName
    }
}
