/// A dense array as NPY, IDX and safetensors files hold it: a shape and values in row-major order.
public struct NumericArray: Sendable, Equatable {
    /// Values by the type they have in the file; narrow integers other than bytes are widened.
    public enum Values: Sendable, Equatable {
        case uint8([UInt8])
        case int64([Int64])
        case float32([Float])
        case float64([Double])
        case text([String])

        public var count: Int {
            switch self {
            case .uint8(let values): values.count
            case .int64(let values): values.count
            case .float32(let values): values.count
            case .float64(let values): values.count
            case .text(let values): values.count
            }
        }
    }

    public let shape: [Int]
    public let values: Values
    /// The type of the values by NumPy's name, narrow integers by the one that holds them.
    var typeName: String {
        switch values {
        case .uint8: "uint8"
        case .int64: "int64"
        case .float32: "float32"
        case .float64: "float64"
        case .text: "text"
        }
    }

    /// nil when the shape and the number of values do not fit together.
    public init?(shape: [Int], values: Values) {
        guard elementCount(shape) == values.count else { return nil }
        self.shape = shape
        self.values = values
    }

    /// The values as whole numbers, nil when one is not whole, not finite or out of range, or is text.
    public func integers() -> [Int]? {
        switch values {
        case .uint8(let values): return values.map(Int.init)
        case .int64(let values): return values.map(Int.init)
        case .float32(let values): return exact(values.map(Double.init))
        case .float64(let values): return exact(values)
        case .text: return nil
        }
    }

    private func exact(_ values: [Double]) -> [Int]? {
        var result: [Int] = []
        result.reserveCapacity(values.count)
        for value in values {
            guard let whole = Int(exactly: value) else { return nil }
            result.append(whole)
        }
        return result
    }
}
