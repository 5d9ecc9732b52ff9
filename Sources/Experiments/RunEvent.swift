import Datasets

/// One thing that happened in a run. A run is the sequence of its events: live, stored, replayed, imported or in a test.
///
/// The JSON form is one object with the keys `v` (version), `n` (sequence), `t` (time), `kind` and the payload's own keys;
/// `docs/events.md` lists them. Unknown kinds are kept as they came and shown raw.
public struct RunEvent: Sendable, Equatable {
    public static let version = 1

    /// 0, 1, 2, … within the run.
    public var sequence: Int
    /// Seconds since 1970.
    public var time: Double
    public var payload: Payload

    public init(sequence: Int, time: Double, payload: Payload) {
        self.sequence = sequence
        self.time = time
        self.payload = payload
    }

    public enum Payload: Sendable, Equatable {
        case started(RunStart)
        case stage(Stage)
        case progress(Progress)
        case metric(MetricBatch)
        case table(Table)
        case distribution(Distribution)
        case matrix(Matrix)
        case weights(ExampleWeights)
        case images(ImageSet)
        case graph(GraphSketch)
        case scenes(SceneSet)
        case note(Message)
        case warning(Message)
        case checkpoint(CheckpointMark)
        case artifact(ArtifactMark)
        case finished(RunSummary)
        case failed(Message)
        case cancelled(Message)
        /// A kind of a later version: its name and its whole JSON object.
        case unknown(kind: String, json: String)
    }

    public struct RunStart: Sendable, Equatable, Codable {
        public var request: RunRequest
        /// All parameters, defaults included.
        public var values: [String: ParameterValue]
        public var datasetChecksum: String
        public var build: String
        public var machine: String
        public init(request: RunRequest, values: [String: ParameterValue], datasetChecksum: String, build: String, machine: String) {
            self.request = request
            self.values = values
            self.datasetChecksum = datasetChecksum
            self.build = build
            self.machine = machine
        }
    }

    public struct Stage: Sendable, Equatable, Codable {
        public var name: String
        /// 1 … `of`.
        public var index: Int
        public var of: Int
        public init(name: String, index: Int, of: Int) {
            self.name = name
            self.index = index
            self.of = of
        }
    }

    public struct Progress: Sendable, Equatable, Codable {
        public var done: Double
        public var total: Double
        public var unit: String
        public init(done: Double, total: Double, unit: String) {
            self.done = done
            self.total = total
            self.unit = unit
        }
    }

    /// Points of one series. `series` is a path, arm last: "test error/reweighted". A step is a training step, an epoch or
    /// any number that the panel's x axis names; a ROC curve is a series too.
    public struct MetricBatch: Sendable, Equatable, Codable {
        public var series: String
        public var unit: String
        public var steps: [Double]
        public var values: [Double]
        public init(series: String, unit: String = "", steps: [Double], values: [Double]) {
            self.series = series
            self.unit = unit
            self.steps = steps
            self.values = values
        }
    }

    public struct Table: Sendable, Equatable, Codable {
        public enum Cell: Sendable, Equatable, Codable {
            case text(String)
            /// NaN and infinities are kept.
            case number(Double)
            case empty
        }
        public struct Column: Sendable, Equatable, Codable {
            public var name: String
            public var unit: String
            /// Digits after the point; nil: as many as the number needs.
            public var digits: Int?
            /// Which way is better, where a screen should emphasise the best number; nil: none is.
            public var better: Result.Direction?
            public init(_ name: String, unit: String = "", digits: Int? = nil, better: Result.Direction? = nil) {
                self.name = name
                self.unit = unit
                self.digits = digits
                self.better = better
            }
        }
        public var name: String
        public var columns: [Column]
        public var rows: [[Cell]]
        public init(name: String, columns: [Column], rows: [[Cell]]) {
            self.name = name
            self.columns = columns
            self.rows = rows
        }
    }

    /// A sample of numbers, or several to be laid over each other ("clean", "noisy").
    public struct Distribution: Sendable, Equatable, Codable {
        public struct Group: Sendable, Equatable, Codable {
            public var name: String
            public var values: [Double]
            public init(name: String, values: [Double]) {
                self.name = name
                self.values = values
            }
        }
        public var name: String
        public var unit: String
        public var groups: [Group]
        /// A value to mark with a line, such as a threshold.
        public var marker: Double?
        public var markerName: String
        public var step: Double
        public init(name: String, unit: String = "", groups: [Group], marker: Double? = nil, markerName: String = "", step: Double = 0) {
            self.name = name
            self.unit = unit
            self.groups = groups
            self.marker = marker
            self.markerName = markerName
            self.step = step
        }
    }

    /// A labelled heat map, row by row; NaN is a hole.
    public struct Matrix: Sendable, Equatable, Codable {
        public var name: String
        public var unit: String
        public var rows: [String]
        public var columns: [String]
        /// `rows.count * columns.count` numbers.
        public var values: [Double]
        public var step: Double
        public init(name: String, unit: String = "", rows: [String], columns: [String], values: [Double], step: Double = 0) {
            self.name = name
            self.unit = unit
            self.rows = rows
            self.columns = columns
            self.values = values
            self.step = step
        }
    }

    /// A value for each example of the training set, at a step.
    public struct ExampleWeights: Sendable, Equatable, Codable {
        public var name: String
        public var unit: String
        public var step: Double
        public var identifiers: [Int]
        public var values: [Double]
        /// More about each example, one value an example: "label", "predicted", "gradient", "truth".
        public var attributes: [Attribute]
        public struct Attribute: Sendable, Equatable, Codable {
            public var name: String
            public var values: [Table.Cell]
            public init(name: String, values: [Table.Cell]) {
                self.name = name
                self.values = values
            }
        }
        public init(name: String, unit: String = "", step: Double, identifiers: [Int], values: [Double], attributes: [Attribute] = []) {
            self.name = name
            self.unit = unit
            self.step = step
            self.identifiers = identifiers
            self.values = values
            self.attributes = attributes
        }
    }

    /// Pictures or texts of examples, sent once; galleries look them up by identifier. Later sets of a name add to earlier ones.
    public struct ImageSet: Sendable, Equatable, Codable {
        public struct Item: Sendable, Equatable, Codable {
            public var identifier: Int
            public var caption: String
            public var thumbnail: Thumbnail?
            public init(identifier: Int, caption: String, thumbnail: Thumbnail?) {
                self.identifier = identifier
                self.caption = caption
                self.thumbnail = thumbnail
            }
        }
        public var name: String
        public var items: [Item]
        public init(name: String, items: [Item]) {
            self.name = name
            self.items = items
        }
    }

    /// A graph small enough to draw: at most a few thousand nodes.
    public struct GraphSketch: Sendable, Equatable, Codable {
        public struct Node: Sendable, Equatable, Codable {
            public var label: String
            public var group: Int
            public var value: Double?
            /// In the unit square; nil leaves the layout to the screen.
            public var x: Double?
            public var y: Double?
            public init(label: String, group: Int = 0, value: Double? = nil, x: Double? = nil, y: Double? = nil) {
                self.label = label
                self.group = group
                self.value = value
                self.x = x
                self.y = y
            }
        }
        public var name: String
        public var unit: String
        public var nodes: [Node]
        /// Pairs of node numbers.
        public var edges: [[Int]]
        public var step: Double
        public init(name: String, unit: String = "", nodes: [Node], edges: [[Int]], step: Double = 0) {
            self.name = name
            self.unit = unit
            self.nodes = nodes
            self.edges = edges
            self.step = step
        }
    }

    public struct Message: Sendable, Equatable, Codable {
        public var text: String
        public init(_ text: String) { self.text = text }
    }

    /// A checkpoint was written; a resumed run goes on after this event.
    public struct CheckpointMark: Sendable, Equatable, Codable {
        public var name: String
        public var bytes: Int
        public init(name: String, bytes: Int) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// A file that the run leaves was written: a trained generator, a found policy. Its bytes are beside the events.
    public struct ArtifactMark: Sendable, Equatable, Codable {
        public var name: String
        public var bytes: Int
        /// SHA-256 of the bytes, hexadecimal.
        public var checksum: String
        public init(name: String, bytes: Int, checksum: String) {
            self.name = name
            self.bytes = bytes
            self.checksum = checksum
        }
    }

    public struct RunSummary: Sendable, Equatable, Codable {
        public var results: [Result]
        /// Seconds of work, pauses not counted, interrupted parts included.
        public var seconds: Double
        public init(results: [Result], seconds: Double = 0) {
            self.results = results
            self.seconds = seconds
        }
    }

    /// One number that a run found, for one arm. Differences pair up over seeds by (name, arm).
    public struct Result: Sendable, Equatable, Codable, Hashable {
        public enum Direction: String, Sendable, Codable { case lower, higher, neither }
        public var name: String
        public var arm: String
        public var unit: String
        public var value: Double
        /// Which way is better.
        public var better: Direction
        /// The arm that this one has to beat; nil for a baseline itself and where there is nothing to beat. Screens say it
        /// where an arm does not beat its baseline.
        public var baseline: String?
        public init(name: String, arm: String, unit: String = "", value: Double, better: Direction, baseline: String? = nil) {
            self.name = name
            self.arm = arm
            self.unit = unit
            self.value = value
            self.better = better
            self.baseline = baseline
        }
    }
}
