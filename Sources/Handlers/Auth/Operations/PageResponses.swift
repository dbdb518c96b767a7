import AuthAPI

/// Values of Cache-Control.
enum CacheControl {
    /// For everything that is one person's, or true for a moment only.
    static let none = "no-store"
    /// For what everybody may know and what changes seldom; a new signing key must not be unknown for long.
    static let shortly = "public, max-age=300"
}

/// The same headers for every page: it is not kept, not framed, and tells nobody where it was.
extension Page {
    static let referrerPolicy = "no-referrer"
    static let frameOptions = "DENY"
    static let contentTypeOptions = "nosniff"
}

extension Operations.Authorize.Ok {
    init(_ page: Page) {
        self.init(
            cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy, referrerPolicy: Page.referrerPolicy,
            xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions, body: page.html
        )
    }
}

extension Operations.Authorize.BadRequest {
    init(_ page: Page) {
        self.init(
            cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy, referrerPolicy: Page.referrerPolicy,
            xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions, body: page.html
        )
    }
}

extension Operations.Authorize.Default {
    init(_ page: Page) {
        self.init(
            cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy, referrerPolicy: Page.referrerPolicy,
            xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions, body: page.html
        )
    }
}

extension Operations.SignIn.BadRequest {
    init(_ page: Page) {
        self.init(
            cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy, referrerPolicy: Page.referrerPolicy,
            xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions, body: page.html
        )
    }
}

extension Operations.SignIn.Unauthorized {
    init(_ page: Page) {
        self.init(
            cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy, referrerPolicy: Page.referrerPolicy,
            xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions, body: page.html
        )
    }
}

extension Operations.SignIn.TooManyRequests {
    init(_ page: Page, retryAfter seconds: Int) {
        self.init(
            retryAfter: Int32(clamping: seconds), cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy,
            referrerPolicy: Page.referrerPolicy, xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions,
            body: page.html
        )
    }
}

extension Operations.SignIn.ServiceUnavailable {
    init(_ page: Page, retryAfter seconds: Int) {
        self.init(
            retryAfter: Int32(clamping: seconds), cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy,
            referrerPolicy: Page.referrerPolicy, xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions,
            body: page.html
        )
    }
}

extension Operations.SignIn.Default {
    init(_ page: Page) {
        self.init(
            cacheControl: CacheControl.none, contentSecurityPolicy: page.contentSecurityPolicy, referrerPolicy: Page.referrerPolicy,
            xFrameOptions: Page.frameOptions, xContentTypeOptions: Page.contentTypeOptions, body: page.html
        )
    }
}
