enum AuthHandlersTestsPlaceholder {}
