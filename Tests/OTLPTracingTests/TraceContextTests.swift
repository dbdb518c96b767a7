import Testing

@testable import OTLPTracing

@Suite("W3C Trace Context")
struct TraceContextTests {
    private let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("What is read is written the same")
    func roundTrip() throws {
        let trace = try #require(TraceContext(parent: parent, state: "vendor=1,other=2"))
        #expect(trace.traceIDText == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(trace.spanIDText == "00f067aa0ba902b7")
        #expect(trace.isSampled)
        #expect(trace.parent == parent)
        #expect(trace.state == "vendor=1,other=2")
    }

    @Test(
        "What the standard tells to ignore is ignored",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\u{0}", "é0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-" + String(repeating: "a", count: 300),
        ])
    func ignored(_ field: String) { #expect(TraceContext(parent: field) == nil) }

    @Test("A later version is read as far as it is known, and written as ours")
    func laterVersion() throws {
        let trace = try #require(TraceContext(parent: "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-08-what-comes"))
        #expect(!trace.isSampled)
        #expect(trace.parent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
    }

    @Test("A state that nobody may send is not passed on", arguments: ["", "a=\n", "ü=1", String(repeating: "a", count: 513)])
    func state(_ text: String) throws { #expect(try #require(TraceContext(parent: parent, state: text)).state == nil) }

    @Test("A part of the traces is about that part, and every process decides alike")
    func ratio() throws {
        let sampler = try Sampler(name: "traceidratio", argument: "0.25")
        let traces = (0..<10_000).map { _ in TraceContext.root() }
        let sampled = traces.filter { sampler.samples($0, parent: nil) }
        #expect((2000...3000).contains(sampled.count))
        let other = try Sampler(name: "parentbased_traceidratio", argument: "0.25")
        #expect(traces.allSatisfy { sampler.samples($0, parent: nil) == other.samples($0, parent: nil) })
        var parent = traces[0]
        for isSampled in [true, false] {
            parent.isSampled = isSampled
            #expect(traces.allSatisfy { other.samples($0, parent: parent) == isSampled })
        }
        #expect(traces.allSatisfy { Sampler.ratio(1).samples($0, parent: nil) && !Sampler.ratio(0).samples($0, parent: nil) })
    }

    @Test("Samplers that there are not are refused")
    func unknownSamplers() {
        #expect(throws: TracingConfigurationError.self) { try Sampler(name: "sometimes", argument: nil) }
        for argument in ["2", "-1", "x", "nan"] {
            #expect(throws: TracingConfigurationError.self) { try Sampler(name: "traceidratio", argument: argument) }
        }
    }

    @Test("Fields and attributes are read as the specification says, and what is wrong is not quoted")
    func lists() throws {
        let configuration = try TracingConfiguration(
            endpoint: "http://localhost:4318", headers: "authorization=Bearer%20abc, x-tenant = one",
            resource: "deployment.environment=dev,service.name=no",
            name: "codelab", version: "1")
        #expect(configuration.headers.map(\.name) == ["authorization", "x-tenant"])
        #expect(configuration.headers.map(\.value) == ["Bearer abc", "one"])
        #expect(
            configuration.resource.map { "\($0.name)=\($0.value)" } == [
                "service.name=codelab", "service.version=1", "deployment.environment=dev",
            ])
        #expect(!"\(configuration)".contains("abc"))
        for headers in ["secret", "a=1,secret", "=secret", "a=%zzsecret", "a=%ff"] {
            let error = #expect(throws: TracingConfigurationError.self) {
                try TracingConfiguration(endpoint: "http://localhost:4318", headers: headers, name: "codelab", version: "1")
            }
            #expect(error?.description.contains("secret") == false)
        }
    }
}
