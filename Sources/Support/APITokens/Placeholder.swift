enum APITokensPlaceholder {}
