extension Rule {
    /// Every rule, sorted by its id.
    public static let all: [Rule] =
        (channelRules + [
            allOfClosed, allOfConflict, bodyForbidden, configuration, defaultInvalid, discriminatorMismatch, documentTooLarge,
            encodingIgnored, enumInvalid, enumValueType, fieldMissing,
            filterUnmatched,
            fileUnreadable, formType, formatUnknown, headerIgnored, linkUnusable, nameUnusable, notUTF8, operationIDMissing,
            operationIDUnique,
            parameterStyle, parameterType,
            parameterUnique, patternInvalid,
            pathParameters, pathTemplate, pathUnique, recursiveType, referenceCycle, referenceRemote, referenceUnresolved,
            requiredUndeclared, typeNull,
            responseMissing, responseStatus, runtimeExpression, schemaIdentifier, securityConflict, securityUndeclared, serverVariable,
            sunsetDeprecated,
            tagInvalid,
            typeNameCollision, unionAmbiguous, unknownField, unsupported, untypedExpression,
            versionUnsupported, wrongType, yamlSyntax, yamlUnsupported,
            // Structure
            componentName, componentRenamed, contentSingle, fieldUndefined, fieldsExclusive, headerName, listEmpty, mediaTypeName,
            methodName,
            nullValue,
            pathPlaceholder, referenceSiblings, securityAssumed, textUnquoted, urlInvalid, versionFeature,
        ]).sorted { $0.id < $1.id }

    /// Up to three rules, and kinds of changes, whose ids are nearest to a misspelt one.
    public static func namesNear(_ id: String) -> [String] {
        var candidates = all.map(\.id) + ChangeKind.allCases.map(\.rawValue)
        var near: [String] = []
        while near.count < 3, let name = NearName.of(id, among: candidates) {
            near.append(name)
            candidates.removeAll { $0 == name }
        }
        return near
    }

    /// The rule of that id.
    public static func named(_ id: String) -> Rule? { all.first { $0.id == id } }
}
