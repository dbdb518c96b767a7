enum CodegenDocumentsTestsPlaceholder {}
