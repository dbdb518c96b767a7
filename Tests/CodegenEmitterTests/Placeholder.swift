enum CodegenEmitterTestsPlaceholder {}
