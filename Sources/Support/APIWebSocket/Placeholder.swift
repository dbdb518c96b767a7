enum APIWebSocketPlaceholder {}
