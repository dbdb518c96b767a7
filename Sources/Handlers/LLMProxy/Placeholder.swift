enum LLMProxyPlaceholder {}
