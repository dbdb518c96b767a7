/// For `explain`: a piece of a document that breaks a rule, and the same mended, of the rules that do not bring their own.
enum RuleExamples {
    static let all: [String: (wrong: String, right: String)] = [
        "all-of-closed": (
            "allOf:\n- {properties: {id: {}}, additionalProperties: false}\n- {properties: {name: {}}}",
            "allOf: [{properties: {id: {}}}, {properties: {name: {}}}]\nunevaluatedProperties: false"
        ),
        "all-of-conflict": (
            "allOf:\n- {properties: {id: {type: string}}}\n- {properties: {id: {type: integer}}}",
            "allOf:\n- {properties: {id: {type: string}}}\n- {properties: {number: {type: integer}}}"
        ),
        "body-forbidden": ("'204': {description: Gone, content: {application/json: {}}}", "'204': {description: Gone}"),
        "channel-unused": (
            "channels:\n  pets: {address: /pets, messages: {fed: {payload: {type: string}}}}",
            "channels:\n  pets: {address: /pets, messages: {fed: {payload: {type: string}}}}\n"
                + "operations:\n  feed: {action: receive, channel: {$ref: '#/channels/pets'}}"
        ),
        "close-code": ("x-close-codes: {1001: {description: Gone}}", "x-close-codes: {4001: {description: Gone}}"),
        "correlation-conflict": (
            "fed:\n  correlationId: {location: '$message.payload#/id'}\n"
                + "  payload: {type: object, required: [id, food], properties: {id: {type: string}, food: {type: string}}}\n"
                + "bred:\n  correlationId: {location: '$message.payload#/key'}\n"
                + "  payload: {type: object, required: [key], properties: {key: {type: string}}}",
            "fed:\n  correlationId: {location: '$message.payload#/id'}\n"
                + "  payload: {type: object, required: [id, food], properties: {id: {type: string}, food: {type: string}}}\n"
                + "bred:\n  correlationId: {location: '$message.payload#/id'}\n"
                + "  payload: {type: object, required: [id, age], properties: {id: {type: string}, age: {type: integer}}}"
        ),
        "correlation-missing": (
            "fed: {payload: {type: object, properties: {id: {type: string}}}}   # where a reply answers it",
            "fed: {payload: {type: object, properties: {id: {type: string}}}, correlationId: {location: '$message.payload#/id'}}"
        ),
        "component-renamed": (
            "Pet: {$ref: 'a.yaml#/Pet'}\nCat: {$ref: 'b.yaml#/Pet'}", "Pet: {$ref: 'a.yaml#/Pet'}\nCat: {$ref: 'b.yaml#/Cat'}"
        ),
        "configuration": ("access: private", "access: internal"),
        "default-invalid": ("{type: integer, default: ten}", "{type: integer, default: 10}"),
        "discriminator-mismatch": (
            "oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]\n"
                + "discriminator: {propertyName: kind, mapping: {cow: Dog}}   # where Dog's kind is const: dog",
            "oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]\n"
                + "discriminator: {propertyName: kind, mapping: {dog: Dog}}"
        ),
        "document-too-large": ("a file of more than the bytes that are allowed", "files of its parts, with a $ref to each"),
        "encoding-ignored": (
            "{name: tags, in: query, style: deepObject, schema: {type: array, items: {type: string}}}",
            "{name: tags, in: query, schema: {type: array, items: {type: string}}}"
        ),
        "enum-invalid": ("enum: [red, red]", "enum: [red, green]"),
        "enum-value-type": ("{type: string, enum: [1.0, latest]}", "{type: string, enum: ['1.0', latest]}"),
        "example-invalid": (
            "payload: {type: integer}\nexamples: [{payload: ten}]", "payload: {type: integer}\nexamples: [{payload: 10}]"
        ),
        "field-missing": ("info: {title: Pets}", "info: {title: Pets, version: '1'}"),
        "file-unreadable": ("$ref: 'pets.yml#/Pet'   # where the file is pets.yaml", "$ref: 'pets.yaml#/Pet'"),
        "filter-unmatched": ("filter: {tags: [pest]}", "filter: {tags: [pets]}"),
        "form-type": (
            "application/x-www-form-urlencoded: {schema: {type: array, items: {type: string}}}",
            "application/x-www-form-urlencoded: {schema: {type: object, properties: {names: {type: array, items: {type: string}}}}}"
        ),
        "format-unknown": ("{type: string, format: zip-code}", "{type: string, pattern: '^[0-9]{5}$'}"),
        "header-ignored": (
            "{name: Content-Type, in: header, schema: {type: string}}   # which the keys of `content` say",
            "{name: If-Match, in: header, schema: {type: string}}"
        ),
        "headers-not-carried": (
            "messages: {fed: {headers: {type: object}, payload: {type: string}}}",
            "messages: {fed: {headers: {type: object}, payload: {type: string}}}\nx-message-envelope: {headers: headers, payload: payload}"
        ),
        "link-unusable": ("links: {pet: {operationId: getPest}}", "links: {pet: {operationId: getPet}}"),
        "location-undeclared": (
            "correlationId: {location: '$message.payload#/key'}   # where the payload has an `id`",
            "correlationId: {location: '$message.payload#/id'}"
        ),
        "message-location": ("correlationId: {location: $message.body.id}", "correlationId: {location: '$message.payload#/id'}"),
        "name-unusable": ("names: {listPest: allPets}", "names: {listPets: allPets}"),
        "not-utf-8": ("a file in ISO 8859-1", "the same in UTF-8"),
        "operation-id-missing": (
            "get: {responses: {default: {description: Pets}}}", "get: {operationId: listPets, responses: {default: {description: Pets}}}"
        ),
        "operation-id-unique": (
            "get: {operationId: pets, responses: {default: {description: Pets}}}\npost: {operationId: pets, responses: {default: {description: Done}}}",
            "get: {operationId: pets, responses: {default: {description: Pets}}}\npost: {operationId: addPet, responses: {default: {description: Done}}}"
        ),
        "parameter-style": (
            "{name: id, in: path, required: true, style: form, schema: {type: string}}",
            "{name: id, in: path, required: true, style: simple, schema: {type: string}}"
        ),
        "parameter-type": (
            "{name: filter, in: query, schema: {type: array, items: {type: object}}}",
            "{name: filter, in: query, content: {application/json: {schema: {type: array, items: {type: object}}}}}"
        ),
        "parameter-unique": (
            "- {name: limit, in: query, schema: {type: integer}}\n- {name: limit, in: query, schema: {type: string}}",
            "- {name: limit, in: query, schema: {type: integer}}"
        ),
        "path-parameters": (
            "{name: id, in: path, schema: {type: string}}", "{name: id, in: path, required: true, schema: {type: string}}"
        ),
        "path-template": ("/pets/{id: {}", "/pets/{id}: {}"),
        "path-unique": ("/pets/{id}: {}\n/pets/{name}: {}", "/pets/{id}: {}\n/pets/by-name/{name}: {}"),
        "pattern-invalid": ("pattern: '[a-z'", "pattern: '[a-z]'"),
        "recursive-type": (
            "Node: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Node'}}}",
            "Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}"
        ),
        "reference-cycle": (
            "A: {$ref: '#/components/schemas/B'}\nB: {$ref: '#/components/schemas/A'}",
            "A: {$ref: '#/components/schemas/B'}\nB: {type: string}"
        ),
        "reference-remote": ("$ref: https://example.com/pets.yaml#/Pet", "$ref: 'pets.yaml#/Pet'"),
        "reference-unresolved": ("$ref: '#/components/schemas/Pest'", "$ref: '#/components/schemas/Pet'"),
        "required-undeclared": (
            "{type: object, required: [color], properties: {colour: {type: string}}}",
            "{type: object, required: [color], properties: {color: {type: string}}}"
        ),
        "response-missing": (
            "responses: {'200': {description: Fine}}", "responses: {'200': {description: Fine}, default: {description: A problem}}"
        ),
        "response-status": ("responses: {2xx: {description: Fine}}", "responses: {2XX: {description: Fine}}"),
        "runtime-expression": ("parameters: {id: $response.id}", "parameters: {id: '$response.body#/id'}"),
        "schema-identifier": (
            "Lion: {$id: 'https://example.com/pet', type: string}\nCow: {$id: 'https://example.com/pet', type: integer}\n"
                + "Cub: {$ref: 'https://example.com/pet'}",
            "Lion: {$id: 'https://example.com/lion', type: string}\nCow: {$id: 'https://example.com/cow', type: integer}\n"
                + "Cub: {$ref: 'https://example.com/lion'}"
        ),
        "security-conflict": (
            "one document's `token` is {type: http, scheme: bearer}, another's {type: http, scheme: basic}",
            "two names: `token` and `password`"
        ),
        "security-undeclared": (
            "security: [{petstore: [pets:raed]}]   # where the flows declare pets:read", "security: [{petstore: [pets:read]}]"
        ),
        "server-variable": (
            "url: https://{region}.example.com", "url: https://{region}.example.com\nvariables: {region: {default: eu}}"
        ),
        "sunset-deprecated": ("x-sunset: 2027-01-01", "deprecated: true\nx-sunset: 2027-01-01"),
        "tag-invalid": ("tags: [{name: pets}, {name: pets}]", "tags: [{name: pets}]"),
        "transport-missing": (
            "servers: {bus: {host: localhost, protocol: kafka}}",
            "servers: {web: {host: localhost, protocol: ws}}   # or in codegen.yaml: transports: [kafka]"
        ),
        "type-name-collision": (
            "two documents of a service with different schemas `Pet`",
            "one of them refers to the other's: $ref: 'other.yaml#/components/schemas/Pet'"
        ),
        "type-null": ("type: [string, null]", "type: [string, 'null']"),
        "union-ambiguous": (
            "oneOf: [{type: object, properties: {name: {type: string}}}, {$ref: '#/components/schemas/Dog'}]\ndiscriminator: {propertyName: kind}",
            "oneOf: [{type: object, properties: {kind: {const: cat}}}, {$ref: '#/components/schemas/Dog'}]\ndiscriminator: {propertyName: kind}"
        ),
        "unknown-field": ("{type: object, property: {name: {type: string}}}", "{type: object, properties: {name: {type: string}}}"),
        "unsupported": (
            "what the finding names", "the edit that its help shows, or in codegen.yaml: filter: {exclude: {operations: [theOperation]}}"
        ),
        "untyped-expression": (
            "parameters: {id: [first]}",
            "parameters: {id: '$response.body#/id'}"
        ),
        "version-unsupported": ("swagger: '2.0'", "openapi: 3.1.0"),
        "wrong-type": ("info: {title: Pets, version: 1.0}", "info: {title: Pets, version: '1.0'}"),
        "yaml-syntax": ("info: {title: Pets", "info: {title: Pets}"),
        "yaml-unsupported": (
            "get: &common {responses: {default: {description: Pets}}}\npost:\n  <<: *common",
            "get: {responses: {default: {description: Pets}}}\npost: {responses: {default: {description: Pets}}}"
        ),
    ]
}
