enum APISupportPlaceholder {}
