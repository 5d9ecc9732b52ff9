/// A pretrained network's numbers: named tensors, contiguous, in the file's order.
public struct WeightsFile: Dataset {
    /// One tensor, row-major.
    public struct Tensor: Sendable, Equatable {
        public enum Values: Sendable, Equatable {
            case float32([Float])
            /// Counters such as `num_batches_tracked`.
            case int64([Int64])
        }
        public let name: String
        public let shape: [Int]
        public let values: Values
        /// The numbers of a float tensor; nil for integers.
        public var floats: [Float]? {
            if case .float32(let values) = values { return values }
            return nil
        }
        public var count: Int {
            switch values {
            case .float32(let values): values.count
            case .int64(let values): values.count
            }
        }
        public init(name: String, shape: [Int], values: Values) {
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    public let identifier: String
    public let checksum: String
    public let tensors: [Tensor]
    /// Small files that stand beside the weights and belong to them, by their names: an encoder's `config.json` and `vocab.txt`.
    public let companions: [String: [UInt8]]
    private let indices: [String: Int]

    /// - Throws: `DatasetError` when a name comes twice or a shape does not fit its values.
    public init(identifier: String, checksum: String, tensors: [Tensor], companions: [String: [UInt8]] = [:], file: String = "") throws {
        var indices: [String: Int] = [:]
        for (index, tensor) in tensors.enumerated() {
            guard indices.updateValue(index, forKey: tensor.name) == nil else {
                throw DatasetError(file: file.isEmpty ? identifier : file, place: "tensor \(tensor.name)", "stands twice in the file; it is damaged, fetch it again")
            }
            guard elementCount(tensor.shape) == tensor.count else {
                throw DatasetError(file: file.isEmpty ? identifier : file, place: "tensor \(tensor.name)",
                                   "has \(tensor.count) values, which do not fill the shape \(tensor.shape); it is damaged, fetch it again")
            }
        }
        self.identifier = identifier
        self.checksum = checksum
        self.tensors = tensors
        self.companions = companions
        self.indices = indices
    }

    /// The tensor of that name, nil when there is none.
    public subscript(name: String) -> Tensor? { indices[name].map { tensors[$0] } }

    /// The values of a float tensor of a known shape.
    /// - Throws: `DatasetError` when the file has no such tensor, or one of another shape or type.
    public func floats(_ name: String, shape: [Int]) throws -> [Float] {
        guard let tensor = self[name] else {
            throw DatasetError(file: identifier, "has no tensor \(name); is it the right weights file?")
        }
        guard tensor.shape == shape, let values = tensor.floats else {
            throw DatasetError(file: identifier, place: "tensor \(name)", "has shape \(tensor.shape) where \(shape) of Float32 is needed; is it the right weights file?")
        }
        return values
    }

    /// The number of tensors.
    public var count: Int { tensors.count }
    public var memoryBytes: Int { tensors.reduce(0) { $0 + 8 * $1.count } }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let floats = tensors.filter { $0.floats != nil }
        preview.facts = [
            .init("tensors", "\(grouped(tensors.count)), \(grouped(floats.count)) of them Float32"),
            .init("numbers", grouped(tensors.reduce(0) { $0 + $1.count })),
        ] + (companions.isEmpty ? [] : [.init("beside them", companions.keys.sorted().joined(separator: ", "))]) + [
            .init("checksum", checksum),
        ]
        preview.rows = tensors.map { [$0.name, $0.shape.map(String.init).joined(separator: " x "), grouped($0.count), $0.range] }
        preview.columns = ["tensor", "shape", "numbers"].map { .init(name: $0) }
        var values = DatasetPreview.Column(name: "range")
        let step = max(1, floats.reduce(0) { $0 + $1.count } >> 18)
        values.sketch(floats.flatMap { tensor in
            let values = tensor.floats ?? []
            return stride(from: 0, to: values.count, by: step).map { Double(values[$0]) }
        })
        preview.columns.append(values)
        return preview
    }
}

extension WeightsFile.Tensor {
    /// Smallest and largest value in words.
    fileprivate var range: String {
        let ends: (low: Double, high: Double)? = switch values {
        case .float32(let values): values.min().flatMap { low in values.max().map { (Double(low), Double($0)) } }
        case .int64(let values): values.min().flatMap { low in values.max().map { (Double(low), Double($0)) } }
        }
        return ends.map { "\(shortNumber($0.low)) ... \(shortNumber($0.high))" } ?? ""
    }
}
