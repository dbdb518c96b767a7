enum APIHummingbirdPlaceholder {}
