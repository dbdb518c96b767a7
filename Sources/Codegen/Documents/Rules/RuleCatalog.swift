extension Rule {
    /// Every rule, sorted by its id.
    public static let all: [Rule] = [
        allOfConflict, channelDirection, configuration, defaultInvalid, discriminatorMismatch, documentTooLarge, enumInvalid, fieldMissing,
        fileUnreadable, formType, formatUnknown, headerIgnored, notUTF8, operationIDMissing, operationIDUnique, parameterType,
        pathParameters, pathTemplate, pathUnique, recursiveType, referenceCycle, referenceRemote, referenceUnresolved, requiredUndeclared,
        responseMissing, responseStatus, securityConflict, securityUndeclared, typeNameCollision, unionAmbiguous, unknownField, unsupported,
        versionUnsupported, wrongType, yamlSyntax, yamlUnsupported,
    ].sorted { $0.id < $1.id }

    /// The rule of that id.
    public static func named(_ id: String) -> Rule? { all.first { $0.id == id } }
}
