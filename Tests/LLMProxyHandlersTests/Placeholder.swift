enum LLMProxyHandlersTestsPlaceholder {}
