enum APISupportTestsPlaceholder {}
