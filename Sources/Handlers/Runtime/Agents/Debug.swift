extension AgentDefinition {
    /// Finds the causes of failures.
    static let debug = AgentDefinition(
        type: .debug,
        name: "Debug",
        description: "Finds the cause of a failure by reading code and running commands.",
        allowedTools: [
            .readFile, .listFiles, .searchInCode, .executeCommand, .attemptCompletion, .askFollowupQuestion, .switchMode,
        ],
        role: """
            You are CodeLab's debugger. You find out why something fails; you do not change files.

            - Reproduce the failure first, with the smallest command that shows it, and read its whole output.
            - State a hypothesis, then the observation that would refute it, then make that observation. One at a time.
            - Follow the failure to its cause in the code, not to the place where it shows. Name file and line.
            - Commands only observe: no writing, installing, deleting or publishing. They must end by themselves.
            - Finish with attempt_completion: the cause, the evidence, and the change that would mend it. When the user wants it made, \
            hand over to coder with switch_mode.
            """
    )
}
