import CodegenModel

extension StructureChecker {
    /// Checks the key of a map's member.
    func check(key member: DocumentNode.Member, _ kind: KeyKind) {
        switch kind {
        case .any: return
        case .component:
            let isAllowed = !member.key.isEmpty && member.key.utf8.allSatisfy { Self.isNameByte($0) || $0 == UInt8(ascii: ".") }
            if !isAllowed {
                diagnostics.report(
                    .componentName, "`\(member.key)` is no name of a component", at: member.keyPosition,
                    help: "use letters, digits, `.`, `-` and `_`",
                    // The schema of 3.0 does not say it, and names made of generic types are common there.
                    severity: version == .v3_0 ? .warning : nil
                )
            }
        case .token:
            if !Self.isToken(member.key) {
                diagnostics.report(.headerName, "`\(member.key)` is no name of a header", at: member.keyPosition)
            }
        case .mediaRange:
            let parts = member.key.prefix { $0 != ";" }.split(separator: "/", omittingEmptySubsequences: false)
            let isRange = parts.count == 2 && parts.allSatisfy { Self.isToken($0.trimmingSpaces) }
            if !isRange {
                diagnostics.report(.mediaTypeName, "`\(member.key)` is no media type", at: member.keyPosition)
            }
        case .method:
            let reserved = ObjectStructure.methods + ["query"]
            if !Self.isToken(member.key) {
                diagnostics.report(.methodName, "`\(member.key)` is no HTTP method", at: member.keyPosition)
            } else if reserved.contains(member.key.lowercased()) {
                diagnostics.report(
                    .methodName, "`\(member.key)` has a field of its own", at: member.keyPosition,
                    help: "move it to `\(member.key.lowercased())` of the Path Item Object"
                )
            }
        }
    }

    /// RFC 9110, section 5.6.2.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isNameByte($0) || "!#$%&'*+.^`|~".utf8.contains($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
