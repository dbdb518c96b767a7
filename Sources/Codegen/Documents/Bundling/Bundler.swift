public import CodegenModel

/// Makes one document of a document and the files that it refers to.
///
/// What stands in another file is moved into the document's components, once, and every reference to it leads there; cycles stay references.
/// Path items, and whatever else the document's version has no components for, are put in place of their references. `operationRef` and
/// `externalValue`, which name files without taking them in, lead from the bundle's folder to where they led. References to other hosts stay
/// as they are.
public struct Bundler {
    public struct Result: Sendable {
        /// nil when there are errors.
        public var yaml: String?
        public var json: String?
        public var diagnostics: [Diagnostic]
        public var texts: [String: String]
    }

    /// A thing that was moved: what it is and what it is called.
    private struct Moved: Hashable {
        let node: ObjectIdentifier
        let section: String
    }

    private let context: ReadContext
    private let root: DocumentNode
    private let version: OpenAPIVersion?
    private var names: [Moved: String] = [:]
    private var taken: [String: Set<String>] = [:]
    private var pending: [(node: DocumentNode, section: String, name: String)] = []
    /// The folder that the bundle is for.
    private let folder: String
    /// Objects that are being put in place of their references: one that holds itself cannot be.
    private var inlining: Set<ObjectIdentifier> = []

    private init(root: DocumentNode, folder: String, context: ReadContext) {
        self.folder = folder
        self.context = context
        self.root = root
        version = root["openapi"]?.string.flatMap(OpenAPIVersion.init)
        for section in root["components"]?.members ?? [] { taken[section.key] = Set(section.value.members.map(\.key)) }
    }

    /// Bundles the OpenAPI or AsyncAPI document at `path`.
    /// - Parameter folder: Where the bundle will lie; the current folder when empty.
    public static func bundle(_ path: String, into folder: String = "", access: FileAccess = .disk) -> Result {
        let context = ReadContext(access: access, limits: DocumentLimits())
        var bundled: BundledNode?
        if let file = context.store.file(at: path) {
            if file.root["openapi"] == nil, file.root["asyncapi"] == nil {
                context.diagnostics.report(.versionUnsupported, "the document is neither OpenAPI nor AsyncAPI", at: file.root.position)
            } else {
                var bundler = Bundler(root: file.root, folder: folder, context: context)
                bundled = bundler.bundle()
            }
        }
        if context.diagnostics.hasErrors { bundled = nil }
        return Result(
            yaml: bundled.map(YAMLWriter.write), json: bundled.map(JSONWriter.write), diagnostics: context.diagnostics.sorted,
            texts: context.store.texts
        )
    }

    private mutating func bundle() -> BundledNode {
        var document = version == nil ? copy(root, below: "") : copy(root, as: .document)
        while !pending.isEmpty {
            let next = pending.removeFirst()
            let value =
                if version == nil { copy(next.node, below: next.section) } else if let kind = Self.kinds[next.section] {
                    copy(next.node, .referable(kind))
                } else { BundledNode(next.node) }
            var components = document["components"] ?? .mapping([])
            var section = components[next.section] ?? .mapping([])
            section.set(next.name, value)
            components.set(next.section, section)
            document.set("components", components)
        }
        return document
    }

    private static let kinds = Dictionary(
        ObjectKind.allCases.compactMap { kind in kind.componentsField.map { ($0, kind) } }, uniquingKeysWith: { first, _ in first }
    )

    // MARK: OpenAPI

    private mutating func copy(_ node: DocumentNode, as kind: ObjectKind) -> BundledNode {
        guard node.isMapping else { return BundledNode(node) }
        let structure = ObjectStructure.of(kind)
        return .mapping(
            node.members.map { member in
                let field = structure.fields[member.key]?.kind
                let value = field ?? (member.key.hasPrefix("x-") ? .any : structure.members ?? .any)
                if kind == .discriminator, member.key == "mapping" {
                    return BundledNode.Member(key: member.key, value: mapping(member.value))
                }
                if kind == .link && member.key == "operationRef" || kind == .example && member.key == "externalValue" {
                    return BundledNode.Member(key: member.key, value: location(member.value))
                }
                return BundledNode.Member(key: member.key, value: copy(member.value, value))
            })
    }

    private mutating func copy(_ node: DocumentNode, _ kind: ValueKind) -> BundledNode {
        switch kind {
        case .schema, .schemaOrFlag: return copyReferable(node, .schema)
        case .object(let kind): return kind == .pathItem ? copyReferable(node, kind) : copy(node, as: kind)
        case .referable(let kind): return copyReferable(node, kind)
        case .list(let element, _):
            guard node.isSequence else { return BundledNode(node) }
            return .sequence(node.elements.map { copy($0, element) })
        case .map(let value, _):
            guard node.isMapping else { return BundledNode(node) }
            return .mapping(node.members.map { BundledNode.Member(key: $0.key, value: copy($0.value, value)) })
        default: return BundledNode(node)
        }
    }

    private mutating func copyReferable(_ node: DocumentNode, _ kind: ObjectKind) -> BundledNode {
        guard let reference = node["$ref"], reference.string != nil else { return copy(node, as: kind) }
        if let section = self.section(of: kind), let text = moved(reference, section: section) {
            var copy = kind == .schema || kind == .pathItem ? copy(node, as: kind) : BundledNode(node)
            copy.set("$ref", .string(text))
            return copy
        }
        // Nothing can hold it but this place.
        guard isExternal(reference), let target = context.references.resolve(node)?.node else { return BundledNode(node) }
        guard inlining.insert(target.id).inserted else {
            context.diagnostics.report(
                .referenceCycle, "an object that holds itself cannot be put in place of its reference", at: reference.position,
                help: "begin the document with `openapi: 3.1.0`, which has components for it"
            )
            return BundledNode(node)
        }
        defer { inlining.remove(target.id) }
        var copy = copy(target, as: kind)
        for sibling in node.members where sibling.key != "$ref" { copy.set(sibling.key, BundledNode(sibling.value)) }
        return copy
    }

    /// Where the document's version keeps objects of `kind`.
    private func section(of kind: ObjectKind) -> String? {
        guard let version, let field = kind.componentsField,
            ObjectStructure.of(.components).fields[field]?.exists(in: version) == true
        else { return nil }
        return field
    }

    /// A mapping's values are references or names of components.
    private mutating func mapping(_ node: DocumentNode) -> BundledNode {
        guard node.isMapping else { return BundledNode(node) }
        return .mapping(
            node.members.map { member in
                var value = BundledNode(member.value)
                if let text = member.value.string, text.contains("/") || text.contains("#"),
                    let target = moved(member.value, section: "schemas")
                {
                    value = .string(target)
                }
                return BundledNode.Member(key: member.key, value: value)
            })
    }

    /// A URI of something that is not taken into the bundle, as seen from there.
    private func location(_ node: DocumentNode) -> BundledNode {
        guard let text = node.string else { return BundledNode(node) }
        let (uri, fragment) = URIReference.split(text)
        let isOfHost = uri.prefix { $0 != "/" }.contains(":") || uri.hasPrefix("/")
        if isOfHost || uri.isEmpty && node.realPath == root.realPath { return BundledNode(node) }
        let file = node.position.file
        let path = Path.normalized(uri.isEmpty ? file : Path.join(Path.directory(of: file), uri))
        let ending = fragment.map { "#" + $0 } ?? ""
        if path == Path.normalized(root.position.file) { return .string(ending) }
        return .string(Path.relative(path, to: folder) + ending)
    }

    // MARK: AsyncAPI

    /// The fields of AsyncAPI's objects under which a reference leads to a component of the same section, by the nearest field above it.
    private static let sections: [String: String] = [
        "schemas": "schemas", "properties": "schemas", "payload": "schemas", "schema": "schemas", "items": "schemas", "allOf": "schemas",
        "oneOf": "schemas", "anyOf": "schemas", "additionalProperties": "schemas", "headers": "schemas", "not": "schemas",
        "messages": "messages", "parameters": "parameters", "channels": "channels", "servers": "servers", "operations": "operations",
        "traits": "operationTraits", "bindings": "channelBindings", "correlationId": "correlationIds", "tags": "tags",
        "externalDocs": "externalDocs", "security": "securitySchemes", "securitySchemes": "securitySchemes", "reply": "replies",
        "address": "replyAddresses", "variables": "serverVariables",
    ]
    private static let verbatim: Set<String> = ["example", "examples", "default", "const", "enum"]

    private mutating func copy(_ node: DocumentNode, below field: String) -> BundledNode {
        switch node.content {
        case .scalar(let scalar): return .scalar(scalar)
        case .sequence(let elements): return .sequence(elements.map { copy($0, below: field) })
        case .mapping(let members):
            let isMapOfNames = ["properties", "schemas", "messages", "channels"].contains(field)
            var result: [BundledNode.Member] = []
            for member in members {
                let key = member.key
                if key == "$ref", !isMapOfNames || members.count == 1,
                    let text = moved(member.value, section: Self.sections[field] ?? "schemas")
                {
                    result.append(BundledNode.Member(key: key, value: .string(text)))
                } else if !isMapOfNames, Self.verbatim.contains(key) || key.hasPrefix("x-") {
                    result.append(BundledNode.Member(key: key, value: BundledNode(member.value)))
                } else {
                    result.append(BundledNode.Member(key: key, value: copy(member.value, below: Self.sections[key] == nil ? field : key)))
                }
            }
            return .mapping(result)
        }
    }

    // MARK: References

    /// What a reference becomes; nil when it stays as it is, because it leads to another host or nowhere.
    private mutating func moved(_ reference: DocumentNode, section: String) -> String? {
        guard let text = reference.string, !text.contains("://") else { return nil }
        if !isExternal(reference) { return text }
        guard let target = context.references.target(of: reference) else { return nil }
        if target.node.realPath == root.realPath { return "#" + target.pointer.fragment }
        return "#/components/\(section)/" + name(of: target, section: section, at: reference.position)
    }

    /// Whether a reference must change: it stands in another file, or leads to one.
    private func isExternal(_ reference: DocumentNode) -> Bool {
        reference.realPath != root.realPath || reference.string?.hasPrefix("#") == false
    }

    private mutating func name(of target: ReferenceResolver.Target, section: String, at position: SourcePosition) -> String {
        let moved = Moved(node: target.node.id, section: section)
        if let known = names[moved] { return known }
        let wanted = String(
            (target.componentName ?? "Component").map { character in
                character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character)) ? character : "_"
            })
        var name = wanted.isEmpty ? "Component" : wanted
        var number = 2
        while taken[section, default: []].contains(name) {
            name = "\(wanted)\(number)"
            number += 1
        }
        if name != wanted {
            context.diagnostics.report(
                .componentRenamed, "there is another `\(wanted)` in \(section): the one of \(target.node.position.file) becomes `\(name)`",
                at: position
            )
        }
        taken[section, default: []].insert(name)
        names[moved] = name
        pending.append((target.node, section, name))
        return name
    }
}

extension JSONPointer {
    /// The pointer as it stands behind `#` (RFC 6901, section 6).
    var fragment: String {
        tokens.map { token in
            "/"
                + token.replacing("~", with: "~0").replacing("/", with: "~1").utf8.map { byte -> String in
                    let isAllowed =
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || "-._~!$&'()*+,;=:@".utf8.contains(byte)
                    return isAllowed ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }.joined()
        }.joined()
    }
}

extension Rule {
    static let componentRenamed = Rule(
        "component-renamed", "Two files do not call different things by one name.", severity: .warning,
        help: "rename one of the two to choose the name yourself",
        explanation: """
            `bundle` puts what other files hold into one document's components, where a name can stand for one thing only. The later one gets a
            number, and so does the Swift type that is generated from it.
            """
    )
}
