import Datasets
import Foundation

extension RunEvent.Payload {
    /// The word of the key `kind`.
    public var kind: String {
        switch self {
        case .started: "started"
        case .stage: "stage"
        case .progress: "progress"
        case .metric: "metric"
        case .table: "table"
        case .distribution: "distribution"
        case .matrix: "matrix"
        case .weights: "weights"
        case .images: "images"
        case .graph: "graph"
        case .scenes: "scenes"
        case .note: "note"
        case .warning: "warning"
        case .checkpoint: "checkpoint"
        case .artifact: "artifact"
        case .finished: "finished"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .unknown(let kind, _): kind
        }
    }

    /// Writes `kind` and the payload's own keys into an open object.
    func write(to writer: inout JSONWriter) {
        writer.member("kind", kind)
        switch self {
        case .started(let start): start.write(to: &writer)
        case .stage(let stage):
            writer.member("name", stage.name)
            writer.member("index", stage.index)
            writer.member("of", stage.of)
        case .progress(let progress):
            writer.member("done", progress.done)
            writer.member("total", progress.total)
            writer.member("unit", progress.unit)
        case .metric(let batch):
            writer.member("series", batch.series)
            writer.member("unit", batch.unit)
            writer.member("steps", batch.steps)
            writer.member("values", batch.values)
        case .table(let table): table.write(to: &writer)
        case .distribution(let distribution): distribution.write(to: &writer)
        case .matrix(let matrix):
            writer.member("name", matrix.name)
            writer.member("unit", matrix.unit)
            writer.member("rows", matrix.rows)
            writer.member("columns", matrix.columns)
            writer.member("values", matrix.values)
            writer.member("step", matrix.step)
        case .weights(let weights): weights.write(to: &writer)
        case .images(let images): images.write(to: &writer)
        case .graph(let graph): graph.write(to: &writer)
        case .scenes(let scenes): scenes.write(to: &writer)
        case .note(let message), .warning(let message), .failed(let message), .cancelled(let message):
            writer.member("text", message.text)
        case .checkpoint(let mark):
            writer.member("name", mark.name)
            writer.member("bytes", mark.bytes)
        case .artifact(let mark):
            writer.member("name", mark.name)
            writer.member("bytes", mark.bytes)
            writer.member("checksum", mark.checksum)
        case .finished(let summary):
            writer.member("seconds", summary.seconds)
            writer.key("results")
            writer.beginArray()
            for result in summary.results { result.write(to: &writer) }
            writer.endArray()
        case .unknown: break
        }
    }

    /// - Returns: nil for a kind that this version does not know.
    init?(kind: String, _ fields: JSONFields) throws(RunEventError) {
        switch kind {
        case "started": self = .started(try .init(fields))
        case "stage":
            self = .stage(.init(name: try fields.string("name"), index: try fields.integer("index"), of: try fields.integer("of")))
        case "progress":
            self = .progress(.init(done: try fields.double("done"), total: try fields.double("total"), unit: try fields.string("unit")))
        case "metric":
            let steps = try fields.doubles("steps"), values = try fields.doubles("values")
            guard steps.count == values.count else {
                throw RunEventError("there are \(steps.count) steps but \(values.count) values")
            }
            self = .metric(.init(series: try fields.string("series"), unit: try fields.string("unit", default: ""),
                                 steps: steps, values: values))
        case "table": self = .table(try .init(fields))
        case "distribution": self = .distribution(try .init(fields))
        case "matrix":
            let matrix = RunEvent.Matrix(
                name: try fields.string("name"), unit: try fields.string("unit", default: ""), rows: try fields.strings("rows"),
                columns: try fields.strings("columns"), values: try fields.doubles("values"), step: try fields.double("step", default: 0))
            let (cells, overflow) = matrix.rows.count.multipliedReportingOverflow(by: matrix.columns.count)
            guard !overflow, cells == matrix.values.count else {
                throw RunEventError("\(matrix.rows.count) rows and \(matrix.columns.count) columns do not fit \(matrix.values.count) values")
            }
            self = .matrix(matrix)
        case "weights": self = .weights(try .init(fields))
        case "images": self = .images(try .init(fields))
        case "graph": self = .graph(try .init(fields))
        case "scenes": self = .scenes(try .init(fields))
        case "note": self = .note(.init(try fields.string("text")))
        case "warning": self = .warning(.init(try fields.string("text")))
        case "failed": self = .failed(.init(try fields.string("text")))
        case "cancelled": self = .cancelled(.init(try fields.string("text")))
        case "checkpoint": self = .checkpoint(.init(name: try fields.string("name"), bytes: try fields.integer("bytes")))
        case "artifact":
            self = .artifact(.init(name: try fields.string("name"), bytes: try fields.integer("bytes"), checksum: try fields.string("checksum")))
        case "finished":
            self = .finished(.init(results: try fields.array("results").map { json throws(RunEventError) in try .init(JSONFields(json)) },
                                   seconds: try fields.double("seconds", default: 0)))
        default: return nil
        }
    }
}

extension JSONWriter {
    mutating func member(_ key: String, _ values: [String]) {
        self.key(key)
        beginArray()
        for item in values { value(item) }
        endArray()
    }

    mutating func member(_ key: String, _ values: [Int]) {
        self.key(key)
        beginArray()
        for item in values { value(item) }
        endArray()
    }

    /// Reals keep their point, so that a real parameter does not come back as a whole number.
    mutating func value(_ parameter: ParameterValue) {
        switch parameter {
        case .integer(let number): value(number)
        case .real(let number): number.isFinite ? raw(number.description) : value(number)
        case .boolean(let flag): value(flag)
        case .text(let text): value(text)
        }
    }

    mutating func member(_ key: String, _ values: [String: ParameterValue]) {
        self.key(key)
        beginObject()
        for name in values.keys.sorted() {
            guard let item = values[name] else { continue }
            self.key(name)
            value(item)
        }
        endObject()
    }

    /// Texts and numbers stand as they are; a number that JSON lacks is `{"number": "nan"}`, since "nan" is a text.
    mutating func value(_ cell: RunEvent.Table.Cell) {
        switch cell {
        case .text(let text): value(text)
        case .number(let number) where number.isFinite: value(number)
        case .number(let number):
            beginObject()
            member("number", number)
            endObject()
        case .empty: null()
        }
    }
}

extension JSONFields {
    func parameters(_ key: String) throws(RunEventError) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for member in try object(key).json.members ?? [] {
            values[member.key] = switch member.value {
            case .boolean(let flag): .boolean(flag)
            case .integer(let number): .integer(number)
            case .number(let number): .real(number)
            case .text(let text): .text(text)
            default: throw RunEventError("parameter “\(member.key)” is neither a number, a text nor true or false")
            }
        }
        return values
    }

    static func cell(_ json: JSONValue) throws(RunEventError) -> RunEvent.Table.Cell {
        switch json {
        case .null: return .empty
        case .text(let text): return .text(text)
        case .object: return .number(try JSONFields(json).double("number"))
        default:
            guard let number = json.double else { throw RunEventError("a cell is neither a text nor a number") }
            return .number(number)
        }
    }

    func cells(_ key: String) throws(RunEventError) -> [RunEvent.Table.Cell] {
        try array(key).map { json throws(RunEventError) in try Self.cell(json) }
    }
}

extension RunRequest {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("method", method)
        writer.member("dataset", dataset)
        writer.member("plan", plan.rawValue)
        writer.member("seed", seed)
        writer.member("threads", threads)
        writer.member("condition", condition)
        writer.member("values", values)
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        guard let plan = Plan(rawValue: try fields.string("plan")) else {
            throw RunEventError("key “plan” is not one of \(Plan.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let seed = fields.json["seed"]?.uint64 else { throw RunEventError("key “seed” is not a whole number from 0 on") }
        self.init(method: try fields.string("method"), dataset: try fields.string("dataset"), plan: plan, seed: seed,
                  threads: fields.json["threads"] == nil ? 1 : try fields.integer("threads"),
                  condition: try fields.string("condition", default: ""),
                  values: fields.json["values"] == nil ? [:] : try fields.parameters("values"))
    }
}

extension RunEvent.RunStart {
    func write(to writer: inout JSONWriter) {
        writer.key("request")
        writer.beginObject()
        request.writeMembers(to: &writer)
        writer.endObject()
        writer.member("values", values)
        writer.member("datasetChecksum", datasetChecksum)
        writer.member("build", build)
        writer.member("machine", machine)
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        self.init(request: try RunRequest(try fields.object("request")), values: try fields.parameters("values"),
                  datasetChecksum: try fields.string("datasetChecksum", default: ""), build: try fields.string("build", default: ""),
                  machine: try fields.string("machine", default: ""))
    }
}

extension RunEvent.Result {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("arm", arm)
        writer.member("unit", unit)
        writer.member("value", value)
        writer.member("better", better.rawValue)
        if let baseline { writer.member("baseline", baseline) }
        writer.endObject()
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        guard let better = Direction(rawValue: try fields.string("better", default: "neither")) else {
            throw RunEventError("key “better” is not lower, higher or neither")
        }
        self.init(name: try fields.string("name"), arm: try fields.string("arm", default: ""), unit: try fields.string("unit", default: ""),
                  value: try fields.double("value"), better: better, baseline: fields.json["baseline"] == nil ? nil : try fields.string("baseline"))
    }
}

extension RunEvent.Table {
    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.key("columns")
        writer.beginArray()
        for column in columns { column.write(to: &writer) }
        writer.endArray()
        writer.key("rows")
        writer.beginArray()
        for row in rows {
            writer.beginArray()
            for cell in row { writer.value(cell) }
            writer.endArray()
        }
        writer.endArray()
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        let columns = try fields.array("columns").map { json throws(RunEventError) in try Column(JSONFields(json)) }
        let rows = try fields.array("rows").map { row throws(RunEventError) in
            guard let cells = row.elements else { throw RunEventError("a row of key “rows” is not an array") }
            return try cells.map { json throws(RunEventError) in try JSONFields.cell(json) }
        }
        self.init(name: try fields.string("name"), columns: columns, rows: rows)
    }
}

extension RunEvent.Table.Column {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        if !unit.isEmpty { writer.member("unit", unit) }
        if let digits { writer.member("digits", digits) }
        if let better { writer.member("better", better.rawValue) }
        writer.endObject()
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        self.init(try fields.string("name"), unit: try fields.string("unit", default: ""), digits: fields.json["digits"] == nil ? nil : try fields.integer("digits"),
                  better: fields.json["better"] == nil ? nil : RunEvent.Result.Direction(rawValue: try fields.string("better")))
    }
}

extension RunEvent.Distribution {
    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("unit", unit)
        writer.key("groups")
        writer.beginArray()
        for group in groups {
            writer.beginObject()
            writer.member("name", group.name)
            writer.member("values", group.values)
            writer.endObject()
        }
        writer.endArray()
        if let marker { writer.member("marker", marker) }
        writer.member("markerName", markerName)
        writer.member("step", step)
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        let groups = try fields.array("groups").map { json throws(RunEventError) in
            Group(name: try JSONFields(json).string("name"), values: try JSONFields(json).doubles("values"))
        }
        self.init(name: try fields.string("name"), unit: try fields.string("unit", default: ""), groups: groups,
                  marker: try fields.optionalDouble("marker"), markerName: try fields.string("markerName", default: ""),
                  step: try fields.double("step", default: 0))
    }
}

extension RunEvent.ExampleWeights {
    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("unit", unit)
        writer.member("step", step)
        writer.member("identifiers", identifiers)
        writer.member("values", values)
        writer.key("attributes")
        writer.beginArray()
        for attribute in attributes {
            writer.beginObject()
            writer.member("name", attribute.name)
            writer.key("values")
            writer.beginArray()
            for cell in attribute.values { writer.value(cell) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        let identifiers = try fields.integers("identifiers"), values = try fields.doubles("values")
        guard identifiers.count == values.count else {
            throw RunEventError("there are \(identifiers.count) identifiers but \(values.count) values")
        }
        let attributes = try (fields.json["attributes"] == nil ? [] : try fields.array("attributes")).map { json throws(RunEventError) in
            Attribute(name: try JSONFields(json).string("name"), values: try JSONFields(json).cells("values"))
        }
        if let odd = attributes.first(where: { $0.values.count != values.count }) {
            throw RunEventError("attribute “\(odd.name)” has \(odd.values.count) values for \(values.count) examples")
        }
        self.init(name: try fields.string("name"), unit: try fields.string("unit", default: ""), step: try fields.double("step"),
                  identifiers: identifiers, values: values, attributes: attributes)
    }
}

extension RunEvent.ImageSet {
    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.key("items")
        writer.beginArray()
        for item in items {
            writer.beginObject()
            writer.member("identifier", item.identifier)
            writer.member("caption", item.caption)
            if let thumbnail = item.thumbnail {
                writer.member("width", thumbnail.width)
                writer.member("height", thumbnail.height)
                writer.member("channels", thumbnail.channels)
                writer.member("pixels", Data(thumbnail.pixels).base64EncodedString())
            }
            writer.endObject()
        }
        writer.endArray()
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        let items = try fields.array("items").map { json throws(RunEventError) in
            let item = JSONFields(json)
            var thumbnail: Thumbnail?
            if json["pixels"] != nil {
                guard let pixels = Data(base64Encoded: try item.string("pixels")) else { throw RunEventError("key “pixels” is not base64") }
                thumbnail = Thumbnail(width: try item.integer("width"), height: try item.integer("height"),
                                      channels: try item.integer("channels"), pixels: Array(pixels))
                guard thumbnail != nil else { throw RunEventError("an image's \(pixels.count) pixels do not fit its width, height and channels") }
            }
            return Item(identifier: try item.integer("identifier"), caption: try item.string("caption", default: ""), thumbnail: thumbnail)
        }
        self.init(name: try fields.string("name"), items: items)
    }
}

extension RunEvent.GraphSketch {
    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("unit", unit)
        writer.key("nodes")
        writer.beginArray()
        for node in nodes {
            writer.beginObject()
            writer.member("label", node.label)
            writer.member("group", node.group)
            if let value = node.value { writer.member("value", value) }
            if let x = node.x { writer.member("x", x) }
            if let y = node.y { writer.member("y", y) }
            writer.endObject()
        }
        writer.endArray()
        writer.key("edges")
        writer.beginArray()
        for edge in edges {
            writer.beginArray()
            for end in edge { writer.value(end) }
            writer.endArray()
        }
        writer.endArray()
        writer.member("step", step)
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        let nodes = try fields.array("nodes").map { json throws(RunEventError) in
            let node = JSONFields(json)
            return Node(label: try node.string("label", default: ""), group: json["group"] == nil ? 0 : try node.integer("group"),
                        value: try node.optionalDouble("value"), x: try node.optionalDouble("x"), y: try node.optionalDouble("y"))
        }
        let edges = try fields.array("edges").map { json throws(RunEventError) in
            guard let ends = json.elements, ends.count == 2, let from = ends[0].int, let to = ends[1].int,
                  nodes.indices.contains(from), nodes.indices.contains(to) else {
                throw RunEventError("an edge is not a pair of node numbers below \(nodes.count)")
            }
            return [from, to]
        }
        self.init(name: try fields.string("name"), unit: try fields.string("unit", default: ""), nodes: nodes, edges: edges,
                  step: try fields.double("step", default: 0))
    }
}
