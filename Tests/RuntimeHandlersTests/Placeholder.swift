enum RuntimeHandlersTestsPlaceholder {}
