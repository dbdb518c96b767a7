internal import HTTPTypes

extension HTTPFields {
    /// What the subscript gives, at once where the field is there once only.
    func value(of name: HTTPField.Name) -> String? {
        var value: String?
        for field in self where field.name == name {
            if value != nil { return self[name] }
            value = field.value
        }
        return value
    }
}
