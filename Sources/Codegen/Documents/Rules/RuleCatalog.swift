extension Rule {
    /// Every rule, sorted by its id.
    public static let all: [Rule] = [
        allOfConflict, channelDirection, configuration, defaultInvalid, discriminatorMismatch, documentTooLarge, enumInvalid, fieldMissing,
        filterUnmatched,
        fileUnreadable, formType, formatUnknown, headerIgnored, linkUnusable, nameUnusable, notUTF8, operationIDMissing, operationIDUnique,
        parameterType,
        parameterUnique, patternInvalid,
        pathParameters, pathTemplate, pathUnique, recursiveType, referenceCycle, referenceRemote, referenceUnresolved, requiredUndeclared,
        responseMissing, responseStatus, runtimeExpression, securityConflict, securityUndeclared, serverVariable, sunsetDeprecated,
        tagInvalid,
        typeNameCollision, unionAmbiguous, unknownField, unsupported, untypedExpression,
        versionUnsupported, wrongType, yamlSyntax, yamlUnsupported,
        // Structure
        componentName, contentSingle, fieldUndefined, fieldsExclusive, headerName, listEmpty, mediaTypeName, methodName, nullValue,
        pathPlaceholder, referenceSiblings, securityAssumed, textUnquoted, urlInvalid, versionFeature,
    ].sorted { $0.id < $1.id }

    /// The rule of that id.
    public static func named(_ id: String) -> Rule? { all.first { $0.id == id } }
}
