enum GatewayHandlersTestsPlaceholder {}
