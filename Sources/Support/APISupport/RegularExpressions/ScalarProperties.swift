/// The properties that `\p{…}` names (ECMA-262, tables 68 and 69): those that the standard library knows.
enum ScalarProperties {
    /// nil for a property that is not known here; `Script` is one.
    static func test(_ expression: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        let parts = expression.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard ["General_Category", "gc"].contains(parts[0]) else { return nil }
            return category(String(parts[1]))
        }
        return category(expression) ?? binary(expression)
    }

    private static func category(_ name: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        guard let categories = categories[name] else { return nil }
        return { categories.contains($0.properties.generalCategory) }
    }

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        var table: [String: Set<Unicode.GeneralCategory>] = [:]
        for (names, category) in single {
            for name in names { table[name] = [category] }
            // The group of a category is its first letter.
            table[String(names[0].prefix(1)), default: []].insert(category)
        }
        for (name, letter) in groups { table[name] = table[letter] }
        table["LC"] = [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
        table["Cased_Letter"] = table["LC"]
        return table
    }()

    private static let groups: [(String, String)] = [
        ("Letter", "L"), ("Mark", "M"), ("Combining_Mark", "M"), ("Number", "N"), ("Punctuation", "P"), ("punct", "P"), ("Symbol", "S"),
        ("Separator", "Z"), ("Other", "C"),
    ]

    private static let single: [([String], Unicode.GeneralCategory)] = [
        (["Lu", "Uppercase_Letter"], .uppercaseLetter), (["Ll", "Lowercase_Letter"], .lowercaseLetter),
        (["Lt", "Titlecase_Letter"], .titlecaseLetter), (["Lm", "Modifier_Letter"], .modifierLetter),
        (["Lo", "Other_Letter"], .otherLetter), (["Mn", "Nonspacing_Mark"], .nonspacingMark), (["Mc", "Spacing_Mark"], .spacingMark),
        (["Me", "Enclosing_Mark"], .enclosingMark), (["Nd", "Decimal_Number", "digit"], .decimalNumber),
        (["Nl", "Letter_Number"], .letterNumber), (["No", "Other_Number"], .otherNumber),
        (["Pc", "Connector_Punctuation"], .connectorPunctuation), (["Pd", "Dash_Punctuation"], .dashPunctuation),
        (["Ps", "Open_Punctuation"], .openPunctuation), (["Pe", "Close_Punctuation"], .closePunctuation),
        (["Pi", "Initial_Punctuation"], .initialPunctuation), (["Pf", "Final_Punctuation"], .finalPunctuation),
        (["Po", "Other_Punctuation"], .otherPunctuation), (["Sm", "Math_Symbol"], .mathSymbol),
        (["Sc", "Currency_Symbol"], .currencySymbol), (["Sk", "Modifier_Symbol"], .modifierSymbol), (["So", "Other_Symbol"], .otherSymbol),
        (["Zs", "Space_Separator"], .spaceSeparator), (["Zl", "Line_Separator"], .lineSeparator),
        (["Zp", "Paragraph_Separator"], .paragraphSeparator), (["Cc", "Control", "cntrl"], .control), (["Cf", "Format"], .format),
        (["Cs", "Surrogate"], .surrogate), (["Co", "Private_Use"], .privateUse), (["Cn", "Unassigned"], .unassigned),
    ]

    private static func binary(_ name: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        switch name {
        case "Any": { _ in true }
        case "ASCII": { $0.isASCII }
        case "Assigned": { $0.properties.generalCategory != .unassigned }
        case "Alphabetic", "Alpha": { $0.properties.isAlphabetic }
        case "Lowercase", "Lower": { $0.properties.isLowercase }
        case "Uppercase", "Upper": { $0.properties.isUppercase }
        case "White_Space", "space": { $0.properties.isWhitespace }
        case "ID_Start", "IDS": { $0.properties.isIDStart }
        case "ID_Continue", "IDC": { $0.properties.isIDContinue }
        case "XID_Start", "XIDS": { $0.properties.isXIDStart }
        case "XID_Continue", "XIDC": { $0.properties.isXIDContinue }
        case "Emoji": { $0.properties.isEmoji }
        case "Emoji_Presentation", "EPres": { $0.properties.isEmojiPresentation }
        case "Emoji_Modifier", "EMod": { $0.properties.isEmojiModifier }
        case "Emoji_Modifier_Base", "EBase": { $0.properties.isEmojiModifierBase }
        case "Math": { $0.properties.isMath }
        case "Hex_Digit", "Hex": { $0.properties.isHexDigit }
        case "ASCII_Hex_Digit", "AHex": { $0.properties.isASCIIHexDigit }
        case "Ideographic", "Ideo": { $0.properties.isIdeographic }
        case "Cased": { $0.properties.isCased }
        case "Dash": { $0.properties.isDash }
        case "Diacritic", "Dia": { $0.properties.isDiacritic }
        case "Extender", "Ext": { $0.properties.isExtender }
        case "Default_Ignorable_Code_Point", "DI": { $0.properties.isDefaultIgnorableCodePoint }
        case "Noncharacter_Code_Point", "NChar": { $0.properties.isNoncharacterCodePoint }
        default: nil
        }
    }
}
