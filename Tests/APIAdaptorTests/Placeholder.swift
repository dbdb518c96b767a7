enum APIAdaptorTestsPlaceholder {}
