enum EmitterPlaceholder {}
