public import Foundation

/// The same order as a team would write it by hand for Foundation's coders.
public struct CodableOrder: Codable, Sendable, Equatable {
    public enum Status: String, Codable, Sendable { case draft, placed, paid, shipped, delivered, cancelled }

    public struct Customer: Codable, Sendable, Equatable {
        public enum Tier: String, Codable, Sendable { case standard, silver, gold }

        public var id: Int64
        public var name: String
        public var email: String
        public var phone: String?
        public var tier: Tier?
    }

    public struct Address: Codable, Sendable, Equatable {
        enum CodingKeys: String, CodingKey {
            case street, city, country, latitude, longitude
            case postalCode = "postal_code"
        }

        public var street: String
        public var city: String
        public var postalCode: String
        public var country: String
        public var latitude: Double?
        public var longitude: Double?
    }

    public struct Item: Codable, Sendable, Equatable {
        public enum Kind: String, Codable, Sendable { case goods, digital, service }

        enum CodingKeys: String, CodingKey {
            case sku, title, quantity, discount, kind, attributes
            case unitPrice = "unit_price"
            case inStock = "in_stock"
        }

        public var sku: String
        public var title: String
        public var quantity: Int32
        public var unitPrice: Double
        public var discount: Double?
        public var kind: Kind
        public var attributes: [String: String]?
        public var inStock: Bool?
    }

    public struct Totals: Codable, Sendable, Equatable {
        public var currency: String
        public var net: Double
        public var tax: Double
        public var gross: Double
    }

    enum CodingKeys: String, CodingKey {
        case id, number, status, customer, shipping, billing, items, totals, tags, gift, note
        case placedAt = "placed_at"
        case updatedAt = "updated_at"
    }

    public var id: UUID
    public var number: Int64
    public var status: Status
    public var placedAt: Date
    public var updatedAt: Date?
    public var customer: Customer
    public var shipping: Address
    public var billing: Address?
    public var items: [Item]
    public var totals: Totals
    public var tags: [String]?
    public var gift: Bool?
    public var note: String?
}

/// The order with its dates and its id as plain text: what is left when the coders' work on dates is taken out of the comparison.
public struct TextOrder: Codable, Sendable, Equatable {
    enum CodingKeys: String, CodingKey {
        case id, number, status, customer, shipping, billing, items, totals, tags, gift, note
        case placedAt = "placed_at"
        case updatedAt = "updated_at"
    }

    public var id: String
    public var number: Int64
    public var status: CodableOrder.Status
    public var placedAt: String
    public var updatedAt: String?
    public var customer: CodableOrder.Customer
    public var shipping: CodableOrder.Address
    public var billing: CodableOrder.Address?
    public var items: [CodableOrder.Item]
    public var totals: CodableOrder.Totals
    public var tags: [String]?
    public var gift: Bool?
    public var note: String?
}
