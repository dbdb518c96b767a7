enum APIAsyncHTTPClientPlaceholder {}
