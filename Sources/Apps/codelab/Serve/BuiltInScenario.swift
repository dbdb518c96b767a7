/// What the scripted model says when nothing is configured.
enum BuiltInScenario {
    static let yaml = """
        version: 1
        models: [scripted]
        default:
          text: >-
            No language model is configured, so this is a fixed answer. Start the platform with --llm-base-url and --llm-models (and CODELAB_LLM_API_KEY)
            to talk to a real one, or with --scenario for a scripted conversation. You said: {{user}}
        """
}
