enum WorkspaceTestsPlaceholder {}
