import APISupport
import HTTPTypes
import Testing
import WireAPI

/// The examples of OpenAPI 3.1.1, section 4.8.12.6 (style examples), byte for byte, and that what is sent is what is read.
@Suite("Parameters on the wire")
struct WireParameterTests {
    private let wire = Wire()
    private let array = ["blue", "black", "brown"]
    private let object = Schemas.Color(r: 100, g: 200, b: 150)
    /// What has a meaning somewhere in a URL, a header or a list.
    private let nasty = ["a,b", "c d", "e/f?g#h", "ü🙂", "100%", "%2C", "a&b=c+d", "", ";x|z", "[k]", "\"q\"", "~_-!'()*:@$"]

    private func path() -> String { wire.lastRequest?.head.path ?? "" }
    private func value() -> String { path().split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? "" }
    private func query() -> String { path().firstIndex(of: "?").map { String(path()[$0...].dropFirst()) } ?? "" }
    private func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { wire.lastRequest?.head.headerFields[$0] } }

    // MARK: Paths

    @Test("simple in a path")
    func simplePath() async throws {
        _ = try await wire.client.simplePathText(.init(color: "blue"))
        #expect(value() == "blue")
        _ = try await wire.client.simplePathArray(.init(color: array))
        #expect(value() == "blue,black,brown")
        _ = try await wire.client.simplePathObject(.init(color: object))
        #expect(value() == "R,100,G,200,B,150")
        #expect(wire.last(Operations.SimplePathObject.Input.self)?.color == object)
        _ = try await wire.client.simplePathExplodedArray(.init(color: array))
        #expect(value() == "blue,black,brown")
        _ = try await wire.client.simplePathExplodedObject(.init(color: object))
        #expect(value() == "R=100,G=200,B=150")
        #expect(wire.last(Operations.SimplePathExplodedObject.Input.self)?.color == object)
    }

    @Test("label")
    func labelPath() async throws {
        _ = try await wire.client.labelPathText(.init(color: "blue"))
        #expect(value() == ".blue")
        _ = try await wire.client.labelPathText(.init(color: ""))
        #expect(value() == "." && wire.last(Operations.LabelPathText.Input.self)?.color == "")
        _ = try await wire.client.labelPathArray(.init(color: array))
        #expect(value() == ".blue,black,brown")
        _ = try await wire.client.labelPathObject(.init(color: object))
        #expect(value() == ".R,100,G,200,B,150")
        #expect(wire.last(Operations.LabelPathObject.Input.self)?.color == object)
        _ = try await wire.client.labelPathExplodedArray(.init(color: array))
        #expect(value() == ".blue.black.brown")
        #expect(wire.last(Operations.LabelPathExplodedArray.Input.self)?.color == array)
        _ = try await wire.client.labelPathExplodedObject(.init(color: object))
        #expect(value() == ".R=100.G=200.B=150")
        #expect(wire.last(Operations.LabelPathExplodedObject.Input.self)?.color == object)
    }

    @Test("matrix")
    func matrixPath() async throws {
        _ = try await wire.client.matrixPathText(.init(color: "blue"))
        #expect(value() == ";color=blue")
        _ = try await wire.client.matrixPathText(.init(color: ""))
        #expect(value() == ";color" && wire.last(Operations.MatrixPathText.Input.self)?.color == "")
        _ = try await wire.client.matrixPathArray(.init(color: array))
        #expect(value() == ";color=blue,black,brown")
        _ = try await wire.client.matrixPathObject(.init(color: object))
        #expect(value() == ";color=R,100,G,200,B,150")
        #expect(wire.last(Operations.MatrixPathObject.Input.self)?.color == object)
        _ = try await wire.client.matrixPathExplodedArray(.init(color: array))
        #expect(value() == ";color=blue;color=black;color=brown")
        #expect(wire.last(Operations.MatrixPathExplodedArray.Input.self)?.color == array)
        _ = try await wire.client.matrixPathExplodedObject(.init(color: object))
        #expect(value() == ";R=100;G=200;B=150")
        #expect(wire.last(Operations.MatrixPathExplodedObject.Input.self)?.color == object)
    }

    @Test("nasty values survive a path")
    func nastyPaths() async throws {
        _ = try await wire.client.simplePathArray(.init(color: nasty))
        #expect(wire.last(Operations.SimplePathArray.Input.self)?.color == nasty)
        #expect(value().hasPrefix("a%2Cb,c%20d,e%2Ff%3Fg%23h,%C3%BC%F0%9F%99%82,100%25,%252C,a%26b%3Dc%2Bd,,%3Bx%7Cz,"))
        _ = try await wire.client.labelPathArray(.init(color: nasty))
        #expect(wire.last(Operations.LabelPathArray.Input.self)?.color == nasty)
        _ = try await wire.client.labelPathExplodedArray(.init(color: nasty))
        #expect(wire.last(Operations.LabelPathExplodedArray.Input.self)?.color == nasty)
        _ = try await wire.client.matrixPathArray(.init(color: nasty))
        #expect(wire.last(Operations.MatrixPathArray.Input.self)?.color == nasty)
        _ = try await wire.client.matrixPathExplodedArray(.init(color: nasty))
        #expect(wire.last(Operations.MatrixPathExplodedArray.Input.self)?.color == nasty)
        for text in nasty where !text.isEmpty {
            _ = try await wire.client.simplePathText(.init(color: text))
            #expect(wire.last(Operations.SimplePathText.Input.self)?.color == text)
            _ = try await wire.client.matrixPathText(.init(color: text))
            #expect(wire.last(Operations.MatrixPathText.Input.self)?.color == text)
        }
    }

    // MARK: Queries

    @Test("form")
    func formQuery() async throws {
        _ = try await wire.client.formQuery(.init(color: "blue", colorArray: array, colorObject: object))
        #expect(query() == "color=blue&color_array=blue,black,brown&color_object=R,100,G,200,B,150")
        #expect(wire.last(Operations.FormQuery.Input.self)?.colorObject == object)
        _ = try await wire.client.formQuery(.init(color: "", colorArray: nasty))
        #expect(query().hasPrefix("color=&color_array=a%2Cb,c%20d,"))
        let input = wire.last(Operations.FormQuery.Input.self)
        #expect(input?.color == "" && input?.colorArray == nasty && input?.colorObject == nil)
    }

    @Test("form, exploded")
    func formQueryExploded() async throws {
        _ = try await wire.client.formQueryExploded(.init(color: "blue", colorArray: array, colorObject: object))
        #expect(query() == "color=blue&color_array=blue&color_array=black&color_array=brown&R=100&G=200&B=150")
        #expect(wire.last(Operations.FormQueryExploded.Input.self)?.colorObject == object)
        _ = try await wire.client.formQueryExploded(.init(colorArray: nasty))
        let input = wire.last(Operations.FormQueryExploded.Input.self)
        #expect(input?.color == nil && input?.colorArray == nasty && input?.colorObject == nil)
    }

    @Test("spaceDelimited, pipeDelimited")
    func delimited() async throws {
        _ = try await wire.client.spaceDelimited(.init(colorArray: array, colorObject: object))
        #expect(query() == "color_array=blue%20black%20brown&color_object=R%20100%20G%20200%20B%20150")
        #expect(wire.last(Operations.SpaceDelimited.Input.self)?.colorObject == object)
        let withoutSpace = nasty.filter { !$0.contains(" ") }
        _ = try await wire.client.spaceDelimited(.init(colorArray: withoutSpace))
        #expect(wire.last(Operations.SpaceDelimited.Input.self)?.colorArray == withoutSpace)
        _ = try await wire.client.pipeDelimited(.init(colorArray: array, colorObject: object))
        #expect(query() == "color_array=blue%7Cblack%7Cbrown&color_object=R%7C100%7CG%7C200%7CB%7C150")
        #expect(wire.last(Operations.PipeDelimited.Input.self)?.colorObject == object)
        let withoutPipe = nasty.filter { !$0.contains("|") }
        _ = try await wire.client.pipeDelimited(.init(colorArray: withoutPipe))
        #expect(wire.last(Operations.PipeDelimited.Input.self)?.colorArray == withoutPipe)
        #expect(try await wire.send(.get, "/pipeDelimited?color_array=a|b%7cc").status == 204)
        #expect(wire.last(Operations.PipeDelimited.Input.self)?.colorArray == ["a", "b", "c"])
    }

    @Test("deepObject, with lists and objects in it")
    func deepObject() async throws {
        _ = try await wire.client.deepObject(.init(colorObject: object))
        #expect(query() == "color_object%5BR%5D=100&color_object%5BG%5D=200&color_object%5BB%5D=150")
        #expect(wire.last(Operations.DeepObject.Input.self)?.colorObject == object)
        #expect(
            try await wire.violations(
                .get, "/deepObject?color_object[R]=-1&color_object[G]=x&color_object[Z]=1&color_object[B]=1&color_object[B]=2") == [
                    "query:color_object/R minimum", "query:color_object/G type", "query:color_object/Z additionalProperties",
                    "query:color_object/B duplicate",
                ])
        let filter = Schemas.Where(name: "a[b]=&ü", sizes: [1, 2], range: .init(min: 0.5, max: 2))
        _ = try await wire.client.more(more { $0.where = filter })
        #expect(wire.last(Operations.More.Input.self)?.where == filter)
        for form in ["where[sizes]=1&where[sizes]=2", "where[sizes][]=1&where[sizes][]=2", "where[sizes][0]=1&where%5Bsizes%5D%5B1%5D=2"] {
            #expect(try await wire.send(.get, "/more/1..2/f.json?" + form).status == 200)
            #expect(wire.last(Operations.More.Input.self)?.where?.sizes == [1, 2])
        }
    }

    // MARK: Headers and cookies

    @Test("simple in a header")
    func headers() async throws {
        _ = try await wire.client.headerSimple(.init(xColor: "blue", xColorArray: array, xColorObject: object))
        #expect(field("X-Color") == "blue" && field("X-Color-array") == "blue,black,brown")
        #expect(field("X-Color-object") == "R,100,G,200,B,150")
        #expect(wire.last(Operations.HeaderSimple.Input.self)?.xColorObject == object)
        _ = try await wire.client.headerExploded(.init(xColorObject: object))
        #expect(field("X-Color-object") == "R=100,G=200,B=150")
        #expect(wire.last(Operations.HeaderExploded.Input.self)?.xColorObject == object)
        _ = try await wire.client.headerSimple(.init(xColor: "100%, \"x\"", xColorArray: nasty))
        let input = wire.last(Operations.HeaderSimple.Input.self)
        #expect(input?.xColor == "100%, \"x\"" && input?.xColorArray == nasty)
    }

    @Test("cookies: form, and the style of OpenAPI 3.2")
    func cookies() async throws {
        _ = try await wire.client.cookieForm(.init(color: "blue", colorArray: array, colorObject: object))
        #expect(field("Cookie") == "color=blue; color_array=blue,black,brown; color_object=R,100,G,200,B,150")
        #expect(wire.last(Operations.CookieForm.Input.self)?.colorObject == object)
        _ = try await wire.client.cookieFormExploded(.init(color: "a;b=ü", colorArray: nasty, colorObject: object))
        let form = wire.last(Operations.CookieFormExploded.Input.self)
        #expect(form?.color == "a;b=ü" && form?.colorArray == nasty && form?.colorObject == object)
        _ = try await wire.client.cookieStyle(.init(color: "100%/=+", colorArray: array, colorObject: object))
        #expect(field("Cookie") == "color=100%/=+; color_array=blue; color_array=black; color_array=brown; R=100; G=200; B=150")
        let style = wire.last(Operations.CookieStyle.Input.self)
        #expect(style?.color == "100%/=+" && style?.colorArray == array && style?.colorObject == object)
        #expect(try await wire.send(.get, "/cookieStyle", [.cookie: " other=1;color=\"a b\" ; R=1"]).status == 204)
        #expect(wire.last(Operations.CookieStyle.Input.self)?.color == "a b")
    }

    // MARK: Everything else

    private func more(_ change: (inout Operations.More.Input) -> Void = { _ in }) -> Operations.More.Input {
        var input = Operations.More.Input(from: 1, to: 2, file: "f")
        change(&input)
        return input
    }

    @Test("several placeholders in a segment")
    func segments() async throws {
        let answer = try await wire.client.more(.init(from: -1, to: 22, file: "a.b/c"))
        #expect(path() == "/more/-1..22/a.b%2Fc.json")
        #expect(try answer.ok.text == "-1 22 a.b/c")
        #expect(try await wire.send(.get, "/more/1..2/.json").status == 404)
        #expect(try await wire.violations(.get, "/more/1..x..2/f.json") == ["path:to type"])
    }

    @Test("JSON in a query and in a header")
    func jsonParameters() async throws {
        let filter = Schemas.Filter(name: "a&b=\"ü\"", size: 3, tags: [",", ""])
        _ = try await wire.client.more(
            more {
                $0.filter = filter; $0.xFilter = filter
            })
        let input = wire.last(Operations.More.Input.self)
        #expect(input?.filter == filter && input?.xFilter == filter)
        #expect(try await wire.violations(.get, "/more/1..2/f.json?filter={&filter=1") == ["query:filter duplicate"])
        #expect(try await wire.violations(.get, "/more/1..2/f.json?filter=%7B") == ["query:filter contentMediaType"])
        #expect(
            try await wire.violations(.get, "/more/1..2/f.json?filter=%7B%22size%22:%22x%22%7D") == [
                "query:filter/size type", "query:filter/name required",
            ])
    }

    @Test("reserved characters where they are allowed, empty values where they are")
    func reservedAndEmpty() async throws {
        _ = try await wire.client.more(more { $0.reserved = "a/b?c=d:@!$'()*,;e&f#g[h]+i j%20ü" })
        #expect(query() == "reserved=a/b?c=d:@!$'()*,;e%26f%23g%5Bh%5D%2Bi%20j%20%C3%BC")
        #expect(try await wire.send(.get, "/more/1..2/f.json?flag=").status == 200)
        #expect(wire.last(Operations.More.Input.self)?.flag == nil)
        #expect(try await wire.violations(.get, "/more/1..2/f.json?ratio=&flag=x") == ["query:flag type", "query:ratio type"])
    }

    @Test("null is absence; a union takes what fits; lists or one")
    func unions() async throws {
        _ = try await wire.client.more(
            more {
                $0.nullable = 5; $0.either = .boolean(true); $0.oneOrMany = .array(["x", "y"])
            })
        var input = wire.last(Operations.More.Input.self)
        #expect(input?.nullable == 5 && input?.either == .boolean(true) && input?.oneOrMany == .array(["x", "y"]))
        _ = try await wire.client.more(
            more {
                $0.either = .integer(7); $0.oneOrMany = .string("x,y")
            })
        input = wire.last(Operations.More.Input.self)
        #expect(input?.nullable == nil && input?.either == .integer(7) && input?.oneOrMany == .string("x,y"))
        #expect(
            try await wire.violations(.get, "/more/1..2/f.json?either=long&nullable=0") == [
                "query:nullable minimum", "query:either maxLength",
            ])
    }

    @Test("members that are not named are taken of what no other parameter is")
    func otherMembers() async throws {
        _ = try await wire.client.more(
            more {
                $0.others = ["z": 1, "ä b": -2]; $0.ratio = 0.5
            })
        let input = wire.last(Operations.More.Input.self)
        #expect(input?.others == ["z": 1, "ä b": -2] && input?.ratio == 0.5)
        #expect(try await wire.violations(.get, "/more/1..2/f.json?z=x&ratio=1&where[name]=n") == ["query:others/z type"])
    }

    @Test("all violations in one answer, and what is not declared is ignored")
    func violations() async throws {
        #expect(
            try await wire.violations(.get, "/more/1..x/f.json?level=low,high,low&since=today&ratio=1&ratio=2&nothing=1") == [
                "path:to type", "query:since type", "query:ratio duplicate", "query:level maxItems",
            ])
        #expect(try await wire.violations(.get, "/more/1..2/f.json?level=low&level=high") == ["query:level duplicate"])
        #expect(try await wire.send(.get, "/more/%ZZ..2/f.json").status == 400)
        #expect(try await wire.send(.get, "/more/%FF..2/f.json").status == 400)
    }

    @Test("the whole query")
    func querystring() async throws {
        let filter = Schemas.Filter(name: "a&b ü", size: 3, tags: ["x", ",y"])
        _ = try await wire.client.wholeQuery(.init(search: filter))
        #expect(query() == "name=a%26b+%C3%BC&size=3&tags=x&tags=%2Cy")
        #expect(wire.last(Operations.WholeQuery.Input.self)?.search == filter)
        #expect(
            try await wire.violations(.get, "/querystring?size=x") == ["querystring:search/size type", "querystring:search/name required"])
        _ = try await wire.client.wholeQueryJSON(.init(search: filter))
        #expect(query().hasPrefix("%7B%22name%22%3A%22a%26b"))
        #expect(wire.last(Operations.WholeQueryJSON.Input.self)?.search == filter)
        _ = try await wire.client.wholeQueryJSON(.init())
        #expect(wire.last(Operations.WholeQueryJSON.Input.self)?.search == nil)
    }
}
